import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { type DetectKind, detectImage, type FaceFinder } from '../../src/detectors/detectImage.js';
import type { ObjectFinder } from '../../src/detectors/persons/detectObjects.js';
import { readPicture } from '../../src/detectors/readPicture.js';

const folder = mkdtempSync(join(tmpdir(), 'hallwatch-pictures-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string): string => join(folder, name);

/** A picture that is red on the left and blue on the right. */
const halves = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#0000ff' } }).composite([
    {
      input: { create: { width: width / 2, height, channels: 3, background: '#ff0000' } },
      left: 0,
      top: 0,
    },
  ]);

const objects: ObjectFinder = async () => [
  { label: 'person', score: 0.8, box: [0, 0, 0.5, 1] },
  { label: 'cup', score: 0.6, box: [0.5, 0.5, 0.6, 0.6] },
];
const kinds = (...names: DetectKind[]): ReadonlySet<DetectKind> => new Set(names);

describe('reading a picture', () => {
  it('turns it upright as its EXIF says', async () => {
    await halves(40, 20).withMetadata({ orientation: 6 }).jpeg({ quality: 100 }).toFile(path('turned.jpg'));
    const picture = await readPicture(path('turned.jpg'));
    expect([picture.width, picture.height, picture.fullWidth, picture.fullHeight]).toEqual([20, 40, 20, 40]);
    // Turned a quarter to the right, the left side is on top.
    expect(picture.rgb[0]).toBeGreaterThan(200);
    expect(picture.rgb[picture.rgb.length - 1]).toBeGreaterThan(200);
  });

  it.each([
    ['gray', (image: Sharp) => image.grayscale()],
    ['transparent', (image: Sharp) => image.ensureAlpha(0.5)],
    ['16 bit', (image: Sharp) => image.toColourspace('rgb16')],
  ])('gives three bytes a pixel for a %s one', async (name, change) => {
    await change(halves(16, 8))
      .png()
      .toFile(path(`${name}.png`));
    expect((await readPicture(path(`${name}.png`))).rgb).toHaveLength(16 * 8 * 3);
  });

  it('scales a large one down and remembers its size', async () => {
    await halves(4000, 1000).jpeg().toFile(path('large.jpg'));
    const picture = await readPicture(path('large.jpg'));
    expect([picture.width, picture.height]).toEqual([1920, 480]);
    expect([picture.fullWidth, picture.fullHeight]).toEqual([4000, 1000]);
  });

  it.each([
    ['text', Buffer.from('not a picture at all')],
    ['nothing', Buffer.alloc(0)],
    ['noise behind a JPEG marker', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(500, 7)])],
  ])('refuses a file that holds %s', async (_what, bytes) => {
    writeFileSync(path('bad.jpg'), bytes);
    await expect(readPicture(path('bad.jpg'))).rejects.toMatchObject({ code: 'bad-input' });
    await expect(readPicture(path('bad.jpg'))).rejects.toThrow(/picture: .*bad\.jpg: /);
  });

  it('refuses a picture that breaks off', async () => {
    await halves(400, 400).jpeg().toFile(path('whole.jpg'));
    const whole = readFileSync(path('whole.jpg'));
    writeFileSync(path('cut.jpg'), whole.subarray(0, whole.length * 0.7));
    await expect(readPicture(path('cut.jpg'))).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('refuses one of more than 100 megapixels', async () => {
    await sharp({ create: { width: 20_000, height: 6_000, channels: 3, background: '#fff' } })
      .png({ compressionLevel: 1 })
      .toFile(path('huge.png'));
    await expect(readPicture(path('huge.png'))).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('says that a file is not there', async () => {
    await expect(readPicture(path('nowhere.jpg'))).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('detect on a picture file', () => {
  it('gives exactly the keys of the command, in fractions', async () => {
    await halves(80, 40).jpeg().toFile(path('hall.jpg'));
    const found = await detectImage(path('hall.jpg'), { kinds: kinds('person', 'item'), objects });
    expect(found).toEqual({
      file: path('hall.jpg'),
      width: 80,
      height: 40,
      persons: [{ box: [0, 0, 0.5, 1], score: 0.8 }],
      items: [{ label: 'cup', box: [0.5, 0.5, 0.6, 0.6], score: 0.6 }],
      faces: [],
    });
    expect(Object.keys(found)).toEqual(['file', 'width', 'height', 'persons', 'items', 'faces']);
  });

  it('looks only for what was asked', async () => {
    const found = await detectImage(path('hall.jpg'), { kinds: kinds('item'), objects });
    expect([found.persons.length, found.items.length]).toEqual([0, 1]);
  });

  it('passes faces on, with smile and descriptor where asked', async () => {
    const asked: unknown[] = [];
    const faces: FaceFinder = async (_picture, options) => {
      asked.push(options);
      return [{ box: [0.1, 0.1, 0.2, 0.2], score: 0.9, smile: 'unknown' }];
    };
    const options = { kinds: kinds('smile'), objects, faces, embeddings: true };
    const found = await detectImage(path('hall.jpg'), options);
    expect(asked).toEqual([{ smile: true, embeddings: true }]);
    expect(found.faces).toEqual([{ box: [0.1, 0.1, 0.2, 0.2], score: 0.9, smile: 'unknown' }]);
  });

  it('says so where faces are asked for and nobody can find them', async () => {
    const look = detectImage(path('hall.jpg'), { kinds: kinds('face'), objects });
    await expect(look).rejects.toMatchObject({ code: 'unsupported' });
  });
});
