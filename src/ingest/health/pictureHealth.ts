import type { CameraFinding } from '../../core/health.js';
import type { EventMs } from '../../core/time.js';
import type { Truth } from '../../core/truth.js';
import { isCovered, isDark, isOutOfFocus } from './blinded.js';
import { type FrozenState, freshFrozen, stepFrozen } from './frozen.js';
import { type Latch, type LatchTimes, openLatch, stepLatch } from './latch.js';
import { freshMoved, lookForMove, type MovedState } from './moved.js';
import { measure, type PictureFacts } from './picture.js';
import { follow, isView, type Learning, learn, type View } from './view.js';

/** The findings that a picture alone can give. */
export type PictureFinding = Extract<CameraFinding, 'frozen' | 'dark' | 'covered' | 'out-of-focus' | 'moved'>;

export interface HealthChange {
  finding: PictureFinding;
  state: 'raised' | 'cleared';
  detail?: string;
}

export interface PictureHealthOptions {
  /** An unchanged picture is called frozen within this time, ms. At least 9000. */
  frozenAfterMs: number;
  /** Whether a moved camera is reported: no for one that patrols. */
  moved: boolean;
}

export interface HealthState {
  latches: Record<PictureFinding, Latch>;
  frozen: FrozenState;
  move: MovedState;
  view: View | Learning | undefined;
  lastAt: EventMs | undefined;
}

const FINDINGS = ['frozen', 'dark', 'covered', 'out-of-focus', 'moved'] as const;

/** All flagged within 30 s of event time with a picture every 4 s; `frozen` brings its own times. */
const TIMES: Record<PictureFinding, LatchTimes> = {
  frozen: { raiseAfterMs: 0, clearAfterMs: 0 },
  dark: { raiseAfterMs: 10_000, clearAfterMs: 5000 },
  covered: { raiseAfterMs: 10_000, clearAfterMs: 5000 },
  'out-of-focus': { raiseAfterMs: 15_000, clearAfterMs: 10_000 },
  moved: { raiseAfterMs: 12_000, clearAfterMs: 5000 },
};

/** More pictures than about one a second tell nothing more. */
const LOOK_EVERY_MS = 900;

export const freshHealth: HealthState = {
  latches: { frozen: openLatch, dark: openLatch, covered: openLatch, 'out-of-focus': openLatch, moved: openLatch },
  frozen: freshFrozen,
  move: freshMoved,
  view: undefined,
  lastAt: undefined,
};

/**
 * One picture (gray, HEIGHT * WIDTH of `picture.ts`, row-major, 0-255) at its event time. Pure: equal pictures at equal
 * times give equal changes. Causes come before effects: in the dark nothing is called covered, a covered lens is not
 * out of focus, a blurred view has not moved.
 * @throws AppError `bad-input` where the picture has another size
 */
export function stepHealth(
  state: HealthState,
  picture: { gray: Uint8Array; at: EventMs },
  options: PictureHealthOptions,
): [HealthState, HealthChange[]] {
  const { gray, at } = picture;
  if (state.lastAt !== undefined && at >= state.lastAt && at - state.lastAt < LOOK_EVERY_MS) return [state, []];
  const facts = measure(gray);
  const view = state.view && isView(state.view) ? state.view : undefined;
  const dark = isDark(facts);
  const covered = unless(dark, () => isCovered(facts, view));
  const blinded = dark === true || covered === true;
  const blurred = unless(blinded, () => (view ? isOutOfFocus(facts, view) : 'unknown'));
  const [move, moved] = look(state, { facts, at }, options.moved && !blinded && blurred !== true);
  const [frozen, still] = stepFrozen(state.frozen, { facts, at }, options.frozenAfterMs);
  const truths: Record<PictureFinding, Truth> = {
    frozen: still === true && blinded ? 'unknown' : still,
    dark,
    covered,
    'out-of-focus': blurred,
    moved: moved.truth,
  };
  const details = { dark: darkness(facts), moved: moved.detail };
  const [latches, changes] = latchAll(state.latches, truths, { at, details });
  const sound = !blinded && blurred !== true && moved.truth !== true && !anyRaised(latches);
  return [{ latches, frozen, move, view: sound ? nextView(state.view, facts, at) : state.view, lastAt: at }, changes];
}

/** `unknown` while the graver condition holds, else what `judge` says. */
const unless = (graver: Truth, judge: () => Truth): Truth => (graver === true ? 'unknown' : judge());

function look(
  state: HealthState,
  picture: { facts: PictureFacts; at: EventMs },
  allowed: boolean,
): ReturnType<typeof lookForMove> {
  if (!allowed || !state.view || !isView(state.view)) return [state.move, { truth: 'unknown' }];
  return lookForMove(state.move, picture, state.view);
}

function latchAll(
  before: HealthState['latches'],
  truths: Record<PictureFinding, Truth>,
  { at, details }: { at: EventMs; details: Partial<Record<PictureFinding, string | undefined>> },
): [HealthState['latches'], HealthChange[]] {
  const latches = { ...before };
  const changes: HealthChange[] = [];
  for (const finding of FINDINGS) {
    const [latch, changed] = stepLatch(before[finding], { at, truth: truths[finding] }, TIMES[finding]);
    latches[finding] = latch;
    if (changed === undefined) continue;
    const detail = changed ? details[finding] : undefined;
    changes.push({ finding, state: changed ? 'raised' : 'cleared', ...(detail === undefined ? {} : { detail }) });
  }
  return [latches, changes];
}

const anyRaised = (latches: HealthState['latches']): boolean => FINDINGS.some((finding) => latches[finding].raised);

function nextView(view: HealthState['view'], facts: PictureFacts, at: EventMs): View | Learning {
  return view && isView(view) ? follow(view, facts, at) : learn(view, facts, at);
}

/**
 * The operator says that the present view is right: `moved` and `out-of-focus` end, and the view is learnt anew from the
 * next pictures on.
 */
export function acceptView(state: HealthState): [HealthState, HealthChange[]] {
  const changes = (['out-of-focus', 'moved'] as const)
    .filter((finding) => state.latches[finding].raised)
    .map((finding): HealthChange => ({ finding, state: 'cleared', detail: 'view accepted' }));
  const latches = { ...state.latches, 'out-of-focus': openLatch, moved: openLatch };
  return [{ ...state, latches, move: freshMoved, view: undefined }, changes];
}

/** What a single picture (as in `stepHealth`) shows at once: no view to compare with, no time to wait. */
export function glance(gray: Uint8Array): HealthChange[] {
  const facts = measure(gray);
  if (isDark(facts) === true) return [{ finding: 'dark', state: 'raised', detail: darkness(facts) }];
  return isCovered(facts, undefined) === true ? [{ finding: 'covered', state: 'raised' }] : [];
}

const darkness = ({ mean }: PictureFacts): string => `mean luma ${mean.toFixed(0)} of 255`;

/** One camera's picture health, as ingest keeps it. */
export interface PictureHealth {
  step(gray: Uint8Array, at: EventMs): HealthChange[];
  acceptView(): HealthChange[];
}

/** Holds the state of `stepHealth` for one camera. */
export function pictureHealth(options: PictureHealthOptions): PictureHealth {
  let state = freshHealth;
  const take = ([next, changes]: [HealthState, HealthChange[]]): HealthChange[] => {
    state = next;
    return changes;
  };
  return {
    step: (gray, at) => take(stepHealth(state, { gray, at }, options)),
    acceptView: () => take(acceptView(state)),
  };
}
