import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.js';
import type { Tensors } from '../../../src/core/inference.js';
import { silentLogger } from '../../../src/core/log.js';
import { openInference } from '../../../src/detectors/inference/pool.js';
import { detectObjects, type ObjectNetwork } from '../../../src/detectors/persons/detectObjects.js';
import { liveFinder, SEAT_LOOK, stillFinder } from '../../../src/detectors/persons/finders.js';
import { readPicture } from '../../../src/detectors/readPicture.js';
import { modelCache } from '../../support/modelCache.js';
import { sharedPath } from '../../support/shared.js';
import { ensureBuilt } from '../inference/support/build.js';

/** A network that always sees one person centred in cell (8, 4) of its 16x16 grid. */
const network: ObjectNetwork = {
  size: { width: 64, height: 64 },
  async run(): Promise<Tensors> {
    const heat = new Float32Array(16 * 16 * 80);
    const sizes = new Float32Array(16 * 16 * 4);
    heat[(4 * 16 + 8) * 80] = 0.7;
    sizes.set([16, 8, 16, 24], (4 * 16 + 8) * 4);
    return {
      'tower_0/keypoints': { shape: [1, 16, 16, 80], data: heat },
      'tower_0/wh': { shape: [1, 16, 16, 4], data: sizes },
    };
  },
};
// 64x32 in a 64x64 input: 16 rows of border above and below.
const picture = { width: 64, height: 32, rgb: new Uint8Array(64 * 32 * 3) };

describe('one look', () => {
  it('gives boxes as fractions of the picture, cut at its edge', async () => {
    const [found] = await detectObjects(picture, network, { minScore: 0.3 });
    expect(found).toMatchObject({ label: 'person', box: [0.25, 0, 0.75, 0.75] });
  });

  it('gives boxes of a mirrored look unmirrored', async () => {
    const wide = { ...picture, width: 32, rgb: new Uint8Array(32 * 32 * 3) };
    const [plain] = await detectObjects(wide, network, { minScore: 0.3, region: [0, 0, 0.5, 1] });
    const [flipped] = await detectObjects(wide, network, { minScore: 0.3, region: [0, 0, 0.5, 1], flip: true });
    expect(flipped!.box[2] - flipped!.box[0]).toBeCloseTo(plain!.box[2] - plain!.box[0], 6);
    expect(flipped!.box[0] + plain!.box[2]).toBeCloseTo(0.5, 6);
  });
});

describe('real pictures', () => {
  const seated = sharedPath('footage/room/pexels_2977565.jpg');
  const empty = sharedPath('footage/room/unsplash_VWcPlbHglYc.jpg');

  it.skipIf(!seated || !empty)(
    'two clerks at their desks are found by a quick and by a thorough look, and nobody in an empty office',
    async () => {
      ensureBuilt();
      const cacheFolder = modelCache();
      const options = { backend: 'auto', workers: 1, cacheFolder, log: silentLogger, clock: systemClock } as const;
      const pool = await openInference(options);
      for (const find of [liveFinder(pool, SEAT_LOOK), stillFinder(pool)]) {
        const persons = { minScore: 0.25, labels: ['person'] };
        expect(await find(await readPicture(seated!), persons)).toHaveLength(2);
        expect(await find(await readPicture(empty!), persons)).toHaveLength(0);
      }
      await pool.close();
    },
    180_000,
  );
});
