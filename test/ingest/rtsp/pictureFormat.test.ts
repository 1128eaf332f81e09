import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nalRules, type VideoCodec } from '../../../src/ingest/rtsp/nalUnits.js';
import { pictureFormat } from '../../../src/ingest/rtsp/pictureFormat.js';
import { ffmpeg, makeClip, temporaryFolder } from '../../support/clips.js';

const folder = temporaryFolder();

/** The sequence parameter set of a stream that ffmpeg encodes now. */
function spsOf(codec: VideoCodec, size: string, more: string[] = []): Uint8Array {
  const name = `${codec}-${size}-${more.join('')}`.replace(/\W/g, '_');
  const encoder = codec === 'h264' ? 'libx264' : 'libx265';
  const clip = makeClip(join(folder, `${name}.mp4`), { seconds: 1, size, codec: encoder, more });
  const raw = join(folder, `${name}.${codec}`);
  const bare = codec === 'h264' ? 'h264' : 'hevc';
  ffmpeg(['-i', clip, '-c', 'copy', '-bsf:v', `${bare}_mp4toannexb`, '-f', bare, raw]);
  const bytes = readFileSync(raw);
  const wanted = codec === 'h264' ? 7 : 33;
  for (let at = bytes.indexOf('000001', 0, 'hex'); at >= 0; at = bytes.indexOf('000001', at + 3, 'hex')) {
    if (nalRules[codec].typeOf(bytes[at + 3]!) !== wanted) continue;
    const end = bytes.indexOf('000001', at + 3, 'hex');
    return new Uint8Array(bytes.subarray(at + 3, end < 0 ? undefined : end));
  }
  throw new Error('no parameter set');
}

describe('pictureFormat', () => {
  it.each<[string, VideoCodec, string, string[], object]>([
    ['a sub-stream', 'h264', '640x360', [], { width: 640, height: 360, aspect: 640 / 360 }],
    ['cropped', 'h264', '1920x1080', [], { width: 1920, height: 1080 }],
    [
      'pixels that are not square',
      'h264',
      '704x576',
      ['-vf', 'setsar=12/11'],
      { width: 704, aspect: (704 / 576) * (12 / 11) },
    ],
    ['High profile', 'h264', '640x360', ['-preset', 'medium'], { width: 640, height: 360 }],
    ['H.265', 'h265', '640x360', [], { width: 640, height: 360 }],
    ['H.265 cropped', 'h265', '360x202', [], { width: 360, height: 202 }],
  ])('%s', (_what, codec, size, more, expected) => {
    expect(pictureFormat(codec, spsOf(codec, size, more))).toMatchObject({ codec, ...expected });
  });

  it('tells streams apart that need a decoder set up in another way', () => {
    const kinds = [[], ['-pix_fmt', 'yuvj420p'], ['-pix_fmt', 'yuv444p']].map(
      (more) => pictureFormat('h264', spsOf('h264', '320x240', more)).kind,
    );
    expect(new Set(kinds).size).toBe(3);
  });

  it.each([
    ['nothing', []],
    ['zeros', Array(40).fill(0)],
    ['ones', Array(40).fill(0xff)],
  ])('refuses %s', (_what, bytes) => {
    for (const codec of ['h264', 'h265'] as const) {
      expect(() => pictureFormat(codec, Uint8Array.from(bytes as number[]))).toThrow(/video:/);
    }
  });
});
