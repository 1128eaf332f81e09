import { parseDuration } from '../../core/duration.js';
import { AppError } from '../../core/errors.js';
import type { Look } from './art/people.js';

/** `from` and `to` of the loop, written like durations: `['30s', '20m30s']`. Ends are exclusive. */
export type Span = readonly [from: string, to: string];

/** One window of a hall scene, as its clerk, its citizens and its desk behave in a loop. */
export interface WindowScript {
  /** What the sign above the window says; also the window's id in the simulated hall. */
  id: string;
  clerk: Look;
  away: readonly Span[];
  citizens: ReadonlyArray<{ look: Look; spans: readonly Span[] }>;
  cup: readonly Span[];
  /** Beside the clerk instead of before. */
  cupAside?: boolean;
  bag: readonly Span[];
  /** Papers that citizen and clerk work on. */
  papers?: readonly Span[];
}

/** Somebody of an evaluation room: at a seat (0 to 2, from the left) or at the door. */
export interface RoomPerson {
  look: Look;
  place: 0 | 1 | 2 | 'door';
  spans: readonly Span[];
}

interface SceneBase {
  name: string;
  /** The loop's length. */
  loop: string;
  /** When something covers the lens: nobody can know anything then. */
  covered: readonly Span[];
}

/** What the light of a hall does in a loop. */
export interface LightScript {
  /** Levels of daylight at instants of the loop, 1 is full; between them it changes evenly. */
  daylight?: ReadonlyArray<readonly [at: string, level: number]>;
  /** Everything is dark. */
  night?: readonly Span[];
  /** Lamps: where they shine, how wide (fractions of the picture) and how much they add to the light. */
  lamps?: ReadonlyArray<{ x: number; y: number; reach: number; strength: number; spans: readonly Span[] }>;
  /** A shadow crosses the picture once in each span. */
  shadows?: readonly Span[];
}

export interface HallScene extends SceneBase {
  kind: 'hall';
  light?: LightScript;
  /** The camera stands pushed aside, by so many pixels of a picture 640 wide. */
  pushed?: { pixels: number; spans: readonly Span[] };
  /** Exactly three, from the left. */
  windows: readonly [WindowScript, WindowScript, WindowScript];
}

/** A sentence said in a room: when it begins in the loop, and which line of `voice/lines.json`. */
export interface SpokenLine {
  at: string;
  line: string;
}

export interface RoomScene extends SceneBase {
  kind: 'room';
  room: string;
  speech: readonly SpokenLine[];
  persons: readonly RoomPerson[];
}

/** A scene as data: what happens when, and so what is true when. */
export type Scene = HallScene | RoomScene;

export interface WindowTruth {
  id: string;
  staff: number;
  citizens: number;
  cup: boolean;
  bag: boolean;
}

/** What is so in a scene at an instant. `visible` is false while the lens is covered: an observer must say unknown. */
export interface SceneTruth {
  visible: boolean;
  windows: WindowTruth[];
  room: { id: string; persons: number } | undefined;
}

/** Length of a scene's loop, milliseconds. */
export const loopMs = (scene: Scene): number => parseDuration(scene.loop);

/**
 * True inside one of the spans.
 * @throws AppError `bad-input` for a span that ends before it begins
 */
export function during(spans: readonly Span[], offsetMs: number): boolean {
  return spans.some(([from, to]) => {
    const [begin, end] = [parseDuration(from), parseDuration(to)];
    if (begin >= end) throw new AppError('bad-input', `scene span ${from} to ${to}: it ends before it begins`);
    return offsetMs >= begin && offsetMs < end;
  });
}

/** Place in the loop for any number of milliseconds since its beginning, also a negative one. */
export function loopOffset(scene: Scene, sinceMs: number): number {
  const length = loopMs(scene);
  return ((sinceMs % length) + length) % length;
}

/** What the script says of the instant `offsetMs` into the loop. */
export function sceneTruth(scene: Scene, offsetMs: number): SceneTruth {
  const at = loopOffset(scene, offsetMs);
  return {
    visible: !during(scene.covered, at),
    windows: scene.kind === 'hall' ? scene.windows.map((window) => windowTruth(window, at)) : [],
    room:
      scene.kind === 'room'
        ? { id: scene.room, persons: scene.persons.filter((person) => during(person.spans, at)).length }
        : undefined,
  };
}

function windowTruth(window: WindowScript, at: number): WindowTruth {
  return {
    id: window.id,
    staff: during(window.away, at) ? 0 : 1,
    citizens: window.citizens.filter((citizen) => during(citizen.spans, at)).length,
    cup: during(window.cup, at),
    bag: during(window.bag, at),
  };
}
