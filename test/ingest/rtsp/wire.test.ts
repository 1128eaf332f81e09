import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rtspWire } from '../../../src/ingest/rtsp/wire.js';

const reply =
  'RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\nWWW-Authenticate: Basic realm="a"\r\nWWW-Authenticate: Digest realm="b"\r\n\r\n';
const described = 'RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 5\r\n\r\nv=0\r\n';
const packet = (channel: number, bytes: number[]): Buffer =>
  Buffer.from([0x24, channel, bytes.length >> 8, bytes.length & 0xff, ...bytes]);
const stream = Buffer.concat([
  Buffer.from(reply),
  packet(0, [1, 2, 3]),
  Buffer.from(described),
  packet(1, [0x24, 0x0d, 0x0a]),
  Buffer.from('\r\nOPTIONS rtsp://h/ RTSP/1.0\r\nCSeq: 9\r\n\r\n'),
  packet(0, []),
]);

const readIn = (sizes: number[]): string[] => {
  const heard: string[] = [];
  const take = rtspWire({
    onReply: ({ status, body, all }) =>
      heard.push(`${status} ${JSON.stringify(body)} ${all('www-authenticate').length}`),
    onPacket: (channel, data) => heard.push(`${channel}: ${[...data].join(' ')}`),
  });
  // One buffer is used again and again, as the sockets do.
  const buffer = Buffer.alloc(stream.length);
  for (let at = 0, i = 0; at < stream.length; i++) {
    const length = Math.min(sizes[i % sizes.length]!, stream.length - at);
    stream.copy(buffer, 0, at, at + length);
    take(buffer.subarray(0, length));
    at += length;
  }
  return heard;
};

describe('rtspWire', () => {
  it('reads answers and packets in whatever pieces they come', () => {
    const expected = ['401 "" 2', '0: 1 2 3', '200 "v=0\\r\\n" 0', '1: 36 13 10', '0: '];
    expect(readIn([stream.length])).toEqual(expected);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }), (sizes) => {
        expect(readIn(sizes)).toEqual(expected);
      }),
    );
  });

  it.each([
    ['another protocol', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['a body beyond any camera', 'RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n'],
    ['a length that is none', 'RTSP/1.0 200 OK\r\nContent-Length: x\r\n\r\n'],
    ['a header without an end', 'R'.repeat(70_000)],
  ])('refuses %s', (_what, text) => {
    const take = rtspWire({ onReply: () => undefined, onPacket: () => undefined });
    expect(() => take(Buffer.from(text))).toThrow(/no valid answer/);
  });
});
