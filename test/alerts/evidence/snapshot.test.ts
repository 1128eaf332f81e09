import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawBoxes, encodeJpeg, overlay } from '../../../src/alerts/evidence/snapshot.js';

const gray = (width: number, height: number) => ({ rgb: new Uint8Array(width * height * 3).fill(128), width, height });

describe('snapshots', () => {
  it('draws a box at its place and nothing elsewhere', async () => {
    const jpeg = await drawBoxes(gray(640, 360), [{ box: [0.25, 0.5, 0.5, 0.75], label: 'person', score: 0.93 }]);
    const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
    const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)];
    expect([info.width, info.height]).toEqual([640, 360]);
    const [red, green] = at(160, 220);
    expect(red! - green!).toBeGreaterThan(60);
    for (const [x, y] of [
      [240, 220],
      [20, 20],
      [600, 300],
    ] as const) {
      for (const value of at(x, y)) expect(Math.abs(value - 128)).toBeLessThan(6);
    }
  });

  it('keeps a label of Chinese letters off the picture and its score on it', () => {
    const svg = overlay({ width: 640, height: 360 }, [{ box: [0, 0, 1, 1], label: '工作人员<script>', score: 0.5 }]);
    expect(svg).not.toMatch(/[^\x20-\x7e]|script|<text/);
    expect(svg).toContain('<path');
  });

  it('cuts a box off at the edge of the picture', () => {
    expect(overlay({ width: 100, height: 100 }, [{ box: [-0.5, 0.5, 2, 3], label: 'x', score: 1 }])).toContain(
      '<rect x="0" y="50" width="100" height="50"',
    );
  });

  it('encodes a picture without boxes and refuses torn pixels', async () => {
    expect((await sharp(await encodeJpeg(gray(64, 48))).metadata()).format).toBe('jpeg');
    await expect(encodeJpeg({ ...gray(64, 48), height: 49 })).rejects.toMatchObject({ code: 'bad-input' });
  });
});
