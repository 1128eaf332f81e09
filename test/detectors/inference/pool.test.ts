import { beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.js';
import { silentLogger } from '../../../src/core/log.js';
import { testPicture } from '../../../src/detectors/inference/onnx/testPicture.js';
import { openInference } from '../../../src/detectors/inference/pool.js';
import { ensureBuilt } from './support/build.js';
import { temporaryCache } from './support/cache.js';

const cacheFolder = temporaryCache();
const options = { backend: 'auto', workers: 2, cacheFolder, log: silentLogger, clock: systemClock } as const;

describe('inference pool', () => {
  beforeAll(ensureBuilt);

  it('runs networks in its workers and ends with them', async () => {
    const pool = await openInference(options);
    const network = pool.network('emotion');
    const look = () => network.run({ input_1: testPicture(network.entry, network.size) });
    const [first, second, third] = await Promise.all([look(), look(), look()]);
    expect(first!.Identity!.shape).toEqual([1, 7]);
    expect(second!.Identity!.data).toEqual(first!.Identity!.data);
    expect(third!.Identity!.data).toEqual(first!.Identity!.data);
    expect(pool.stats()).toEqual({ waiting: 0, running: 0, done: 3, dropped: 0, crashes: 0 });
    await pool.close();
    await expect(look()).rejects.toMatchObject({ code: 'cancelled' });
    await pool.close();
  });

  it('looks at a picture without taking its pixels away', async () => {
    const pool = await openInference(options);
    const find = pool.objectFinder({ width: 96, height: 64 });
    const rgb = new Uint8Array(90 * 60 * 3).fill(120);
    expect(await find({ width: 90, height: 60, rgb }, { minScore: 0.5 })).toEqual([]);
    expect(rgb).toHaveLength(90 * 60 * 3);
    await pool.close();
  });

  it('refuses unknown networks, wrong sizes and wrong inputs', async () => {
    const pool = await openInference(options);
    expect(() => pool.network('yolo')).toThrow(/not in models\/manifest.json/);
    expect(() => pool.objectFinder({ width: 100, height: 100 })).toThrow(/multiples of 32/);
    const wrong = pool.network('emotion').run({ input_1: { shape: [1], data: new Uint8Array(1) } });
    await expect(wrong).rejects.toMatchObject({ code: 'bad-input' });
    await pool.close();
  });
});
