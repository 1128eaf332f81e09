import { type Box, boxCentre, boxHeight, boxWidth, iou } from '../../core/geometry.js';
import type { EventMs } from '../../core/time.js';
import { assign } from './assignment.js';

/** A person as one look shows them; a `DetectedObject` is one. */
export interface Sighted {
  /** Fractions of the picture. */
  box: Box;
  /** 0-1. */
  score: number;
}

/** One person followed over several looks. Plain JSON. */
export interface Track {
  /** Counts from 1 within one camera since its tracker was made. */
  id: number;
  /** Where the person was last seen, and how surely. */
  box: Box;
  score: number;
  /** The surest look at the person. */
  bestScore: number;
  firstAt: EventMs;
  seenAt: EventMs;
  /** Where the person was first seen. */
  firstBox: Box;
  /** Movement of the centre, fractions of the picture's height a second. */
  velocity: readonly [x: number, y: number];
  /** Looks that showed the person. */
  looks: number;
  /** Whether this place was watched for a while without the person; false for those who were there when watching began. */
  arrived: boolean;
  /** Newest look at which another person was so near that the two may have been mistaken for each other. */
  mixedAt: EventMs | null;
}

/** Why a track ended: not found for `forgetAfterMs`, or nobody watched for longer than `staleAfterMs`. */
export type TrackEnd = 'lost' | 'interrupted';
export type EndedTrack = Track & { how: TrackEnd };

export interface TrackerState {
  /** The newest look; null before the first. */
  at: EventMs | null;
  /** Since when this place has been watched without a break. */
  since: EventMs | null;
  nextId: number;
  /** Those who were seen in the newest look, and those missed for a short time. */
  tracks: Track[];
}

export interface TrackerOptions {
  /** From this score on somebody is a person by themselves; below, only one who is followed already. */
  sureScore: number;
  /** Width of the picture over its height. */
  aspect: number;
  /** How long a person may not be found before the track ends, ms. */
  forgetAfterMs: number;
  /** Without a look for this long nothing is known any more: all tracks end, ms. */
  staleAfterMs: number;
}

/** What one look led to. */
export interface TrackLook {
  /** Followed persons of this look, in the order in which they were given; null for one that is not followed. */
  seen: Array<Track | null>;
  ended: EndedTrack[];
}

export const initialTracker: TrackerState = { at: null, since: null, nextId: 1, tracks: [] };

/** Who is first seen later than this after watching began has come; before, one look may have missed who sat there, ms. */
const SETTLED_MS = 10_000;

/**
 * A person walks 1.4 m/s (Bohannon, "Comfortable and maximum walking speed of adults aged 20-79 years", Age and Ageing 26,
 * 1997), 0.85 body heights a second, and seldom 1.1. Of somebody half hidden half the height is seen.
 */
const HEIGHTS_A_SECOND = { whole: 1.1, half: 1.9 } as const;
/** A box at least this much higher than wide shows somebody from head to foot. */
const WHOLE_BODY = 1.8;
/** A box jitters by this much of its height from look to look. */
const JITTER_HEIGHTS = 0.35;
/** However long somebody was out of sight, farther away it is somebody else. */
const FARTHEST_HEIGHTS = 4;
/** Two boxes of one person differ in height at most by this factor (somebody sits down, or steps behind a table). */
const SIZE_FACTOR = 2.6;
/** A pair this dear is no pair: see `costOf`. */
const ALONE = 1;
/** A weak detection goes on with a track only where it lies on it. */
const WEAK_IOU = 0.25;
/** Movement is carried on for at most this long, ms: at one look in two seconds nobody walks straight for longer. */
const CARRY_ON_MS = 2000;
/** Tracks whose boxes overlap by this much may be mistaken for each other. */
const MIXED_IOU = 0.3;

/**
 * Follows persons over looks half a second to two seconds apart. Two-stage association of ByteTrack (Zhang et al., ECCV 2022):
 * sure detections first, to everybody; weak ones then to those still unmatched, so that who is half hidden is kept. Each
 * stage is one assignment (`assign`) over predicted boxes as in SORT (Bewley et al., ICIP 2016). At this rate boxes of one
 * walking person often do not overlap at all, so the cost is overlap and distance together, and the distance is gated by
 * what a person can walk in the time.
 */
export function stepTracker(
  state: TrackerState,
  look: { at: EventMs; persons: readonly Sighted[] },
  options: TrackerOptions,
): [TrackerState, TrackLook] {
  const { at, persons } = look;
  const gapMs = state.at === null ? 0 : at - state.at;
  const blind = gapMs < 0 || gapMs > options.staleAfterMs;
  const isOver = ({ seenAt }: Track): boolean => at - seenAt > options.forgetAfterMs;
  const known = blind ? [] : state.tracks.filter((track) => !isOver(track));
  const ended: EndedTrack[] = state.tracks
    .filter((track) => blind || isOver(track))
    .map((track) => ({ ...track, how: blind ? 'interrupted' : 'lost' }));

  const matched = associate(known, look, options);
  const since = blind || state.since === null ? at : state.since;
  const arrived = at - since >= SETTLED_MS;
  let { nextId } = state;
  const seen = persons.map((person, i): Track | null => {
    const track = matched.get(i);
    if (track) return moved(track, person, { at, aspect: options.aspect });
    return person.score >= options.sureScore ? newTrack(nextId++, person, { at, arrived }) : null;
  });

  const found = new Set([...matched.values()].map(({ id }) => id));
  const missed = known.filter(({ id }) => !found.has(id));
  const followed = seen.filter((track) => track !== null);
  const current = [...followed, ...missed];
  const told = seen.map((track) => track && withMixing(track, current, at));
  const kept = current.map((track) => withMixing(track, current, at));
  return [
    { at, since, nextId, tracks: kept },
    { seen: told, ended },
  ];
}

interface Now {
  at: EventMs;
  aspect: number;
}
type Cost = (track: Track, person: Sighted, now: Now) => number;

/** The track of each person who has one, by place in `persons`. */
function associate(
  tracks: readonly Track[],
  { at, persons }: { at: EventMs; persons: readonly Sighted[] },
  options: TrackerOptions,
): Map<number, Track> {
  const matched = new Map<number, Track>();
  const places = persons.map((_, i) => i);
  const now: Now = { at, aspect: options.aspect };
  const stage = (candidates: number[], free: readonly Track[], cost: Cost): void => {
    const columns = assign(
      free.map((track) => candidates.map((i) => cost(track, persons[i]!, now))),
      ALONE,
    );
    columns.forEach((column, row) => {
      if (column >= 0) matched.set(candidates[column]!, free[row]!);
    });
  };
  stage(
    places.filter((i) => persons[i]!.score >= options.sureScore),
    tracks,
    costOf,
  );
  const taken = new Set([...matched.values()].map(({ id }) => id));
  stage(
    places.filter((i) => persons[i]!.score < options.sureScore),
    tracks.filter(({ id }) => !taken.has(id)),
    weakCost,
  );
  return matched;
}

/** 0 is the same box, 1 the farthest a person can have gone; `Infinity` beyond. */
function costOf(track: Track, { box }: Sighted, now: Now): number {
  const heightFactor = boxHeight(box) / boxHeight(track.box);
  if (heightFactor > SIZE_FACTOR || heightFactor < 1 / SIZE_FACTOR) return Number.POSITIVE_INFINITY;
  const seconds = (now.at - track.seenAt) / 1000;
  const size = Math.max(boxHeight(track.box), boxHeight(box));
  const speed =
    isWhole(track.box, now.aspect) && isWhole(box, now.aspect) ? HEIGHTS_A_SECOND.whole : HEIGHTS_A_SECOND.half;
  const reach = size * Math.min(FARTHEST_HEIGHTS, JITTER_HEIGHTS + speed * seconds);
  const expected = predicted(track, now);
  if (distance(boxCentre(track.box), boxCentre(box), now.aspect) > reach) return Number.POSITIVE_INFINITY;
  const away = distance(boxCentre(expected), boxCentre(box), now.aspect);
  if (away > reach) return Number.POSITIVE_INFINITY;
  const resized = Math.abs(Math.log(heightFactor)) / Math.log(SIZE_FACTOR);
  return 0.5 * (1 - iou(expected, box)) + 0.4 * (away / reach) + 0.1 * resized;
}

const isWhole = (box: Box, aspect: number): boolean => boxHeight(box) >= WHOLE_BODY * boxWidth(box) * aspect;

function weakCost(track: Track, { box }: Sighted, now: Now): number {
  const overlap = Math.max(iou(track.box, box), iou(predicted(track, now), box));
  return overlap >= WEAK_IOU ? 1 - overlap : Number.POSITIVE_INFINITY;
}

/** Where the track's box should be by now, at its own size. */
function predicted({ box, velocity, seenAt }: Track, { at, aspect }: Now): Box {
  const seconds = Math.min(CARRY_ON_MS, at - seenAt) / 1000;
  const [dx, dy] = [(velocity[0] * seconds) / aspect, velocity[1] * seconds];
  return [box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy];
}

/** In picture heights. */
const distance = (a: readonly [number, number], b: readonly [number, number], aspect: number): number =>
  Math.hypot((a[0] - b[0]) * aspect, a[1] - b[1]);

/** The newest movement counts half: a step to the side is no direction. The first one is all that is known. */
const SMOOTHING = 0.5;

function moved(track: Track, { box, score }: Sighted, { at, aspect }: Now): Track {
  const seconds = (at - track.seenAt) / 1000;
  const [from, to] = [boxCentre(track.box), boxCentre(box)];
  const weight = track.looks === 1 ? 1 : SMOOTHING;
  const mean = (before: number, now: number): number => before * (1 - weight) + now * weight;
  const velocity: Track['velocity'] =
    seconds > 0
      ? [
          mean(track.velocity[0], ((to[0] - from[0]) * aspect) / seconds),
          mean(track.velocity[1], (to[1] - from[1]) / seconds),
        ]
      : track.velocity;
  return {
    ...track,
    box,
    score,
    bestScore: Math.max(track.bestScore, score),
    seenAt: at,
    velocity,
    looks: track.looks + 1,
  };
}

const newTrack = (id: number, { box, score }: Sighted, { at, arrived }: { at: EventMs; arrived: boolean }): Track => ({
  ...{ id, box, score, bestScore: score, firstAt: at, seenAt: at, firstBox: box, velocity: [0, 0] },
  ...{ looks: 1, arrived, mixedAt: null },
});

function withMixing(track: Track, others: readonly Track[], at: EventMs): Track {
  const near = others.some((other) => other.id !== track.id && iou(other.box, track.box) > MIXED_IOU);
  return near ? { ...track, mixedAt: at } : track;
}
