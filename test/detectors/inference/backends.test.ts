import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/errors.js';
import { silentLogger } from '../../../src/core/log.js';
import { tfjsNodeRuntime } from '../../../src/detectors/inference/backends/tfjsNode.js';
import { compareOutputs } from '../../../src/detectors/inference/onnx/compare.js';
import { testPicture } from '../../../src/detectors/inference/onnx/testPicture.js';
import { type BackendChoice, openBackend } from '../../../src/detectors/inference/openBackend.js';
import { temporaryCache } from './support/cache.js';

const cacheFolder = temporaryCache();
const open = (backend: BackendChoice, name = 'emotion', size = {}) =>
  openBackend(name, size, { backend, cacheFolder, log: silentLogger });

const hasTfjsNode = await tfjsNodeRuntime().then(
  () => true,
  () => false,
);
if (!hasTfjsNode) console.info('skipped: @tensorflow/tfjs-node is not installed');

/** What every inference backend has to do. */
function backendContract(backend: BackendChoice): void {
  describe(`inference backend ${backend}`, () => {
    it('gives the outputs of the manifest, in its shapes', async () => {
      const network = await open(backend);
      const outputs = await network.run({ input_1: testPicture(network.entry, network.size) });
      expect(Object.keys(outputs)).toEqual(['Identity']);
      expect(outputs.Identity!.shape).toEqual([1, 7]);
      expect([...outputs.Identity!.data].reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 4);
      await network.close();
    });

    it('answers the same twice and leaves its input as it was', async () => {
      const network = await open(backend);
      const picture = testPicture(network.entry, network.size);
      const before = picture.data.slice();
      const first = await network.run({ input_1: picture });
      expect(compareOutputs(await network.run({ input_1: picture }), first)).toBe(0);
      expect(picture.data).toEqual(before);
      await network.close();
    });

    it('takes a tensor on shared memory', async () => {
      const network = await open(backend);
      const picture = testPicture(network.entry, network.size);
      const shared = new Float32Array(new SharedArrayBuffer(picture.data.byteLength));
      shared.set(picture.data);
      const outputs = await network.run({ input_1: { shape: picture.shape, data: shared } });
      expect(compareOutputs(outputs, await network.run({ input_1: picture }))).toBe(0);
      await network.close();
    });

    it('takes a picture of another size where the network is fully convolutional', async () => {
      const network = await open(backend, 'centernet', { width: 96, height: 64 });
      const outputs = await network.run({ 'tower_0/images': testPicture(network.entry, network.size) });
      expect(outputs['tower_0/keypoints']!.shape).toEqual([1, 16, 24, 80]);
      expect(outputs['tower_0/wh']!.shape).toEqual([1, 16, 24, 4]);
      await network.close();
    });

    it.each([
      ['has another name', { picture: { shape: [1, 64, 64, 1], data: new Float32Array(4096) } }, /input_1: missing/],
      ['has another type', { input_1: { shape: [1, 64, 64, 1], data: new Uint8Array(4096) } }, /must be float32/],
      ['does not fill its shape', { input_1: { shape: [1, 64, 64, 1], data: new Float32Array(9) } }, /do not fill/],
    ])('refuses an input that %s', async (_what, inputs, message) => {
      const network = await open(backend);
      await expect(network.run(inputs)).rejects.toThrow(message);
      await network.close();
    });
  });
}

backendContract('onnxruntime');
backendContract('tfjs-wasm');
if (hasTfjsNode) backendContract('tfjs-node');

describe('choice of a backend', () => {
  it('takes onnxruntime where it is left to choose', async () => {
    const network = await open('auto');
    expect(network.name).toBe('onnxruntime');
    await network.close();
  });

  it.skipIf(hasTfjsNode)('says what to install for tfjs-node', async () => {
    const error = await open('tfjs-node').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).code).toBe('unsupported');
    expect((error as AppError).hint).toContain('@tensorflow/tfjs-node');
  });

  it.each([
    ['centernet', { width: 500, height: 512 }, /multiples of 32/],
    ['blazeface', { width: 128, height: 128 }, /256x256 only/],
  ])('refuses a size that %s cannot take', async (name, size, message) => {
    await expect(open('auto', name, size)).rejects.toThrow(message);
  });
});
