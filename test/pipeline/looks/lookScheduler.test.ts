import { describe, expect, it } from 'vitest';
import { sleep } from '../../../src/core/clock.js';
import { silentLogger } from '../../../src/core/log.js';
import type { DetectedObject, ObjectFinder } from '../../../src/detectors/persons/detectObjects.js';
import type { MosaicGrid, Tile } from '../../../src/detectors/persons/mosaic.js';
import { lookScheduler } from '../../../src/pipeline/looks/lookScheduler.js';
import { fakeClock } from '../../support/fakeClock.js';

const person = (score: number, label = 'person'): DetectedObject => ({ label, score, box: [0.1, 0.1, 0.2, 0.2] });
const picture = { width: 2, height: 2, rgb: new Uint8Array(12) };
const options = { minScore: 0.2, labels: ['person'] };

/** A scheduler over a network that takes 50 ms a run; `runs` tells what it was given, in order. */
function hall({ workers = 1, tilesARun = 4 as 1 | 4, fail = false } = {}) {
  const clock = fakeClock();
  const runs: string[] = [];
  const never = new AbortController().signal;
  const scheduler = lookScheduler({
    tileFinder: async (_picture, { region }) => {
      runs.push(`alone: ${region?.[0]}`);
      await sleep(clock, 50, never);
      return [person(0.9)];
    },
    mosaicFinder: (grid: MosaicGrid) => async (tiles: readonly Tile[]) => {
      runs.push(`${grid.columns}x${grid.rows}: ${tiles.map(({ region }) => region[0]).join(' ')}`);
      await sleep(clock, 50, never);
      if (fail) throw new Error('broken');
      return tiles.map(() => [person(0.9), person(0.1), person(0.9, 'cup')]);
    },
    ...{ workers, tilesARun, clock, log: silentLogger },
  });
  const alone =
    (name: string): ObjectFinder =>
    async () => {
      runs.push(name);
      await sleep(clock, 50, never);
      return [person(0.8)];
    };
  const tile = (x: number) => scheduler.tile(picture, { ...options, region: [x, 0, 1, 1] });
  return { clock, runs, scheduler, alone, tile };
}

describe('looks in turn', () => {
  it('puts tiles of several cameras into one run and gives each its own answer', async () => {
    const { clock, runs, scheduler, tile } = hall();
    const looks = Promise.all([tile(0.1), tile(0.2), tile(0.3), tile(0.4)]);
    await clock.advance(60);
    expect(runs).toEqual(['2x2: 0.1 0.2 0.3 0.4']);
    expect((await looks).map((found) => found.length)).toEqual([1, 1, 1, 1]);
    expect(scheduler.stats()).toMatchObject({ done: { tile: 4 }, runs: 1, waiting: 0, failed: 0 });
  });

  it('looks at each tile alone, and at once, where none may share a run', async () => {
    const { clock, runs, tile } = hall({ tilesARun: 1 });
    void Promise.all([tile(0.1), tile(0.2)]);
    await clock.advance(0);
    expect(runs).toEqual(['alone: 0.1', 'alone: 0.2']);
  });

  it('does not wait long for others', async () => {
    const { clock, runs, tile } = hall();
    void tile(0.5);
    await clock.advance(100);
    expect(runs).toEqual([]);
    await clock.advance(30);
    expect(runs).toEqual(['alone: 0.5']);
  });

  it('lets a sealed room go first, and no window wait for ever', async () => {
    const { clock, runs, scheduler, alone } = hall();
    const ask = (kind: 'room' | 'seats', name: string) => scheduler.inTurn(kind, alone(name))(picture, options);
    void ask('seats', 'running');
    void ask('seats', 'next');
    void ask('seats', 'handed over');
    void ask('seats', 'window');
    void ask('room', 'room');
    await clock.advance(250);
    expect(runs).toEqual(['running', 'next', 'handed over', 'room', 'window']);
  });

  it('says before it overloads', async () => {
    const { clock, scheduler, alone } = hall();
    const levels = new Set<string>();
    // A run of 50 ms asked for every 60 ms: five sixths busy.
    for (let i = 0; i < 2000; i++) {
      void scheduler.inTurn('room', alone('r'))(picture, options);
      await clock.advance(60);
      levels.add(scheduler.stats().load.level);
    }
    expect([...levels]).toEqual(['ok', 'tight']);
    expect(scheduler.stats().load.busy).toBeCloseTo(5 / 6, 1);
  });

  it('tells each of a failed run, and goes on', async () => {
    const { clock, scheduler, tile, alone } = hall({ fail: true });
    const failed = Promise.allSettled([tile(0.1), tile(0.2)]);
    await clock.advance(200);
    expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const found = scheduler.inTurn('room', alone('r'))(picture, options);
    await clock.advance(60);
    expect(await found).toHaveLength(1);
    expect(scheduler.stats().failed).toBe(2);
  });

  it('is closed with nothing left waiting', async () => {
    const { clock, scheduler, tile } = hall();
    const rest = Promise.allSettled([tile(0.1)]);
    scheduler.close();
    expect((await rest)[0]).toMatchObject({ status: 'rejected' });
    await expect(tile(0.2)).rejects.toMatchObject({ code: 'cancelled' });
    expect(clock.pending).toBe(0);
  });
});
