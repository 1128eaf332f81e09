import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cutClipCommand,
  decodeAudioCommand,
  decodeVideoCommand,
  encodeVideoCommand,
  type FfmpegInput,
  probeFactsCommand,
  probePacketsCommand,
} from '../../../src/ingest/ffmpeg/ffmpegCommand.js';

const decode = { size: { maxWidth: 640 }, keyframesOnly: true, pick: { kind: 'all' as const }, threads: 1 };
const rtsp = (password: string): FfmpegInput => ({
  kind: 'network',
  url: 'rtsp://10.0.0.21/sub',
  credentials: { user: 'admin', password },
  timeoutMs: 10_000,
});

const commandsFor = (input: FfmpegInput) => [
  decodeVideoCommand(input, decode),
  decodeAudioCommand(input, 16_000),
  probeFactsCommand(input),
  probePacketsCommand(input, 12),
  cutClipCommand(input, { startS: 1, lengthS: 2 }, '/tmp/clip.mp4'),
];

describe('commands for a camera', () => {
  it('never hold the password in an argument, whatever it is', () => {
    const password = fc.string({ minLength: 4, unit: 'grapheme' }).map((text) => `s3cret${text}`);
    fc.assert(
      fc.property(password, (secret) => {
        for (const command of commandsFor(rtsp(secret))) {
          const all = command.args.join('\n');
          expect(all).not.toContain(secret);
          expect(all).not.toContain('s3cret');
          expect(command.stdin).toContain('s3cret');
        }
      }),
    );
  });

  it('give the password percent-encoded in a playlist of one entry', () => {
    const { stdin } = decodeVideoCommand(rtsp("p@ss'w:/密码"), decode);
    expect(stdin).toContain("file 'rtsp://admin:p%40ss%27w%3A%2F%E5%AF%86%E7%A0%81@10.0.0.21/sub'");
    expect(stdin?.split('\n').filter((line) => line.startsWith('file'))).toHaveLength(1);
  });

  it('cannot be made to hold a second entry by an address', () => {
    const input: FfmpegInput = { kind: 'network', url: "rtsp://h/a'\nfile '/etc/passwd", timeoutMs: 1 };
    expect(decodeVideoCommand(input, decode).stdin?.match(/^file /gm)).toHaveLength(1);
  });

  it('read over TCP with a time limit, one track only', () => {
    const lines = decodeVideoCommand(rtsp('secret'), decode).stdin?.split('\n');
    expect(lines).toContain('option rtsp_transport tcp');
    expect(lines).toContain('option timeout 10000000');
    expect(lines).toContain('option allowed_media_types video');
    expect(decodeAudioCommand(rtsp('secret'), 16_000).stdin).toContain('option allowed_media_types audio');
  });

  it('allow no protocol that reads this machine', () => {
    for (const { args } of commandsFor(rtsp('secret'))) {
      const allowed = args[args.indexOf('-protocol_whitelist') + 1]?.split(',');
      expect(allowed).not.toContain('file');
      expect(allowed).toContain('tcp');
    }
  });

  it('decode key frames only where that is asked, before the input', () => {
    const { args } = decodeVideoCommand(rtsp('secret'), decode);
    expect(args.indexOf('-skip_frame')).toBeGreaterThan(-1);
    expect(args.indexOf('-skip_frame')).toBeLessThan(args.indexOf('-i'));
    const all = decodeVideoCommand(rtsp('secret'), { ...decode, keyframesOnly: false }).args;
    expect(all).not.toContain('-skip_frame');
  });
});

describe('commands for files', () => {
  it('keep a path that looks like an option or an address a path', () => {
    for (const path of ['-y', 'rtsp://evil/x', 'concat:/etc/passwd']) {
      const { args } = decodeVideoCommand({ kind: 'file', path }, decode);
      expect(args[args.indexOf('-i') + 1]).toBe(`file:${path}`);
      expect(args[args.indexOf('-protocol_whitelist') + 1]).toBe('file');
    }
  });

  it('play at native speed where asked, except for probing', () => {
    const input: FfmpegInput = { kind: 'file', path: 'a.mp4', native: true };
    expect(decodeVideoCommand(input, decode).args).toContain('-re');
    expect(probeFactsCommand(input).args).not.toContain('-re');
  });

  it('encode to a file or a pipe', () => {
    const options = { width: 640, height: 360, fps: 10, codec: 'h264' as const, keyframeEveryS: 2 };
    const file = encodeVideoCommand({ ...options, target: { path: '/tmp/a.mp4' } }).args;
    expect(file.at(-1)).toBe('file:/tmp/a.mp4');
    expect(file[file.indexOf('-g') + 1]).toBe('20');
    expect(encodeVideoCommand({ ...options, target: { format: 'mpegts' } }).args.at(-1)).toBe('pipe:1');
  });
});
