import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HEIGHT, WIDTH } from '../../../src/ingest/health/picture.js';
import { sharedPath } from '../../support/shared.js';
import { player } from './play.js';
import { box, hall, person, SCENE_HEIGHT, SCENE_WIDTH, sensor, small } from './scene.js';

const empty = hall();
const usual = small(empty);

/** Black on white digits that change each picture, in a strip as recorders draw it. */
function clock(picture: Uint8Array, atS: number): Uint8Array {
  const ticking = picture.slice();
  for (let y = 3; y < 8; y++) {
    for (let x = 6; x < 46; x++) ticking[y * WIDTH + x] = ((x * 7 + y * 3 + Math.floor(atS) * 11) >> 2) % 2 ? 235 : 20;
  }
  return ticking;
}

describe('drawn pictures', () => {
  it.each([
    ['without an overlay', (picture: Uint8Array) => picture],
    ['under a ticking clock', clock],
  ])('a picture that stands still %s is frozen within 60 s', (_, overlay) => {
    const camera = sensor(4, 1);
    const stage = player();
    stage.play(120, (atS) => overlay(camera(usual), atS));
    const last = camera(usual);
    stage.play(120, (atS) => overlay(last, atS));
    stage.play(40, (atS) => overlay(camera(usual), atS));
    expect(stage.said()).toEqual(['frozen raised', 'frozen cleared']);
    expect(stage.told[0]!.atS - 120).toBeLessThanOrEqual(60);
    expect(stage.told[1]!.atS - 240).toBeLessThanOrEqual(20);
  });

  it('an empty hall with weak noise and a clock is alive for 8 hours', () => {
    const camera = sensor(11, 0.4);
    const stage = player({ everyS: 10 });
    stage.play(8 * 3600, (atS) => clock(camera(usual), atS));
    expect(stage.said()).toEqual([]);
  }, 240_000);

  it('a privacy mask over a third of the picture freezes nothing', () => {
    const camera = sensor(4, 0.6);
    const stage = player();
    const masked = small(box(empty.slice(), [0, 0, SCENE_WIDTH / 3, SCENE_HEIGHT], 16));
    const mask = (picture: Uint8Array): Uint8Array => picture.map((luma, i) => (i % WIDTH < 53 ? 16 : luma));
    stage.play(300, () => mask(camera(masked)));
    expect(stage.said()).toEqual([]);
  });

  it('somebody who moves in a picture without any noise keeps it alive', () => {
    const sharp = sensor(1, 0);
    const stage = player();
    const views = [80, 200, 330, 470].map((x) => small(person(empty.slice(), x)));
    stage.play(600, (atS) => sharp(views[Math.floor(atS / 20) % 4]!));
    expect(stage.said()).toEqual([]);
  });

  it('a camera that comes back with its old picture after an outage is not frozen at once', () => {
    const camera = sensor(4, 1);
    const stage = player();
    const last = camera(usual);
    stage.play(10, () => last);
    stage.pause(300);
    stage.play(20, () => last);
    expect(stage.said()).toEqual([]);
  });

  it.each([
    ['an empty hall', small(empty)],
    ['a hall with a visitor', small(person(empty.slice(), 300))],
  ])('after an outage %s is seen to be alive within 20 s', (_, back) => {
    const camera = sensor(4, 1);
    const stage = player();
    const last = camera(usual);
    stage.play(90, () => last);
    stage.pause(120);
    stage.play(20, () => camera(back));
    expect(stage.said()).toEqual(['frozen raised', 'frozen cleared']);
  });

  it('key frames 8 s apart are enough', () => {
    const camera = sensor(4, 1);
    const stage = player({ everyS: 8 });
    stage.play(120, (atS) => clock(camera(usual), atS));
    const last = camera(usual);
    stage.play(120, (atS) => clock(last, atS));
    expect(stage.said()).toEqual(['frozen raised']);
    expect(stage.told[0]!.atS - 120).toBeLessThanOrEqual(60);
  });

  it('follows frozenAfter', () => {
    const stage = player({ frozenAfterMs: 20_000, everyS: 1 });
    const last = sensor(4, 1)(usual);
    stage.play(30, () => last);
    expect(stage.told[0]!.atS).toBeLessThanOrEqual(25);
  });
});

describe('pictures through a real encoder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hallwatch-frozen-'));
  beforeAll(() => {
    const header = Buffer.from(`P5 ${SCENE_WIDTH} ${SCENE_HEIGHT} 255\n`);
    writeFileSync(join(folder, 'hall.pgm'), Buffer.concat([header, Uint8Array.from(empty)]));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Two boxes of an overlay that take turns each second. */
  const ticking = [0, 1].map(
    (n) => `drawbox=x=${20 + n * 30}:y=10:w=24:h=18:color=white:t=fill:enable='lt(mod(t+${n},2),1)'`,
  );

  /** Key frames 2 s apart, as health sees them. */
  function encoded(filters: string[], rate: string[], seconds: number): Uint8Array[] {
    const clip = join(folder, 'clip.mp4');
    const still = ['-loop', '1', '-framerate', '5', '-i', join(folder, 'hall.pgm'), '-t', String(seconds)];
    const codec = ['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-g', '10', '-sc_threshold', '0'];
    const filter = [...filters, ...ticking, 'format=yuv420p'].join(',');
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...still, '-vf', filter, ...codec, ...rate, clip]);
    const scale = `scale=${WIDTH}:${HEIGHT}:flags=area,format=gray`;
    const out = ['-fps_mode', 'passthrough', '-vf', scale, '-f', 'rawvideo', 'pipe:1'];
    const raw = execFileSync('ffmpeg', ['-v', 'error', '-skip_frame', 'nokey', '-i', clip, ...out], {
      maxBuffer: 1 << 26,
    });
    return Array.from({ length: raw.length / (WIDTH * HEIGHT) }, (_, i) =>
      raw.subarray(i * WIDTH * HEIGHT, (i + 1) * WIDTH * HEIGHT),
    );
  }

  const said = (pictures: Uint8Array[]): string[] => {
    const stage = player();
    stage.play(pictures.length * 2, (atS) => pictures[atS / 2]!);
    return stage.said();
  };

  it.each([
    ['constant quality', ['-crf', '23']],
    ['constant bit rate', ['-b:v', '500k', '-maxrate', '500k', '-bufsize', '250k']],
  ])('a frozen hall under a ticking overlay is found (%s)', (_, rate) => {
    expect(said(encoded([], rate, 64))).toEqual(['frozen raised']);
  });

  it.each([
    ['weak noise, good quality', 'noise=alls=2:allf=t', ['-crf', '23']],
    ['weak noise, strong compression', 'noise=alls=2:allf=t', ['-crf', '35']],
    ['noise, constant low bit rate', 'noise=alls=4:allf=t', ['-b:v', '150k', '-maxrate', '150k', '-bufsize', '150k']],
  ])('an empty hall is alive (%s)', (_, noise, rate) => {
    expect(said(encoded([noise], rate, 100))).toEqual([]);
  });
});

describe('real footage', () => {
  it.each([
    'sam2_cups_moved',
    'coverr_cafe_counter',
    'coverr_office_sitdown',
    'proctoring_face_near',
    'composed_absence_office',
  ])('says nothing of %s, played to and fro', (name) => {
    const path = sharedPath(`footage/video/${name}.mp4`);
    if (!path) return;
    const vf = `fps=1,scale=${WIDTH}:${HEIGHT}:flags=area,format=gray`;
    const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-vf', vf, '-f', 'rawvideo', 'pipe:1'], {
      maxBuffer: 1 << 26,
    });
    const size = WIDTH * HEIGHT;
    const count = raw.length / size;
    const stage = player({ everyS: 1 });
    stage.play(Math.max(count, 180), (atS) => {
      const i = atS % (2 * count - 2);
      return raw.subarray((i < count ? i : 2 * count - 2 - i) * size).subarray(0, size);
    });
    expect(stage.said()).toEqual([]);
  });
});
