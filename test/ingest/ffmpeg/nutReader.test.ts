import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeVideoCommand } from '../../../src/ingest/ffmpeg/ffmpegCommand.js';
import { type NutPacket, nutReader } from '../../../src/ingest/ffmpeg/nutReader.js';
import { ffmpeg, makeClip, temporaryFolder } from '../../support/clips.js';

const folder = temporaryFolder();
const clip = makeClip(join(folder, 'a.mkv'), { seconds: 3, fps: 12, size: '64x48', bFrames: 2 });

const written = (path: string): Buffer => {
  const options = { size: { maxWidth: 64 }, keyframesOnly: false, pick: { kind: 'all' as const }, threads: 1 };
  const { args } = decodeVideoCommand({ kind: 'file', path }, options);
  return ffmpeg(args.slice(args.indexOf('-protocol_whitelist')));
};

const readAll = (bytes: Uint8Array, cuts: number[]): NutPacket[] => {
  const reader = nutReader();
  const packets: NutPacket[] = [];
  let from = 0;
  for (const cut of [...cuts.sort((a, b) => a - b), bytes.length]) {
    packets.push(...reader.push(bytes.subarray(from, cut)));
    from = cut;
  }
  return packets;
};

describe('nutReader', () => {
  const bytes = written(clip);

  it('gives the pixels and the time stamps that ffmpeg itself gives', () => {
    const raw = ffmpeg(['-i', clip, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-vf', 'scale=64:48:flags=bilinear', '-']);
    const packets = readAll(bytes, []);
    expect(Buffer.concat(packets.map((packet) => packet.data)).equals(raw)).toBe(true);
    expect(packets).toHaveLength(36);
    packets.forEach((packet, i) => {
      expect(Math.abs(packet.ptsMs - (i * 1000) / 12)).toBeLessThan(1);
    });
  });

  it('does not care where the pipe cuts', () => {
    const whole = readAll(bytes, []);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 40 }), (cuts) => {
        const packets = readAll(bytes, cuts);
        expect(packets.map((packet) => packet.ptsMs)).toEqual(whole.map((packet) => packet.ptsMs));
        expect(packets.every((packet, i) => Buffer.compare(packet.data, whole[i]!.data) === 0)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('gives the same where its own memory is written into, however much comes at a time', () => {
    const whole = readAll(bytes, []);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 20 }), (amounts) => {
        const reader = nutReader();
        const packets: NutPacket[] = [];
        for (let from = 0, turn = 0; from < bytes.length; turn++) {
          const space = reader.space();
          const part = bytes.subarray(from, from + Math.min(space.length, amounts[turn % amounts.length]!));
          space.set(part);
          packets.push(...reader.wrote(part.length));
          from += part.length;
        }
        expect(packets.map((packet) => packet.ptsMs)).toEqual(whole.map((packet) => packet.ptsMs));
        expect(packets.every((packet, i) => Buffer.compare(packet.data, whole[i]!.data) === 0)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('reads one byte at a time', () => {
    const part = bytes.subarray(0, 30_000);
    expect(readAll(part, [...part.keys()])).toHaveLength(readAll(part, []).length);
  });

  it('knows the size, and whether a picture is torn', () => {
    const reader = nutReader();
    reader.push(bytes.subarray(0, 20_000));
    expect(reader.stream()).toEqual({ width: 64, height: 48 });
    expect(reader.torn).toBe(true);
    reader.push(bytes.subarray(20_000));
    expect(reader.torn).toBe(false);
  });

  it.each([
    ['something else', Buffer.from('HTTP/1.1 200 OK\r\n\r\nhello, this is not a NUT stream at all')],
    ['bytes after the header', Buffer.concat([written(clip).subarray(0, 25), Buffer.alloc(64, 7)])],
  ])('refuses %s', (_what, wrong) => {
    expect(() => nutReader().push(wrong)).toThrow(expect.objectContaining({ code: 'protocol' }));
  });
});
