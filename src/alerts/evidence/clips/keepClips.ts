import type { Clock } from '../../../core/clock.js';
import { messageOf } from '../../../core/errors.js';
import { canonicalJson, sha256 } from '../../../core/hash.js';
import type { AlertStep } from '../../../core/incident.js';
import type { Logger } from '../../../core/log.js';
import type { RecordingGap, RecordingLibrary } from '../../../core/recording.js';
import { type EventMs, isoOf, plusMs } from '../../../core/time.js';
import type { ClipRecord } from '../../ledger/clips.js';
import type { Ledger } from '../../ledger/openLedger.js';
import type { EvidenceFile, EvidenceStore } from '../evidenceStore.js';
import { type JoinedClip, joinClip } from './joinClip.js';
import { type ClipParameters, clipSpan } from './planClip.js';

export interface ClipKeeperOptions {
  ledger: Pick<Ledger, 'clips' | 'snapshots'>;
  evidence: EvidenceStore;
  library: RecordingLibrary;
  parameters: ClipParameters;
  clock: Clock;
  log: Logger;
  /** Told of each file that was kept, once the ledger lists it. */
  onFile(file: KeptFile): void;
}

/** A file of evidence with what its manifest entry says. */
export interface KeptFile extends Omit<EvidenceFile, 'kind'> {
  /** As the ledger calls it: `plain`, `boxed`, `facts`, `clip`, `clip-facts`, `record`, `sound`, ... */
  kind: string;
  incident: string;
  ordinal: number;
  camera: string | undefined;
  start: EventMs;
  end: EventMs;
}

export interface ClipKeeper {
  /** Notes what a step that was just committed is owed. Never throws. */
  plan(step: AlertStep): void;
  /** Cuts the clips whose span is on the disk, and those that waited long enough. `now` is event time. */
  beat(now: EventMs): Promise<void>;
}

/** How long a recording is waited for beyond the end of a clip: event time, and real time beside it. */
const PATIENCE_MS = 15_000;
const REAL_PATIENCE_MS = 5000;
/** A clip may begin or end this much inside what was asked for and still be complete. */
const TOLERANCE_MS = 1500;

/** Keeps the clips of alerts. What is owed stands in the ledger, so that a restart cuts what a crash left uncut. */
export function clipKeeper(options: ClipKeeperOptions): ClipKeeper {
  const { ledger, library, clock, log, parameters } = options;
  const noticedAt = new Map<string, number>();
  let running: Promise<void> | undefined;

  const isReady = (clip: ClipRecord, now: EventMs): boolean => {
    const reached = library.reached(clip.camera);
    if (reached !== undefined && reached >= clip.to) return true;
    if (now < plusMs(clip.to, PATIENCE_MS)) return false;
    const key = `${clip.incident}/${clip.ordinal}`;
    const since = noticedAt.get(key) ?? clock.monotonicMs();
    noticedAt.set(key, since);
    return clock.monotonicMs() - since >= REAL_PATIENCE_MS;
  };

  const cutReady = async (now: EventMs): Promise<void> => {
    for (const clip of ledger.clips.waiting()) {
      if (!isReady(clip, now)) continue;
      noticedAt.delete(`${clip.incident}/${clip.ordinal}`);
      try {
        keep(clip, options);
      } catch (error) {
        // It stays owed: a full disk has room again some day, and the ring still holds the span for a while.
        log.warn({ incident: clip.incident, error: messageOf(error) }, 'clip could not be kept');
      }
      // Hundreds may be owed after a restart; the hall goes on in between.
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  };

  return {
    plan(step) {
      const span = clipSpan(step, parameters);
      if (!span || step.camera === undefined) return;
      try {
        ledger.clips.plan({ incident: step.id, ordinal: step.ordinal, camera: step.camera, ...span });
      } catch (error) {
        log.warn({ incident: step.id, error: messageOf(error) }, 'clip could not be planned');
      }
    },
    beat(now) {
      running ??= cutReady(now).finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}

/** Cuts one clip and writes down what became of it. */
function keep(clip: ClipRecord, { ledger, evidence, library, onFile }: ClipKeeperOptions): void {
  const { incident, ordinal, camera, from, to } = clip;
  const files = library.files(camera, from, to);
  // One file more before it: its last key frame may be the one that the span begins after.
  const earlier = library.files(camera, plusMs(from, -20_000), from);
  const wanted = [...new Map([...earlier, ...files].map((file) => [file.path, file])).values()];
  const sources = wanted.map(({ path, start }) => ({ path, start, bytes: library.read(path) }));
  const joined = joinClip(sources, from, to);
  const gaps = library.gaps(camera, from, to);
  if (!joined) {
    ledger.clips.settle(incident, ordinal, { state: 'missing', note: causesOf(gaps) || 'not-recorded' });
    return;
  }
  const note = flawsOf(joined, clip, gaps);
  const clipFile = evidence.saveFile({ incident, ordinal, kind: 'clip', at: from, bytes: joined.bytes });
  const facts = Buffer.from(`${canonicalJson(factsOf(clip, joined, { gaps, note }))}\n`);
  const factsFile = evidence.saveFile({ incident, ordinal, kind: 'clip-facts', at: from, bytes: facts });
  for (const file of [clipFile, factsFile]) {
    ledger.snapshots.add({ incident, ordinal, camera, at: joined.start, ...file });
    onFile({ ...file, incident, ordinal, camera, start: joined.start, end: joined.end });
  }
  ledger.clips.settle(incident, ordinal, { state: note === '' ? 'complete' : 'incomplete', note });
}

function flawsOf(joined: JoinedClip, { from, to }: ClipRecord, gaps: readonly RecordingGap[]): string {
  const flaws = [
    ...(joined.start > plusMs(from, TOLERANCE_MS) ? ['begins-late'] : []),
    ...(joined.end < plusMs(to, -TOLERANCE_MS) ? ['ends-early'] : []),
    ...(joined.holes.length > 0 ? ['has-gaps'] : []),
  ];
  if (flaws.length === 0) return '';
  return [...flaws, ...(gaps.length > 0 ? [causesOf(gaps)] : [])].join(', ');
}

const causesOf = (gaps: readonly RecordingGap[]): string => [...new Set(gaps.map(({ cause }) => cause))].join(', ');

function factsOf(clip: ClipRecord, joined: JoinedClip, more: { gaps: readonly RecordingGap[]; note: string }) {
  return {
    schema: 1,
    incident: clip.incident,
    ordinal: clip.ordinal,
    camera: clip.camera,
    wanted: { from: isoOf(clip.from), to: isoOf(clip.to) },
    start: isoOf(joined.start),
    end: isoOf(joined.end),
    complete: more.note === '',
    note: more.note,
    holes: joined.holes.map(({ from, to }) => ({ from: isoOf(from), to: isoOf(to) })),
    gaps: more.gaps.map(({ from, to, cause }) => ({ from: isoOf(from), to: isoOf(to), cause })),
    sources: joined.sources,
    video: joined.video,
    sha256: sha256(joined.bytes),
    bytes: joined.bytes.length,
  };
}
