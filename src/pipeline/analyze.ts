import type { Clock } from '../core/clock.js';
import type { Config } from '../core/config/schema.js';
import { AppError } from '../core/errors.js';
import type { Frame } from '../core/frame.js';
import type { HealthEvent } from '../core/health.js';
import type { CameraId } from '../core/ids.js';
import type { AlertStep } from '../core/incident.js';
import type { Logger } from '../core/log.js';
import { mergeByTime } from '../core/mapOrdered.js';
import type { RoomEntry } from '../core/roomEntry.js';
import type { EventMs } from '../core/time.js';
import { openRecording } from '../ingest/openRecording.js';
import type { HallDetectors } from './hallDetectors.js';
import { hallTracks } from './hallTracks.js';
import { type Confirm, makeJudge } from './judge.js';
import { observeCamera } from './observeCamera.js';
import type { RunningEvaluations } from './runningEvaluations.js';
import type { RuleCoverage } from './subjectTrack.js';

/** A recorded file that plays the part of a camera. */
export interface Recording {
  camera: string;
  path: string;
}

export interface RecordingFacts {
  camera: CameraId;
  file: string;
  /** Looks taken. */
  looks: number;
  durationS: number;
  /** The file broke off before its declared length. */
  truncated: boolean;
}

/** One line of the result, in event-time order; the summary comes last. */
export type Finding =
  | { type: 'alert'; step: AlertStep }
  | { type: 'entry'; entry: RoomEntry }
  | { type: 'health'; event: HealthEvent }
  | { type: 'summary'; start: EventMs; end: EventMs; recordings: RecordingFacts[]; subjects: SubjectSummary[] };

export type SubjectSummary = RuleCoverage & { subject: string };

export interface AnalyzeOptions {
  config: Config;
  recordings: Recording[];
  startAt: EventMs;
  detectors: HallDetectors;
  /** The evaluations of the rooms; without them none is open: persons are counted, and whoever is in a room should not be. */
  evaluations?: Pick<RunningEvaluations, 'running'>;
  /** Looks under way at once, over all recordings. */
  ahead: number;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
}

/**
 * The hall's pipeline over recorded files: the same sources, detectors, rules and alert machine as live, but nothing is
 * dropped and several recordings are merged by event time, so that equal files give equal findings.
 * @throws AppError `usage` for a camera the configuration does not have, `bad-input` for a file that is no video
 */
export async function* analyze(options: AnalyzeOptions): AsyncGenerator<Finding> {
  const { config, recordings, startAt, detectors, clock, log, signal } = options;
  const cameras = recordings.map(({ camera, path }) => {
    const found = config.cameras.find((candidate) => candidate.id === camera);
    if (!found) {
      const known = config.cameras.map((candidate) => candidate.id).join(', ');
      throw new AppError('usage', `--camera ${camera}: not in the configuration`, { hint: `cameras: ${known}` });
    }
    return { path, source: openRecording(found, path, startAt, { clock, log, signal, ingest: config.ingest }) };
  });
  const facts = new Map<CameraId, RecordingFacts>(
    cameras.map(({ path, source: { camera } }) => [
      camera,
      { camera, file: path, looks: 0, durationS: 0, truncated: false },
    ]),
  );
  const entries: RoomEntry[] = [];
  const { evaluations } = options;
  const running = evaluations?.running ?? (() => undefined);
  const sealed = { running, keep: (entry: RoomEntry) => void entries.push(entry) };
  const { all } = hallTracks(config, undefined, sealed);
  const pictures = new Map<CameraId, Frame>();
  const confirm: Confirm = async (track) => {
    const frame = pictures.get(track.cameras[0]!);
    return frame && detectors.confirm(track.subject, frame, signal);
  };
  const judge = makeJudge(all, confirm);
  const ahead = Math.max(1, Math.ceil(options.ahead / cameras.length));
  let end = startAt;

  try {
    const sightings = cameras.map(({ source }) => {
      const own = detectors.detectorsOf(source.camera);
      return observeCamera(source, { detectors: () => own, signal, ahead });
    });
    for await (const sighting of mergeByTime(sightings, (item) => item.at)) {
      const fact = facts.get(sighting.camera)!;
      if (sighting.at > end) end = sighting.at;
      fact.durationS = (sighting.at - startAt) / 1000;
      if (sighting.type === 'look') {
        fact.looks += 1;
        pictures.set(sighting.camera, sighting.frame);
      }
      if (sighting.type === 'end') fact.truncated = sighting.truncated;
      if (sighting.type === 'health') yield { type: 'health', event: sighting.event };
      const { steps } = await judge.feed(sighting);
      for (const entry of entries.splice(0)) yield { type: 'entry', entry };
      for (const step of steps) yield { type: 'alert', step };
    }
  } finally {
    await Promise.all(cameras.map(({ source }) => source.close()));
  }
  const subjects = all.flatMap((track) => track.coverage().map((sum) => ({ subject: track.subject, ...sum })));
  yield { type: 'summary', start: startAt, end, recordings: [...facts.values()], subjects };
}
