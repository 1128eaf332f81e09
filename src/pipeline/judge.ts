import type { CameraId } from '../core/ids.js';
import type { AlertStep } from '../core/incident.js';
import type { Observation } from '../core/observation.js';
import { type EventMs, eventMs, plusMs } from '../core/time.js';
import type { Sighting } from './observeCamera.js';
import type { Expectation, SubjectTrack } from './subjectTrack.js';

/** What a sighting led to. */
export interface Judgement {
  /** Observations to keep, ticks left out. */
  observations: Observation[];
  steps: AlertStep[];
  /** Tracks that heard something. */
  touched: SubjectTrack[];
}

/**
 * A second look at the best resolution there is, asked for when an incident is about to open.
 * Undefined where no picture can be had.
 */
export type Confirm = (track: SubjectTrack, at: EventMs) => Promise<Observation[] | undefined>;

/** Feeds sightings to the tracks of the hall. One judge a pipeline; sightings of one camera come in order. */
export interface Judge {
  readonly tracks: readonly SubjectTrack[];
  feed(sighting: Sighting): Promise<Judgement>;
  /** What no picture gave: sound, a session that was opened, a call of the queue system. Each subject's own in order. */
  hear(observations: readonly Observation[]): Promise<Judgement>;
  /** Instants after `at` and within `aheadMs` of it at which something will be raised for a subject of this camera. */
  due(camera: CameraId, at: EventMs, aheadMs: number): EventMs[];
  /** Somebody filed or ended a standby: the roster is asked anew at the next sighting. */
  rosterChanged(): void;
}

/** Makes the judge over all tracks. */
export function makeJudge(tracks: readonly SubjectTrack[], confirm?: Confirm): Judge {
  const byCamera = new Map<CameraId, SubjectTrack[]>();
  for (const track of tracks) {
    for (const camera of new Set(track.cameras)) byCamera.set(camera, [...(byCamera.get(camera) ?? []), track]);
  }
  const tracksOf = (camera: CameraId): readonly SubjectTrack[] => byCamera.get(camera) ?? [];
  const words = new Map<SubjectTrack, Expectation>();

  /** The roster's word, whenever it changes; before anything else that happens at the same instant. */
  const roster = (track: SubjectTrack, at: EventMs): Observation[] => {
    const known = words.get(track);
    if (known && (known.until === undefined || at < known.until)) return [];
    const word = track.expectedAt(at);
    words.set(track, word);
    if (known?.expected === word.expected && known.reason === word.reason) return [];
    return [{ subject: track.subject, kind: 'expected', at, value: word.expected, reason: word.reason }];
  };

  const judge = async (track: SubjectTrack, observation: Observation): Promise<Omit<Judgement, 'touched'>> => {
    const raise = confirm && track.foresee(observation).find((event) => event.type === 'raise');
    const second = raise ? await confirm(track, raise.at) : undefined;
    // The confirmation counts as seen just before the instant at which the incident would open.
    const confirmed = second?.map((o) => ({ ...o, at: eventMs(raise!.at - 1) })) ?? [];
    const heard = [...confirmed, observation].flatMap((o) => [o, ...(track.derive?.(o) ?? [])]);
    const steps = heard.flatMap((o) => track.feed(o));
    return { observations: heard.filter((o) => o.kind !== 'tick'), steps };
  };

  const add = (result: Judgement, { observations, steps }: Omit<Judgement, 'touched'>): void => {
    result.observations.push(...observations);
    result.steps.push(...steps);
  };

  const toTrack = (track: SubjectTrack, sighting: Sighting): Observation[] => {
    const { at, camera } = sighting;
    const base = { subject: track.subject, at, camera };
    if (sighting.type === 'look') return sighting.observations.filter((o) => o.subject === track.subject);
    if (sighting.type === 'blind') {
      return track.kinds.map((kind) => ({ ...base, kind, value: 'unknown' as const, reason: sighting.reason }));
    }
    // A subject of several cameras takes its time from the first of them.
    return sighting.type === 'tick' && track.cameras[0] === camera ? [{ ...base, kind: 'tick', value: true }] : [];
  };

  return {
    tracks,
    rosterChanged() {
      for (const [track, word] of words) words.set(track, { ...word, until: eventMs(0) });
    },
    due: (camera, at, aheadMs) =>
      tracksOf(camera).flatMap((track) => track.dueBy(plusMs(at, aheadMs)).filter((instant) => instant > at)),
    async hear(observations) {
      const result: Judgement = { observations: [], steps: [], touched: [] };
      for (const observation of observations) {
        for (const track of tracks.filter(({ subject }) => subject === observation.subject)) {
          add(result, await judge(track, observation));
          if (!result.touched.includes(track)) result.touched.push(track);
        }
      }
      return result;
    },
    async feed(sighting) {
      const result: Judgement = { observations: [], steps: [], touched: [] };
      for (const track of tracksOf(sighting.camera)) {
        const own = toTrack(track, sighting);
        if (own.length === 0 && sighting.type !== 'end') continue;
        for (const observation of [...roster(track, sighting.at), ...own]) {
          add(result, await judge(track, observation));
        }
        if (sighting.type === 'end') result.steps.push(...track.end(sighting.at));
        result.touched.push(track);
      }
      return result;
    },
  };
}
