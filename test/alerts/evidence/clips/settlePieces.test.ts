import { describe, expect, it } from 'vitest';
import { type Placeable, settlePieces } from '../../../../src/alerts/evidence/clips/settlePieces.js';
import { eventMs } from '../../../../src/core/time.js';

/** Fragments of a second, each two seconds beginning with a key frame, numbered from `first` on, stamped at these instants. */
const connection = (starts: readonly number[], first = 1): Placeable[] =>
  starts.map((at, i) => {
    const sequence = first + i;
    return { at: eventMs(at), durationMs: 1000, key: sequence % 2 === 1, sequence };
  });
const startsOf = (pieces: readonly Placeable[]): number[] => settlePieces(pieces).map(({ at }) => at);

describe('fragments of a clip', () => {
  it.each([
    ['stand where they were stamped', connection([0, 1000, 2000]), [0, 1000, 2000]],
    ['keep the slow rise of a clock that drifts', connection([0, 1001, 2002]), [0, 1001, 2002]],
    ['go back where a later one came with less delay', connection([800, 1500, 2500]), [500, 1500, 2500]],
    ['go back together, the key frame too', connection([1900, 2100, 2500, 3040]), [40, 1040, 2040, 3040]],
    [
      'go back over the end of a file, which one connection goes on through',
      [...connection([600, 1600]), ...connection([2010, 3010], 3)],
      [10, 1010, 2010, 3010],
    ],
    ['keep a hole as it was', connection([0, 1000, 7000, 8000]), [0, 1000, 7000, 8000]],
    [
      'give what two connections hold once, the later one from a key frame on',
      [...connection([0, 1000, 2000, 3000]), ...connection([2500, 3500, 4500, 5500])],
      [0, 1000, 2000, 3000, 4500, 5500],
    ],
    [
      'leave out a connection that holds nothing more',
      [...connection([0, 1000, 2000, 3000]), ...connection([500, 1500])],
      [0, 1000, 2000, 3000],
    ],
    [
      'do not follow a clock of the camera that jumped back: what overlaps is left out up to a key frame',
      connection([10_000, 11_000, 12_000, 8900, 9900, 10_900, 11_900, 12_900]),
      // What was stamped later lies before: the fragments of before the jump hold nothing that is not there yet.
      [8900, 9900, 10_900, 11_900, 12_900],
    ],
  ])('%s', (_, pieces, expected) => expect(startsOf(pieces)).toEqual(expected));

  it('are in order and never overlap by more than a rounded millisecond, however late each one came', () => {
    // A linear congruential generator (Numerical Recipes): the same delays on every run.
    let state = 1;
    const random = (): number => {
      state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
      return state / 2 ** 32;
    };
    for (let n = 0; n < 200; n++) {
      const pieces = connection(Array.from({ length: 30 }, (_, i) => Math.round(i * 1000 + random() * 1900)));
      const starts = startsOf(pieces);
      expect(starts).toHaveLength(30);
      for (let i = 1; i < 30; i++) expect(starts[i]! - starts[i - 1]!).toBeGreaterThanOrEqual(999);
      // Nobody is moved before the instant at which it was taken.
      expect(starts.filter((at, i) => at < i * 1000)).toEqual([]);
    }
  });
});
