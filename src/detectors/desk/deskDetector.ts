import type { Detector } from '../../core/detector.js';
import type { Frame } from '../../core/frame.js';
import type { Polygon } from '../../core/geometry.js';
import { cameraId, subjectId } from '../../core/ids.js';
import type { LabelledBox, Observation } from '../../core/observation.js';
import type { RuleDetail } from '../../core/rule.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { ObjectFinder } from '../persons/detectObjects.js';
import type { DeskVerdict } from './deskVerdict.js';
import { lookAtDesk } from './lookAtDesk.js';
import { grayPlane } from './plane.js';
import type { DeskReference } from './references.js';
import type { DeskStandard } from './standard.js';
import { type DeskZone, deskZone } from './zone.js';

/** A desk as it is watched. */
export interface WatchedDesk {
  /** Window id. */
  id: string;
  camera: string;
  deskZone: Polygon;
  /** 0-1. */
  coveredShare: number;
  quietFor: number;
  lookEvery: number;
}

/** What a desk is judged by; asked at each look, so that a new reference counts at once. */
export interface DeskSource {
  standardOf(window: string): DeskStandard;
  referencesOf(window: string): readonly DeskReference[];
  /** Told of each look that saw the desk, with its picture: for collecting references. */
  looked?(window: string, frame: Frame, seen: DeskVerdict): void;
}

export interface DeskDetectorOptions {
  /** Camera id. */
  camera: string;
  /** Those of other cameras, and those without a desk zone, are left out. */
  desks: readonly WatchedDesk[];
  source: DeskSource;
  /** `stillFinder(pool)`. */
  find: ObjectFinder;
}

interface Watch {
  desk: WatchedDesk;
  zone: DeskZone;
  /** The desk as it was at the last picture, small. */
  last: Float32Array | undefined;
  movedAt: EventMs;
  /** No look before this instant. */
  dueAt: EventMs;
  /** Said that it moves since the last look. */
  toldMoving: boolean;
}

const SMALL = { width: 32, height: 20 };
/** Something moves where this many of the small picture's cells change by this many gray levels more than all of it does. */
const MOVED_CELLS = 10;
const MOVED_LEVELS = 10;

/**
 * Looks at the desks of one camera every `lookEvery`, once nothing has moved over them for `quietFor`. In between it costs a
 * comparison of 640 gray values a picture. One `desk` observation a look: true is disorder; unknown with the reason
 * `moving`, `covered`, `moved` or `dark`.
 */
export function deskDetector({ camera, desks, source, find }: DeskDetectorOptions): Detector {
  const watches = desks
    .filter((desk) => desk.camera === camera && desk.deskZone.length > 0)
    .map((desk): Watch => {
      const never = eventMs(Number.NEGATIVE_INFINITY);
      return { desk, zone: deskZone(desk.deskZone), last: undefined, movedAt: never, dueAt: never, toldMoving: false };
    });
  return {
    kind: 'desk',
    async observe(frame, signal) {
      // Each decides what to do before anything is waited for, so that looks under way at once change nothing.
      const seen = await Promise.all(watches.map((watch) => lookAt(watch, frame, { source, find, signal })));
      return seen.filter((observation) => observation !== undefined);
    },
  };
}

interface LookDeps extends Pick<DeskDetectorOptions, 'source' | 'find'> {
  signal: AbortSignal;
}

async function lookAt(
  watch: Watch,
  frame: Frame,
  { source, find, signal }: LookDeps,
): Promise<Observation | undefined> {
  const { desk, zone } = watch;
  if (moves(watch, frame)) watch.movedAt = frame.at;
  // A clock that stepped back must not silence the desk.
  if (frame.at < watch.dueAt && watch.dueAt - frame.at <= desk.lookEvery) return undefined;
  const base = { subject: subjectId(desk.id), kind: 'desk' as const, at: frame.at, camera: cameraId(desk.camera) };
  if (frame.at - watch.movedAt < desk.quietFor && frame.at >= watch.movedAt) {
    if (watch.toldMoving) return undefined;
    watch.toldMoving = true;
    return { ...base, value: 'unknown', reason: 'moving' };
  }
  watch.dueAt = eventMs(frame.at + desk.lookEvery);
  watch.toldMoving = false;
  const [standard, references] = [source.standardOf(desk.id), source.referencesOf(desk.id)];
  const { coveredShare } = desk;
  const seen = await lookAtDesk(frame, { zone, standard, references, find, coveredShare }, signal);
  source.looked?.(desk.id, frame, seen);
  return observationOf(seen, standard, base);
}

function observationOf(
  seen: DeskVerdict,
  standard: DeskStandard,
  base: Pick<Observation, 'subject' | 'kind' | 'at' | 'camera'>,
): Observation {
  const { verdict, why, reasons } = seen;
  const facts = factsOf(seen, standard);
  if (verdict === 'unknown') return { ...base, value: 'unknown', reason: why ?? 'unknown', facts };
  const boxes: LabelledBox[] = reasons.flatMap(({ box, label, score = 1 }) => (box ? [{ box, label, score }] : []));
  return { ...base, value: verdict === 'disorder', boxes, facts };
}

/** What an incident keeps of a look. */
function factsOf({ reasons, clutter, references, covered }: DeskVerdict, { version }: DeskStandard): RuleDetail {
  const named = (kind: string): string[] => [
    ...new Set(reasons.filter((reason) => reason.kind === kind).map(({ label }) => label)),
  ];
  const areas = reasons.filter(({ kind }) => kind === 'difference').map(({ area = 0 }) => area);
  return {
    items: named('item'),
    missing: named('missing'),
    difference_percent: areas,
    clutter,
    references,
    covered_percent: Math.round(covered * 1000) / 10,
    standard_version: version,
  };
}

/** Whether something moved over the desk since the last picture; a change of the light moves all of it alike. */
function moves(watch: Watch, frame: Frame): boolean {
  const { gray } = smallDesk(frame, watch.zone);
  const { last } = watch;
  watch.last = gray;
  if (!last) return false;
  const changes = gray.map((value, i) => value - last[i]!);
  const common = Float32Array.from(changes).sort()[changes.length >> 1]!;
  return changes.filter((change) => Math.abs(change - common) > MOVED_LEVELS).length >= MOVED_CELLS;
}

const GRAY = { width: 160, height: 90 };

/** From the small gray picture where the camera gave one, so that no pixels are converted for it. */
function smallDesk(frame: Frame, { bounds }: DeskZone) {
  if (!frame.gray) return grayPlane(frame, bounds, SMALL);
  const { width, height } = GRAY;
  const [x1, y1] = [Math.floor(bounds[0] * width), Math.floor(bounds[1] * height)];
  const [x2, y2] = [Math.max(x1 + 1, Math.ceil(bounds[2] * width)), Math.max(y1 + 1, Math.ceil(bounds[3] * height))];
  const gray = new Float32Array(SMALL.width * SMALL.height);
  for (let y = 0; y < SMALL.height; y++) {
    const row = y1 + Math.floor(((y2 - y1) * y) / SMALL.height);
    for (let x = 0; x < SMALL.width; x++) {
      gray[y * SMALL.width + x] = frame.gray[row * width + x1 + Math.floor(((x2 - x1) * x) / SMALL.width)]!;
    }
  }
  return { ...SMALL, gray };
}
