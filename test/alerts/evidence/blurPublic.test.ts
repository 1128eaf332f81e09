import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { blurPublic } from '../../../src/alerts/evidence/blurPublic.js';

const [WIDTH, HEIGHT] = [560, 320];

/** Fine stripes everywhere: what is pixelated loses them, what is clear keeps them. */
async function striped(): Promise<Buffer> {
  const rgb = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => (Math.floor(i / 3) % 4 < 2 ? 20 : 235));
  return sharp(rgb, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .jpeg({ quality: 95 })
    .toBuffer();
}

/** Mean difference of neighbouring columns in a part of the picture, 0-255. */
async function detail(picture: Buffer, [left, top, width, height]: [number, number, number, number]): Promise<number> {
  const { data } = await sharp(picture)
    .extract({ left, top, width, height })
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  let sum = 0;
  for (let i = 1; i < data.length; i++) if (i % width !== 0) sum += Math.abs(data[i]! - data[i - 1]!);
  return sum / data.length;
}

describe('a picture that leaves the board', () => {
  it('can be recognised inside the staff zone alone, and nowhere else', async () => {
    const zone = [
      [0.1, 0.1],
      [0.4, 0.1],
      [0.4, 0.9],
      [0.1, 0.9],
    ] as const;
    const blurred = await blurPublic(await striped(), [zone.map(([x, y]) => [x, y] as const)]);
    expect(await sharp(blurred).metadata()).toMatchObject({ width: WIDTH, height: HEIGHT, format: 'jpeg' });
    expect(await detail(blurred, [80, 60, 120, 200])).toBeGreaterThan(50);
    for (const part of [
      [300, 20, 240, 280],
      [0, 0, 40, 320],
    ] as Array<[number, number, number, number]>) {
      expect(await detail(blurred, part)).toBeLessThan(8);
    }
  });

  it('is pixelated all over where no zone is drawn', async () => {
    expect(await detail(await blurPublic(await striped(), []), [0, 0, WIDTH, HEIGHT])).toBeLessThan(8);
  });

  it('that is none is refused', async () => {
    await expect(blurPublic(Buffer.from('no picture'), [])).rejects.toMatchObject({ code: 'bad-input' });
  });
});
