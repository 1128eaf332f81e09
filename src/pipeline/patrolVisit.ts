import type { PatrolVisit, VisitFacts } from '../alerts/ledger/patrolVisits.js';
import type { PatrolTask } from '../alerts/patrol/patrolPlan.js';
import { type Clock, sleep } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { Frame } from '../core/frame.js';
import type { CameraFinding } from '../core/health.js';
import { type CameraId, cameraId } from '../core/ids.js';
import { type EventMs, isoOf } from '../core/time.js';
import type { DetectedObject } from '../detectors/persons/detectObjects.js';
import type { HashedFiles } from './hashedFiles.js';

/** What a visit needs of the hall. */
export interface VisitDeps {
  clock: Clock;
  /** Newest picture of a camera. */
  picture(camera: CameraId): Frame | undefined;
  /** Turns a camera to a preset, by its name or token. @throws AppError as ONVIF does, `not-found` without such a preset */
  turn(camera: CameraId, preset: string, signal: AbortSignal): Promise<void>;
  /** One thorough look. */
  look(frame: Frame, signal: AbortSignal): Promise<DetectedObject[]>;
  findings(camera: CameraId): Iterable<CameraFinding>;
  /** The picture as JPEG. */
  encode(frame: Frame): Promise<Uint8Array>;
  files: HashedFiles;
}

const POLL_MS = 500;
/** A camera that gives no new picture in this long is not visited. */
const PICTURES_WITHIN_MS = 45_000;

/**
 * Visits one point: turns the camera where it can turn, waits until it stands still, keeps pictures that were captured
 * after that, and looks once at the last. @throws AppError where the camera does not turn or gives no new picture
 */
export async function visitPoint(
  { round, point }: PatrolTask,
  deps: VisitDeps,
  signal: AbortSignal,
): Promise<PatrolVisit> {
  const camera = cameraId(point.camera);
  const before = deps.picture(camera)?.at;
  if (point.preset !== undefined) {
    await deps.turn(camera, point.preset, signal);
    await sleep(deps.clock, round.plan.settle, signal);
  }
  // After a turn the picture that was newest before it shows another place, and so may the next few.
  const after = point.preset === undefined ? undefined : (deps.picture(camera)?.at ?? before);
  const frames = await freshFrames(camera, { after, count: point.snapshots }, deps, signal);
  const last = frames.at(-1)!;
  const counts: Record<string, number> = {};
  for (const { label } of await deps.look(last, signal)) counts[label] = (counts[label] ?? 0) + 1;
  const place = `${round.plan.id}/${isoOf(round.begin).replaceAll(/[:.]/g, '-')}`;
  const snapshots = await saveAll(frames, `${place}/${point.id}`, deps);
  const facts: VisitFacts = {
    ...{ name: point.name, camera, snapshots, counts, findings: [...deps.findings(camera)] },
    ...(point.preset === undefined ? {} : { preset: point.preset }),
  };
  return { plan: round.plan.id, round: round.begin, point: point.id, state: 'done', at: last.at, facts };
}

/** All pictures of a visit or none: what a full disk took half of would be listed nowhere, and the visit is tried again. */
async function saveAll(
  frames: readonly Frame[],
  place: string,
  { files, encode }: VisitDeps,
): Promise<VisitFacts['snapshots']> {
  const saved: VisitFacts['snapshots'] = [];
  try {
    for (const frame of frames) saved.push({ ...files.save(place, await encode(frame)), at: frame.at });
  } catch (error) {
    for (const { path } of saved) files.remove(path);
    throw error;
  }
  return saved;
}

interface Wanted {
  /** Only pictures captured later. */
  after: EventMs | undefined;
  count: number;
}

async function freshFrames(
  camera: CameraId,
  { after, count }: Wanted,
  { clock, picture }: VisitDeps,
  signal: AbortSignal,
): Promise<Frame[]> {
  const frames: Frame[] = [];
  const until = clock.monotonicMs() + PICTURES_WITHIN_MS;
  while (!signal.aborted && clock.monotonicMs() < until) {
    const frame = picture(camera);
    if (frame && frame.at > (frames.at(-1)?.at ?? after ?? Number.NEGATIVE_INFINITY)) frames.push(frame);
    if (frames.length >= count) return frames;
    await sleep(clock, POLL_MS, signal);
  }
  if (signal.aborted) throw new AppError('cancelled', `patrol of ${camera}: stopped`);
  if (frames.length > 0) return frames;
  throw new AppError('timeout', `patrol of ${camera}: no new picture in ${PICTURES_WITHIN_MS} ms`, { retryable: true });
}
