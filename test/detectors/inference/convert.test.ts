import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeLogger, silentLogger } from '../../../src/core/log.js';
import { parseGraph } from '../../../src/detectors/inference/graph.js';
import { readModel } from '../../../src/detectors/inference/modelFiles.js';
import { TOLERANCE } from '../../../src/detectors/inference/onnx/cache.js';
import { compareOutputs } from '../../../src/detectors/inference/onnx/compare.js';
import { convertToOnnx } from '../../../src/detectors/inference/onnx/convert.js';
import { testPicture } from '../../../src/detectors/inference/onnx/testPicture.js';
import { openBackend } from '../../../src/detectors/inference/openBackend.js';
import { temporaryCache } from './support/cache.js';

const cacheFolder = temporaryCache();
const options = { backend: 'onnxruntime', cacheFolder, log: silentLogger } as const;

describe('TFJS to ONNX', () => {
  it.each([
    ['centernet', { width: 320, height: 192 }],
    ['centernet', { width: 256, height: 256 }],
    ['movenet-lightning', {}],
    ['blazeface', {}],
    ['faceres', {}],
    ['emotion', {}],
    ['antispoof', {}],
  ])('gives the same outputs as tfjs-wasm: %s %o', async (name, size) => {
    const converted = await openBackend(name, size, options);
    const original = await openBackend(name, size, { ...options, backend: 'tfjs-wasm' });
    const inputs = { [converted.entry.input.name]: testPicture(converted.entry, converted.size) };
    const outputs = await converted.run(inputs);
    expect(compareOutputs(outputs, await original.run(inputs))).toBeLessThan(TOLERANCE);
    expect(Object.keys(outputs)).toEqual(converted.entry.outputs.map((output) => output.name));
    await Promise.all([converted.close(), original.close()]);
  });

  it.each(['onnxruntime', 'tfjs-wasm'] as const)(
    'leaves out what nobody asks for, and nothing else changes: %s',
    async (backend) => {
      const keep = { output: 'tower_0/keypoints', channels: [67, 0] };
      const size = { width: 128, height: 96 };
      const whole = await openBackend('centernet', size, { ...options, backend });
      const cut = await openBackend('centernet', size, { ...options, backend, keep });
      const inputs = { [whole.entry.input.name]: testPicture(whole.entry, whole.size) };
      const [all, some] = [await whole.run(inputs), await cut.run(inputs)];
      const [heat, kept] = [all['tower_0/keypoints']!, some['tower_0/keypoints']!];
      expect(kept.shape).toEqual([...heat.shape.slice(0, 3), 2]);
      const picked = Array.from(kept.data, (_, i) => heat.data[Math.floor(i / 2) * 80 + keep.channels[i % 2]!]!);
      const worst = picked.reduce((most, value, i) => Math.max(most, Math.abs(value - kept.data[i]!)), 0);
      expect(worst).toBeLessThan(1e-5);
      expect(compareOutputs({ wh: some['tower_0/wh']! }, { wh: all['tower_0/wh']! })).toBeLessThan(1e-5);
      await Promise.all([whole.close(), cut.close()]);
    },
  );

  it('refuses to cut an output that no convolution makes', async () => {
    const keep = { output: 'nothing', channels: [0] };
    await expect(openBackend('centernet', {}, { ...options, keep })).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('refuses an operator that it does not know, by name', () => {
    const model = readModel('emotion');
    const graph = parseGraph(model);
    graph.topology.node.find((node) => node.op === 'Softmax')!.op = 'FancyNorm';
    expect(() => convertToOnnx(graph, model.entry)).toThrow(/convert emotion to ONNX: operator FancyNorm/);
  });
});

describe('cache of converted networks', () => {
  const files = (): string[] => readdirSync(cacheFolder).filter((file) => file.startsWith('antispoof'));

  it('converts once, and again where the stored file was damaged', async () => {
    const lines: string[] = [];
    const log = makeLogger({ write: (line) => lines.push(line) });
    const open = async (): Promise<void> => (await openBackend('antispoof', {}, { ...options, log })).close();
    await open();
    const path = join(cacheFolder, files().find((file) => file.endsWith('.onnx'))!);
    const stored = readFileSync(path);
    lines.length = 0;
    await open();
    expect(lines).toEqual([]);
    writeFileSync(path, stored.subarray(0, 1000));
    await open();
    expect(lines.join()).toContain('network converted and checked');
    expect(readFileSync(path).equals(stored)).toBe(true);
  });

  it('goes on without a cache where the folder cannot be written', async () => {
    const lines: string[] = [];
    const log = makeLogger({ write: (line) => lines.push(line) });
    const blocked = join(cacheFolder, 'a-file');
    writeFileSync(blocked, '');
    const network = await openBackend('emotion', {}, { ...options, cacheFolder: blocked, log });
    expect(lines.join()).toContain('converted network not stored');
    await network.close();
  });

  it('falls back to tfjs-wasm with the reason in the log where a network cannot be converted or checked', async () => {
    const lines: string[] = [];
    const log = makeLogger({ write: (line) => lines.push(line) });
    const strict = { cacheFolder: join(cacheFolder, 'fresh'), tolerance: -1 };
    const network = await openBackend('emotion', {}, { ...options, ...strict, backend: 'auto', log });
    expect(network.name).toBe('tfjs-wasm');
    expect(lines.join()).toContain('onnxruntime not usable');
    expect(lines.join()).toContain('differ from tfjs-wasm');
    await network.close();
    const refused = openBackend('emotion', {}, { ...options, ...strict });
    await expect(refused).rejects.toThrow(/network emotion: 64x64: converted outputs differ from tfjs-wasm/);
  });
});

describe('comparison of outputs', () => {
  const tensor = (values: number[], shape = [values.length]) => ({ out: { shape, data: Float32Array.from(values) } });

  it.each([
    ['equal values', tensor([1, 2]), tensor([1, 2]), 0],
    ['a difference below magnitude 1 as it is', tensor([0.5]), tensor([0.25]), 0.25],
    ['a difference in large values as a share', tensor([101]), tensor([100]), 0.01],
    ['another shape', tensor([1, 2], [1, 2]), tensor([1, 2]), Number.POSITIVE_INFINITY],
    ['not a number', tensor([Number.NaN]), tensor([1]), Number.POSITIVE_INFINITY],
    ['a missing output', {}, tensor([1]), Number.POSITIVE_INFINITY],
  ])('measures %s', (_what, found, reference, difference) => {
    expect(compareOutputs(found, reference)).toBeCloseTo(difference, 6);
  });
});
