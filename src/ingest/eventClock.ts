import { type EventMs, eventMs, plusMs } from '../core/time.js';

/** What one picture or stretch of sound brings to the clock. */
export interface StampInput {
  /** Stream time stamp, milliseconds of the stream's own scale; undefined where the stream has none. */
  ptsMs: number | undefined;
  /** The recorder's clock when it came in; left out for a recording, where stream time alone counts. */
  receivedAt?: EventMs;
}

export interface Stamp {
  at: EventMs;
  /** Set where the stream and the recorder came to disagree, or agree again. */
  clock?: { state: 'raised' | 'cleared'; offsetMs: number };
}

/** Opaque to callers; plain data, so that a state can be kept and compared. */
export interface EventClockState {
  /** Event time minus unwrapped stream time, ms; undefined before the first picture of a session. */
  offsetMs: number | undefined;
  /** Highest unwrapped stream time seen, ms. */
  streamMs: number;
  lastPtsMs: number | undefined;
  lastAt: EventMs | undefined;
  lastReceivedAt: EventMs | undefined;
  /** Usual distance of two pictures, ms: stands in where a time stamp is missing or makes no sense. */
  nominalMs: number;
  /** Pictures in a row whose time stamp lies behind an earlier one. */
  behind: number;
  sessionSince: EventMs | undefined;
  lateSince: EventMs | undefined;
  disagreedAt: EventMs | undefined;
}

/** Time stamps of 90 kHz come round after 32 bits (RTP) or 33 bits (MPEG-TS). */
const WRAPS_MS = [2 ** 32 / 90, 2 ** 33 / 90];
const HALF_WRAP_MS = WRAPS_MS[0]! / 2;
/** A longer leap is a broken time stamp and no pause of the recording. */
const LONGEST_LEAP_MS = 12 * 3_600_000;
/** A few pictures somewhat behind an earlier one are late ones of the same stream; else the stream began anew. */
const REORDER_MS = 1000;
const REORDER_BY_PICTURES = 5;
const REORDER_PICTURES = 3;
export const DISAGREE_MS = 5000;
/** Lateness must last this long to be the clock's fault and not the network's. */
const LATE_FOR_MS = 10_000;
/** After connecting, a server may send its buffered pictures at once: corrections then are no finding. */
const SETTLE_MS = 10_000;
const AGREE_FOR_MS = 60_000;
/** Upward correction, ms per ms: above any crystal's drift (100 ppm), far below what a rule could feel. */
const SLEW = 0.001;

/** A clock before its first picture. For a recording, `anchor` says which event time a stream time stamp stands for. */
export function initialEventClock(anchor?: { ptsMs: number; at: EventMs }): EventClockState {
  return {
    offsetMs: anchor ? anchor.at - anchor.ptsMs : undefined,
    streamMs: anchor?.ptsMs ?? 0,
    lastPtsMs: anchor?.ptsMs,
    lastAt: undefined,
    lastReceivedAt: undefined,
    nominalMs: 40,
    behind: 0,
    sessionSince: undefined,
    lateSince: undefined,
    disagreedAt: undefined,
  };
}

/** The clock for a new connection of the same camera: a new stream scale, but event time still only goes forward. */
export const reconnectedEventClock = (state: EventClockState): EventClockState => ({
  ...initialEventClock(),
  lastAt: state.lastAt,
  nominalMs: state.nominalMs,
  disagreedAt: state.disagreedAt,
});

/**
 * Event time of the next picture. Pure. Stream time is anchored once and then followed, so that steps of a wall clock
 * change nothing. Against the recorder's clock the offset is held at the least delay seen (a picture cannot come before
 * it was taken) and let up slowly, which follows drift and ignores jitter: the minimum filter with leak of NTP's clock
 * filter (RFC 5905, section 10), with one sample a picture. Event times strictly increase.
 */
export function stepEventClock(state: EventClockState, input: StampInput): [EventClockState, Stamp] {
  const moved = followStream(state, input);
  const [corrected, clock] = input.receivedAt === undefined ? [moved] : followRecorder(moved, input.receivedAt);
  const raw = Math.round(corrected.streamMs + (corrected.offsetMs ?? 0));
  const at = eventMs(corrected.lastAt === undefined ? raw : Math.max(raw, corrected.lastAt + 1));
  const next = { ...corrected, lastAt: at, lastReceivedAt: input.receivedAt };
  return [next, clock ? { at, clock } : { at }];
}

/** Moves stream time on by what the time stamp says, where it says something believable. */
function followStream(state: EventClockState, { ptsMs, receivedAt }: StampInput): EventClockState {
  const passed =
    receivedAt !== undefined && state.lastReceivedAt !== undefined
      ? Math.max(0, receivedAt - state.lastReceivedAt)
      : state.nominalMs;
  if (ptsMs === undefined || !Number.isFinite(ptsMs)) return { ...state, streamMs: state.streamMs + passed };
  if (state.lastPtsMs === undefined) return { ...state, lastPtsMs: ptsMs };

  const step = unwrapped(ptsMs - state.lastPtsMs);
  const late = step < 0 && step > -Math.min(REORDER_MS, REORDER_BY_PICTURES * state.nominalMs);
  if (late && state.behind < REORDER_PICTURES) {
    return { ...state, behind: state.behind + 1 };
  }
  const broken = step < 0 || step > LONGEST_LEAP_MS;
  return {
    ...state,
    lastPtsMs: ptsMs,
    streamMs: state.streamMs + (broken ? passed : step),
    nominalMs: !broken && step > 0 && step <= DISAGREE_MS ? step : state.nominalMs,
    behind: 0,
  };
}

function unwrapped(step: number): number {
  if (step > -HALF_WRAP_MS) return step;
  return WRAPS_MS.map((wrap) => step + wrap).find((forward) => forward >= 0 && forward <= LONGEST_LEAP_MS) ?? step;
}

function followRecorder(state: EventClockState, receivedAt: EventMs): [EventClockState, Stamp['clock']?] {
  if (state.offsetMs === undefined) {
    return [{ ...state, offsetMs: receivedAt - state.streamMs, sessionSince: receivedAt }];
  }
  const lateMs = receivedAt - (state.streamMs + state.offsetMs);
  const settling = receivedAt - (state.sessionSince ?? receivedAt) < SETTLE_MS;
  if (lateMs < 0)
    return disagree(
      { ...state, offsetMs: state.offsetMs + lateMs, lateSince: undefined },
      lateMs,
      receivedAt,
      settling,
    );
  if (lateMs > DISAGREE_MS) {
    const lateSince = state.lateSince ?? receivedAt;
    if (receivedAt - lateSince < LATE_FOR_MS) return agree({ ...state, lateSince }, receivedAt);
    return disagree(
      { ...state, offsetMs: state.offsetMs + lateMs, lateSince: undefined },
      lateMs,
      receivedAt,
      settling,
    );
  }
  const elapsed = Math.max(0, receivedAt - (state.lastReceivedAt ?? receivedAt));
  const offsetMs = state.offsetMs + Math.min(lateMs, elapsed * SLEW);
  return agree({ ...state, offsetMs, lateSince: undefined }, receivedAt);
}

function disagree(
  state: EventClockState,
  byMs: number,
  receivedAt: EventMs,
  settling: boolean,
): [EventClockState, Stamp['clock']?] {
  if (settling || Math.abs(byMs) <= DISAGREE_MS) return agree(state, receivedAt);
  const next = { ...state, disagreedAt: receivedAt };
  // Positive: the camera's clock is ahead of the recorder's.
  return state.disagreedAt === undefined ? [next, { state: 'raised', offsetMs: Math.round(-byMs) }] : [next];
}

function agree(state: EventClockState, receivedAt: EventMs): [EventClockState, Stamp['clock']?] {
  if (state.disagreedAt === undefined || receivedAt < plusMs(state.disagreedAt, AGREE_FOR_MS)) return [state];
  return [
    { ...state, disagreedAt: undefined },
    { state: 'cleared', offsetMs: 0 },
  ];
}
