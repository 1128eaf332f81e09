import type { Detector } from '../../core/detector.js';
import type { Frame } from '../../core/frame.js';
import {
  type Box,
  boundsOf,
  boxCentre,
  boxHeight,
  boxWidth,
  clampBox,
  containsPoint,
  intersectionArea,
} from '../../core/geometry.js';
import { cameraId, subjectId } from '../../core/ids.js';
import type { Observation } from '../../core/observation.js';
import { type EventMs, eventMs } from '../../core/time.js';
import { grayPlane } from '../desk/plane.js';
import type { FaceFinder } from '../detectImage.js';
import type { DetectedObject, ObjectFinder } from '../persons/detectObjects.js';
import { assignToZones } from '../persons/zones.js';
import type { WatchedWindow } from '../windowDetector.js';

/** What is looked for at the staff side of windows beside presence. Each is optional; every one costs a look of its own. */
export interface StaffWatchOptions {
  /** Camera id. */
  camera: string;
  windows: readonly WatchedWindow[];
  minScore: number;
  /** Counts smiles of staff: how often, ms of event time. */
  smile?: { every: number; find: FaceFinder };
  /** Phones at the hands of staff, and heads that are down and still. */
  posture?: { every: number; find: ObjectFinder; phone: boolean; asleep: boolean };
}

/**
 * Slow looks at the staff zones of one camera: `smile` (true, false, or unknown where no face can be judged), `phone` (a
 * phone at the hands of staff) and `asleep` (head down and still). Citizens' faces are never looked at.
 */
export function staffWatch(options: StaffWatchOptions): Detector {
  const windows = options.windows.filter((window) => window.camera === options.camera && window.staffZone.length > 0);
  const due = new Map<string, EventMs>();
  const seats = new Map(
    windows.map(({ id }) => [id, { heights: [] as number[], last: undefined as Float32Array | undefined }]),
  );
  const isDue = (what: string, at: EventMs, every: number): boolean => {
    const next = due.get(what);
    if (next !== undefined && at < next && next - at <= every) return false;
    due.set(what, eventMs(at + every));
    return true;
  };
  const look = async (frame: Frame, signal: AbortSignal): Promise<Observation[]> => {
    const { smile, posture } = options;
    const found: Observation[] = [];
    if (smile && isDue('smile', frame.at, smile.every))
      found.push(...(await smiles(frame, windows, smile.find, signal)));
    if (posture && isDue('posture', frame.at, posture.every)) {
      const objects = await posture.find(frame, { minScore: 0.2, labels: ['person', 'cell phone'] }, signal);
      found.push(...postures(frame, objects, { windows, seats, ...posture, minScore: options.minScore }));
    }
    return found;
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    kind: 'staff-watch',
    observe(frame, signal) {
      // A seat is compared with the look before, so looks under way at once take their turns; a failure is its caller's.
      const turn = last.then(() => look(frame, signal));
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

const base = (window: WatchedWindow, kind: string, { at }: Frame) => ({
  subject: subjectId(window.id),
  kind,
  at,
  camera: cameraId(window.camera),
});

/** A smile counts from this value on; see `detectors/smile`. */
const SMILES = 0.5;

async function smiles(
  frame: Frame,
  windows: readonly WatchedWindow[],
  find: FaceFinder,
  signal: AbortSignal,
): Promise<Observation[]> {
  const faces = await find(frame, { smile: true, embeddings: false }, signal);
  return windows.map((window): Observation => {
    const own = faces.filter(({ box }) => containsPoint(window.staffZone, boxCentre(box)));
    const judged = own.map(({ smile }) => smile).filter((value) => typeof value === 'number');
    if (judged.length === 0) {
      return { ...base(window, 'smile', frame), value: 'unknown', reason: own.length > 0 ? 'face-unclear' : 'no-face' };
    }
    return { ...base(window, 'smile', frame), value: Math.max(...judged) >= SMILES, score: Math.max(...judged) };
  });
}

interface Seat {
  /** Heights of the person's box at this seat, newest last, fractions of the picture. */
  heights: number[];
  last: Float32Array | undefined;
}

interface PostureFacts {
  windows: readonly WatchedWindow[];
  seats: ReadonlyMap<string, Seat>;
  phone: boolean;
  asleep: boolean;
  minScore: number;
}

const PHONE_SCORE = 0.3;

function postures(frame: Frame, objects: readonly DetectedObject[], facts: PostureFacts): Observation[] {
  const zones = facts.windows.map(({ id, staffZone }) => ({ id, side: 'staff' as const, polygon: staffZone }));
  const persons = objects.filter(({ label, score }) => label === 'person' && score >= facts.minScore);
  const assigned = assignToZones(persons, zones);
  return facts.windows.flatMap((window) => {
    const [person] = assigned.get(window.id)!;
    const phone = facts.phone ? [phoneOf(frame, window, { person, objects })] : [];
    const asleep = facts.asleep ? [asleepOf(frame, window, { person, seat: facts.seats.get(window.id)! })] : [];
    return [...phone, ...asleep];
  });
}

/** A phone counts where it lies in the middle half of a person's box: held, not put down beside. */
function phoneOf(
  frame: Frame,
  window: WatchedWindow,
  { person, objects }: { person: DetectedObject | undefined; objects: readonly DetectedObject[] },
): Observation {
  if (!person) return { ...base(window, 'phone', frame), value: false };
  const [x, y] = [boxWidth(person.box) * 0.15, boxHeight(person.box) * 0.2];
  const hands: Box = [person.box[0] + x, person.box[1] + y, person.box[2] - x, person.box[3]];
  const held = objects.filter(
    ({ label, score, box }) =>
      label === 'cell phone' &&
      score >= PHONE_SCORE &&
      intersectionArea(box, hands) > 0.6 * boxWidth(box) * boxHeight(box),
  );
  const boxes = held.map(({ box, label, score }) => ({ box, label, score }));
  return { ...base(window, 'phone', frame), value: held.length > 0, boxes };
}

/** Looks that say how high a person sits here, and how much lower than that a head is down. */
const HEIGHTS = 60;
const FEWEST_HEIGHTS = 12;
const DOWN = 0.8;
const SMALL = { width: 24, height: 24 };
/** Mean change of the seat between two looks, gray levels, under which nobody moved. */
const STILL_LEVELS = 2.5;

function asleepOf(
  frame: Frame,
  window: WatchedWindow,
  { person, seat }: { person: DetectedObject | undefined; seat: Seat },
): Observation {
  const region = clampBox(boundsOf(window.staffZone));
  const { gray } = grayPlane(frame, region, SMALL);
  const { last } = seat;
  seat.last = gray;
  if (!person) return { ...base(window, 'asleep', frame), value: false };
  const height = boxHeight(person.box);
  const usual = [...seat.heights].sort((a, b) => a - b)[Math.floor(seat.heights.length * 0.75)];
  const down = usual !== undefined && height <= usual * DOWN;
  if (!down) seat.heights = [...seat.heights, height].slice(-HEIGHTS);
  if (seat.heights.length < FEWEST_HEIGHTS || !last)
    return { ...base(window, 'asleep', frame), value: 'unknown', reason: 'learning' };
  const change = gray.reduce((sum, value, i) => sum + Math.abs(value - last[i]!), 0) / gray.length;
  return { ...base(window, 'asleep', frame), value: down && change < STILL_LEVELS, boxes: [{ ...person }] };
}
