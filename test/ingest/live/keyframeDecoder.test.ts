import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock as clock } from '../../../src/core/clock.js';
import { silentLogger as log } from '../../../src/core/log.js';
import type { Picture } from '../../../src/ingest/ffmpeg/decoder.js';
import { type FfmpegChild, runningFfmpegCount, startFfmpeg } from '../../../src/ingest/ffmpeg/ffmpegProcess.js';
import { type DecoderClient, type KeyframeDecoder, keyframeDecoder } from '../../../src/ingest/live/keyframeDecoder.js';
import { pictureMemory } from '../../../src/ingest/live/pictureMemory.js';
import { ffmpeg, temporaryFolder } from '../../support/clips.js';

const folder = temporaryFolder();
const opened: KeyframeDecoder[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(opened.splice(0).map((decoder) => decoder.close()));
  expect(runningFfmpegCount()).toBe(0);
});

/** One key frame of one colour, as Annex B with its parameter sets. */
function unit(colour: 'black' | 'white', codec: 'h264' | 'h265' = 'h264'): Uint8Array {
  const path = join(folder, `${colour}.${codec}`);
  const encoder =
    codec === 'h264' ? ['-c:v', 'libx264', '-bf', '2'] : ['-c:v', 'libx265', '-x265-params', 'log-level=error'];
  const source = ['-f', 'lavfi', '-i', `color=${colour}:size=160x96:rate=1`, '-frames:v', '1'];
  ffmpeg([...source, ...encoder, '-pix_fmt', 'yuv420p', '-f', codec === 'h264' ? 'h264' : 'hevc', path]);
  return new Uint8Array(readFileSync(path));
}

function open(codec: 'h264' | 'h265' = 'h264') {
  const children: FfmpegChild[] = [];
  const decoder = keyframeDecoder({
    ...{ codec, size: { width: 160, height: 96 }, clock, log, memory: pictureMemory({ most: () => 16 }) },
    start(command, options) {
      const child = startFfmpeg(command, options);
      children.push(child);
      return child;
    },
  });
  opened.push(decoder);
  return { decoder, children };
}

/** A camera that notes what it hears; `next` resolves with the next thing heard. */
function camera() {
  const heard: string[] = [];
  let wake: (() => void) | undefined;
  const hear = (what: string): void => {
    heard.push(what);
    wake?.();
  };
  const client: DecoderClient = {
    onPicture: ({ ptsMs, width, height, yuv }: Picture) =>
      hear(
        `${ptsMs}: ${width}x${height} ${yuv![0]! < 60 ? 'black' : 'white'} ${yuv!.buffer instanceof SharedArrayBuffer}`,
      ),
    onDamage: () => hear('damage'),
    onDropped: () => hear('dropped'),
    onCrash: () => hear('crash'),
  };
  const until = async (count: number): Promise<string[]> => {
    while (heard.length < count) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return heard;
  };
  return { client, until, heard };
}

describe('many cameras to one decoder', () => {
  it.each(['h264', 'h265'] as const)('%s: a lone picture comes though nothing follows it', async (codec) => {
    const { decoder } = open(codec);
    const one = camera();
    decoder.decode(one.client, { ptsMs: 40.5, data: unit('white', codec) });
    expect(await one.until(1)).toEqual(['40.5: 160x96 white true']);
  });

  it('pictures come through a pipe where no socket can be made', async () => {
    const long = join(folder, 'a'.repeat(100));
    mkdirSync(long);
    vi.stubEnv('TMPDIR', long);
    const { decoder } = open();
    const one = camera();
    decoder.decode(one.client, { ptsMs: 7, data: unit('white') });
    expect(await one.until(1)).toEqual(['7: 160x96 white true']);
  });

  it('each picture goes to the camera it came from, with its time stamp', async () => {
    const { decoder, children } = open();
    const [black, white] = [camera(), camera()];
    for (let i = 0; i < 5; i++) {
      decoder.decode(black.client, { ptsMs: i, data: unit('black') });
      decoder.decode(white.client, { ptsMs: 100 + i, data: unit('white') });
      await Promise.all([black.until(i + 1), white.until(i + 1)]);
    }
    expect(black.heard).toEqual([0, 1, 2, 3, 4].map((i) => `${i}: 160x96 black true`));
    expect(white.heard).toEqual([0, 1, 2, 3, 4].map((i) => `${100 + i}: 160x96 white true`));
    expect(children).toHaveLength(1);
  });

  it('a picture that cannot be decoded is told to its camera alone', async () => {
    const { decoder } = open();
    const [good, bad] = [camera(), camera()];
    decoder.decode(good.client, { ptsMs: 1, data: unit('white') });
    await good.until(1);
    const broken = unit('black').map((byte, i, all) => (i > all.length / 2 ? (i * 31) & 0xff : byte));
    decoder.decode(bad.client, { ptsMs: 2, data: broken.subarray(0, broken.length - 8) });
    decoder.decode(good.client, { ptsMs: 3, data: unit('white') });
    expect((await good.until(2))[1]).toBe('3: 160x96 white true');
    expect(bad.heard.filter((what) => what !== 'damage' && !what.startsWith('2:'))).toEqual([]);
  });

  it('the newest picture wins where the decoder is behind', async () => {
    const { decoder } = open();
    const busy = [camera(), camera(), camera()];
    const late = camera();
    for (const each of busy) decoder.decode(each.client, { ptsMs: 0, data: unit('black') });
    decoder.decode(late.client, { ptsMs: 1, data: unit('black') });
    decoder.decode(late.client, { ptsMs: 2, data: unit('white') });
    expect(await late.until(2)).toEqual(['dropped', '2: 160x96 white true']);
  });

  it('a child that is killed starts again, and what it had in hand is tried again', async () => {
    const { decoder, children } = open();
    const cameras = [camera(), camera(), camera()];
    for (const each of cameras) decoder.decode(each.client, { ptsMs: 0, data: unit('white') });
    await Promise.all(cameras.map((each) => each.until(1)));
    process.kill(children[0]!.pid!, 'SIGKILL');
    await children[0]!.exited;
    for (const each of cameras) decoder.decode(each.client, { ptsMs: 1, data: unit('white') });
    const pictures = (list: string[]): number => list.filter((what) => what.startsWith('1:')).length;
    for (const each of cameras.slice(1)) while (pictures(each.heard) === 0) await each.until(each.heard.length + 1);
    expect(children.length).toBeGreaterThan(1);
  });
});
