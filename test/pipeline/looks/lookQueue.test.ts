import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LookKind, nextLooks, type WaitingLook } from '../../../src/pipeline/looks/lookQueue.js';

const OPTIONS = { tiles: 4, gatherMs: 120 };
/** Written as kind and the time it was asked for: `room 0`, `tile 40`. */
const waiting = (...looks: string[]): WaitingLook[] =>
  looks.map((text, id) => {
    const [kind, askedMs] = text.split(' ') as [LookKind, string];
    return { id, kind, askedMs: Number(askedMs) };
  });

describe('what a free worker takes', () => {
  it.each<[string, string[], number, number[] | number | undefined]>([
    ['nothing where nothing waits', [], 0, undefined],
    ['a room before windows asked for at the same time', ['tile 0', 'seats 0', 'room 0'], 0, [2]],
    ['the oldest room', ['room 50', 'room 10', 'room 30'], 60, [1]],
    ['a window that has waited long before a fresh room', ['seats 0', 'room 700'], 700, [0]],
    ['tiles together, the oldest first', ['tile 30', 'tile 10', 'tile 20', 'tile 5', 'tile 40'], 40, [3, 1, 2, 0]],
    ['fewer tiles once they have waited for others', ['tile 0', 'tile 100'], 120, [0, 1]],
    ['nothing yet while tiles wait for others: when to ask again', ['tile 0', 'tile 100'], 100, 20],
    ['something else while tiles wait for others', ['tile 0', 'seats 90'], 90, [1]],
    ['a full mosaic at once', ['tile 100', 'tile 100', 'tile 100', 'tile 100'], 100, [0, 1, 2, 3]],
  ])('%s', (_what, looks, nowMs, expected) => {
    const next = nextLooks(waiting(...looks), nowMs, OPTIONS);
    expect('take' in next ? next.take.map(({ id }) => id) : next.waitMs).toEqual(expected);
  });

  it('starves nobody: each look is taken within what the worker needs for those before its deadline', () => {
    const kind = fc.constantFrom<LookKind>('room', 'seats', 'tile');
    const asks = fc.array(fc.record({ kind, askedMs: fc.integer({ min: 0, max: 5000 }) }), { maxLength: 60 });
    fc.assert(
      fc.property(asks, (list) => {
        const coming = list.map((ask, id) => ({ ...ask, id })).sort((a, b) => a.askedMs - b.askedMs);
        const longest = serve(coming);
        // Every look costs at most 60 ms here; none waits for longer than all others together and the patience of its kind.
        expect(longest).toBeLessThanOrEqual(list.length * 60 + 800 + OPTIONS.gatherMs);
      }),
    );
  });
});

/** One worker, 60 ms a run; gives the longest wait from asking to result, ms. */
function serve(coming: WaitingLook[]): number {
  let now = 0;
  let queue: WaitingLook[] = [];
  let longest = 0;
  const rest = [...coming];
  while (rest.length > 0 || queue.length > 0) {
    while (rest.length > 0 && rest[0]!.askedMs <= now) queue.push(rest.shift()!);
    const next = nextLooks(queue, now, OPTIONS);
    if (!('take' in next)) {
      const wake = next.waitMs === undefined ? Number.POSITIVE_INFINITY : now + next.waitMs;
      now = Math.min(wake, rest[0]?.askedMs ?? wake);
      continue;
    }
    now += 60;
    queue = queue.filter((look) => !next.take.includes(look));
    for (const look of next.take) longest = Math.max(longest, now - look.askedMs);
  }
  return longest;
}
