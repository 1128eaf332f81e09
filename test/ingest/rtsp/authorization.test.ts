import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { authorization, chooseChallenge } from '../../../src/ingest/rtsp/authorization.js';

const hash = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest('hex');
const ask = (values: string[], nonceCount = 1): string => {
  const challenge = chooseChallenge(values)!;
  const request = { method: 'DESCRIBE', uri: 'rtsp://h/cam', nonceCount };
  return authorization(challenge, { user: '管理员', password: 'p:"ö' }, request);
};
const field = (header: string, name: string): string | undefined => new RegExp(`${name}="?([^",]+)`).exec(header)?.[1];

describe('authorization', () => {
  it('takes digest before basic, and basic where digest is of an unknown kind', () => {
    expect(chooseChallenge(['Basic realm="a"', 'Digest realm="b", nonce="n"'])?.scheme).toBe('digest');
    expect(chooseChallenge(['Digest realm="b", nonce="n", algorithm=SHA-512-256', 'Basic realm="a"'])?.scheme).toBe(
      'basic',
    );
    expect(chooseChallenge(['Negotiate'])).toBeUndefined();
  });

  it('answers a digest without qop as in RFC 2069', () => {
    const header = ask(['Digest realm="cam, 1", nonce="abc"']);
    const ha1 = hash('md5', '管理员:cam, 1:p:"ö');
    expect(field(header, 'response')).toBe(hash('md5', `${ha1}:abc:${hash('md5', 'DESCRIBE:rtsp://h/cam')}`));
    expect(header).not.toContain('p:"ö');
  });

  it('answers SHA-256 with qop as in RFC 7616, counting its requests', () => {
    const header = ask(['Digest realm="r", nonce="n", qop="auth-int, auth", algorithm=SHA-256, opaque="o"'], 10);
    const ha1 = hash('sha256', '管理员:r:p:"ö');
    const ha2 = hash('sha256', 'DESCRIBE:rtsp://h/cam');
    const cnonce = field(header, 'cnonce');
    expect(field(header, 'response')).toBe(hash('sha256', `${ha1}:n:0000000a:${cnonce}:auth:${ha2}`));
    expect(header).toContain('opaque="o"');
  });

  it('answers basic in UTF-8', () => {
    expect(ask(['Basic realm="a"'])).toBe(`Basic ${Buffer.from('管理员:p:"ö').toString('base64')}`);
  });
});
