import { describe, expect, it } from 'vitest';
import type { Box } from '../../../src/core/geometry.js';
import { eventMs } from '../../../src/core/time.js';
import {
  type EndedTrack,
  initialTracker,
  type Sighted,
  stepTracker,
  type Track,
  type TrackerOptions,
} from '../../../src/detectors/tracking/tracker.js';

const OPTIONS: TrackerOptions = { sureScore: 0.3, aspect: 16 / 9, forgetAfterMs: 20_000, staleAfterMs: 10_000 };

/** A standing person 0.4 of the picture high at a place of the floor line. */
const person = (x: number, score = 0.8, y = 0.5): Sighted => {
  const box: Box = [x - 0.05, y - 0.2, x + 0.05, y + 0.2];
  return { box, score };
};

interface Played {
  /** Track ids of each look, in the order of the persons; 0 for one that is not followed. */
  ids: number[][];
  seen: Array<Array<Track | null>>;
  ended: EndedTrack[];
}

/** Plays looks `everyMs` apart; null is a look that did not happen. */
function play(looks: ReadonlyArray<readonly Sighted[] | null>, everyMs = 2000, options = OPTIONS): Played {
  let state = initialTracker;
  const played: Played = { ids: [], seen: [], ended: [] };
  looks.forEach((persons, i) => {
    if (!persons) return;
    const [next, { seen, ended }] = stepTracker(state, { at: eventMs(1000 + i * everyMs), persons }, options);
    state = next;
    played.ids.push(seen.map((track) => track?.id ?? 0));
    played.seen.push(seen);
    played.ended.push(...ended);
  });
  return played;
}

const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

describe('following persons at one look in two seconds', () => {
  it('keeps one number for somebody who sits and jitters', () => {
    const { ids } = play(times(20, (i) => [person(0.5 + 0.01 * Math.sin(i * 7), 0.8, 0.5 + 0.01 * Math.cos(i * 5))]));
    expect(ids).toEqual(times(20, () => [1]));
  });

  it.each([500, 1000, 2000])(
    'keeps one number for somebody who walks through the picture, a look each %i ms',
    (everyMs) => {
      // 0.2 picture widths a second is 0.36 heights, 0.9 of the body's own height a second.
      const looks = times(Math.floor(4000 / everyMs), (i) => [person(0.1 + (0.2 * i * everyMs) / 1000)]);
      expect(play(looks, everyMs).ids.flat()).toEqual(looks.map(() => 1));
    },
  );

  it.each([500, 2000])('two who pass each other keep their numbers, a look each %i ms', (everyMs) => {
    const looks = times(Math.floor(6000 / everyMs) + 1, (i) => {
      const s = (i * everyMs) / 1000;
      return [person(0.2 + 0.1 * s), person(0.8 - 0.1 * s, 0.8, 0.54)];
    });
    const { ids } = play(looks, everyMs);
    expect(ids.at(-1)).toEqual([1, 2]);
    expect(ids.every(([a, b]) => a === 1 && b === 2)).toBe(true);
  });

  it('says of two who came near each other that they may have been mistaken', () => {
    const { seen } = play([
      [person(0.3), person(0.7)],
      [person(0.48), person(0.52)],
      [person(0.3), person(0.7)],
    ]);
    expect(seen[0]!.map((track) => track!.mixedAt)).toEqual([null, null]);
    expect(seen[2]!.map((track) => track!.mixedAt)).toEqual([3000, 3000]);
  });

  it('does not jump: who leaves at one side and who comes in at the other are two', () => {
    expect(play([[person(0.1)], [person(0.1)], [person(0.9)]]).ids).toEqual([[1], [1], [2]]);
  });

  it('holds on to somebody who is hidden for 16 s, and lets go of them after 20 s', () => {
    const hidden = play([[person(0.5)], [person(0.5)], ...times(7, () => []), [person(0.52)]]);
    expect(hidden.ids.at(-1)).toEqual([1]);
    const gone = play([[person(0.5)], [person(0.5)], ...times(11, () => []), [person(0.52)]]);
    expect(gone.ids.at(-1)).toEqual([2]);
    expect(gone.ended).toMatchObject([{ id: 1, seenAt: 3000, how: 'lost', looks: 2 }]);
  });

  it('a weak box goes on with a track and never begins one', () => {
    const { ids } = play([[person(0.5), person(0.2, 0.2)], [person(0.5, 0.2)], [person(0.51)]]);
    expect(ids).toEqual([[1, 0], [1], [1]]);
  });

  it('a weak box does not take the track of a sure one', () => {
    const { ids } = play([[person(0.5)], [person(0.5, 0.2, 0.55), person(0.53, 0.9)]]);
    expect(ids[1]).toEqual([0, 1]);
  });

  it('after a gap in which nobody watched, everybody is new and nobody has arrived', () => {
    const { ids, seen, ended } = play([
      [],
      [person(0.5)],
      null,
      null,
      null,
      null,
      null,
      null,
      [person(0.5)],
      [person(0.5), person(0.8)],
    ]);
    expect(ids).toEqual([[], [1], [2], [2, 3]]);
    expect(ended).toMatchObject([{ id: 1, how: 'interrupted' }]);
    expect(seen.flat().map((track) => [track!.id, track!.arrived])).toEqual([
      [1, false],
      [2, false],
      [2, false],
      [3, false],
    ]);
  });

  it('who is first seen after ten seconds of watching has come; before, one look may have missed who sat there', () => {
    const { seen } = play([[], [person(0.2)], [], [], [], [], [], [person(0.5)], [person(0.5), person(0.8)]]);
    expect(seen.flat().map((track) => [track!.id, track!.arrived])).toEqual([
      [1, false],
      [1, false],
      [1, false],
      [2, true],
    ]);
  });

  it('a clock stepped back ends all tracks', () => {
    const [state] = stepTracker(initialTracker, { at: eventMs(10_000), persons: [person(0.5)] }, OPTIONS);
    const [, { seen, ended }] = stepTracker(state, { at: eventMs(5000), persons: [person(0.5)] }, OPTIONS);
    expect(seen[0]!.id).toBe(2);
    expect(ended).toMatchObject([{ id: 1, how: 'interrupted' }]);
  });

  it('somebody who sits down keeps the number', () => {
    const seated: Sighted = { box: [0.44, 0.42, 0.56, 0.7], score: 0.7 };
    expect(play([[person(0.5)], [seated], [seated]]).ids.flat()).toEqual([1, 1, 1]);
  });

  it('a full table keeps its numbers while one walks behind it', () => {
    const seats = [0.15, 0.3, 0.45, 0.6, 0.75];
    const looks = times(8, (i) => [...seats.map((x) => person(x, 0.8, 0.6)), person(0.1 + 0.1 * i, 0.6, 0.35)]);
    expect(play(looks).ids).toEqual(times(8, () => [1, 2, 3, 4, 5, 6]));
  });
});
