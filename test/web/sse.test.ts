import { describe, expect, it } from 'vitest';
import { sseParser } from '../../web/src/live/sse.js';

const stream =
  ': hello\n\nevent: snapshot\ndata: {"a":1}\n\nid: 7\nevent: step\ndata: one\ndata: two\n\ndata: plain\r\n\r\n';
const expected = [
  { event: 'snapshot', data: '{"a":1}', id: '' },
  { event: 'step', data: 'one\ntwo', id: '7' },
  { event: 'message', data: 'plain', id: '7' },
];

describe('server-sent events', () => {
  it('are read from one piece', () => {
    expect(sseParser()(stream)).toEqual(expected);
  });

  it('are the same wherever the pieces are cut', () => {
    for (let size = 1; size < 12; size++) {
      const parse = sseParser();
      const pieces = stream.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g'))!;
      expect(pieces.flatMap(parse), `pieces of ${size}`).toEqual(expected);
    }
  });

  it('yield nothing for comments, which are signs of life only', () => {
    expect(sseParser()(': 15 s\n\n: 15 s\n\n')).toEqual([]);
  });
});
