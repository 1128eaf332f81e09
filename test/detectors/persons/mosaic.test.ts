import { describe, expect, it } from 'vitest';
import { yuvBytes, yuvToRgb } from '../../../src/core/yuv.js';
import { detectInMosaic, type MosaicGrid } from '../../../src/detectors/persons/mosaic.js';

const GRID: MosaicGrid = { cell: 64, columns: 2, rows: 2 };
const picture = (level: number) => ({ width: 100, height: 100, rgb: new Uint8Array(30_000).fill(level) });

/** A network that answers one person of 16 pixels a side at each of these input pixels, and keeps its input. */
function network(...centres: Array<[x: number, y: number]>) {
  let input: Uint8Array = new Uint8Array(0);
  const run = async (inputs: Record<string, { shape: readonly number[]; data: unknown }>) => {
    const [, height, width] = inputs['tower_0/images']!.shape as [number, number, number];
    input = inputs['tower_0/images']!.data as Uint8Array;
    const cells = (height / 4) * (width / 4);
    const heat = new Float32Array(cells * 80);
    for (const [x, y] of centres) heat[(Math.floor(y / 4) * (width / 4) + Math.floor(x / 4)) * 80] = 0.9;
    const shape = (channels: number) => [1, height / 4, width / 4, channels];
    return {
      'tower_0/keypoints': { shape: shape(80), data: heat },
      'tower_0/wh': { shape: shape(4), data: new Float32Array(cells * 4).fill(8) },
    };
  };
  return { size: { width: 128, height: 128 }, run, input: () => input };
}
const options = { minScore: 0.2, labels: ['person'] };
const tiles = [0, 1, 2].map((i) => ({ picture: picture(50 * (i + 1)), region: [0, 0, 1, 1] as const }));

describe('several tiles in one look', () => {
  it('gives each tile what lies in its cell, in fractions of its own picture', async () => {
    const found = await detectInMosaic(tiles, network([32, 32], [96, 32], [96, 44]), GRID, options);
    expect(found.map((objects) => objects.length)).toEqual([1, 2, 0]);
    const [x1, y1, x2, y2] = found[0]![0]!.box;
    // The cell's middle is the picture's middle; 56 of its 64 pixels are picture.
    expect([(x1 + x2) / 2, (y1 + y2) / 2]).toEqual([0.5, 0.5]);
    expect(x2 - x1).toBeCloseTo(16 / 56, 5);
  });

  it('puts boxes back into the picture where the tile is a part of it', async () => {
    const part = [{ picture: picture(50), region: [0.5, 0, 1, 0.5] as const }];
    const [found] = await detectInMosaic(part, network([32, 32]), GRID, options);
    const [x1, y1, x2, y2] = found![0]!.box;
    expect((x1 + x2) / 2).toBeCloseTo(0.75, 5);
    expect((y1 + y2) / 2).toBeCloseTo(0.25, 5);
  });

  it('keeps gray between the tiles and in cells without one', async () => {
    const net = network();
    await detectInMosaic(tiles, net, GRID, options);
    const level = (x: number, y: number): number => net.input()[(y * 128 + x) * 3]!;
    expect([level(32, 32), level(96, 32), level(32, 96), level(96, 96)]).toEqual([50, 100, 150, 114]);
    expect([level(63, 32), level(65, 32)]).toEqual([114, 114]);
  });

  it('gives a lone tile its whole cell', async () => {
    const net = network();
    await detectInMosaic(tiles.slice(0, 1), net, { cell: 64, columns: 1, rows: 1 }, options);
    expect(new Set(net.input())).toEqual(new Set([50]));
  });

  it('refuses more tiles than there are cells', async () => {
    await expect(detectInMosaic([...tiles, ...tiles], network(), GRID, options)).rejects.toThrow(/6 tiles/);
  });
});

describe('planes', () => {
  it('become the colours of BT.601', () => {
    const yuv = new Uint8Array(yuvBytes(4, 2));
    const paint = (y: number, u: number, v: number): number[] => {
      yuv.fill(y, 0, 8).fill(u, 8, 10).fill(v, 10, 12);
      return [...yuvToRgb({ width: 4, height: 2, yuv }, { left: 1, top: 1, width: 1, height: 1 })];
    };
    expect(paint(16, 128, 128)).toEqual([0, 0, 0]);
    expect(paint(235, 128, 128)).toEqual([255, 255, 255]);
    // 100 % red, green and blue of the standard, to the rounding of eight bits.
    const near = (actual: number[], expected: number[]) =>
      expect(Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThanOrEqual(2);
    near(paint(81, 90, 240), [255, 0, 0]);
    near(paint(145, 54, 34), [0, 255, 0]);
    near(paint(41, 240, 110), [0, 0, 255]);
  });
});
