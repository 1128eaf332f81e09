import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openTemplate, sealTemplate } from '../../../src/detectors/faces/templates.js';

const descriptor = Float32Array.from({ length: 1024 }, (_, i) => Math.fround((i % 7) / 50));
const key = randomBytes(32);

describe('sealed templates', () => {
  it('open again with the same key and owner', () => {
    expect(openTemplate(sealTemplate(descriptor, key, 'S1/zhang'), key, 'S1/zhang')).toEqual(descriptor);
  });

  it('never look the same twice and do not contain the descriptor', () => {
    const first = sealTemplate(descriptor, key, 'S1/zhang');
    expect(first.equals(sealTemplate(descriptor, key, 'S1/zhang'))).toBe(false);
    expect(first.includes(Buffer.from(descriptor.buffer).subarray(0, 32))).toBe(false);
  });

  it.each<[string, (sealed: Buffer) => { sealed: Buffer; key?: Buffer; owner?: string }]>([
    ['another key', (sealed) => ({ sealed, key: randomBytes(32) })],
    ['another owner', (sealed) => ({ sealed, owner: 'S1/li' })],
    ['a changed byte of the ciphertext', (sealed) => ({ sealed: flipped(sealed, sealed.length - 1) })],
    ['a changed byte of the nonce', (sealed) => ({ sealed: flipped(sealed, 3) })],
    ['a changed byte of the tag', (sealed) => ({ sealed: flipped(sealed, 20) })],
    ['another version', (sealed) => ({ sealed: flipped(sealed, 0) })],
    ['a cut file', (sealed) => ({ sealed: sealed.subarray(0, 100) })],
  ])('do not open with %s', (_, change) => {
    const changed = change(sealTemplate(descriptor, key, 'S1/zhang'));
    expect(() => openTemplate(changed.sealed, changed.key ?? key, changed.owner ?? 'S1/zhang')).toThrow(
      expect.objectContaining({ code: 'bad-input' }),
    );
  });

  it('refuse a short key and a short descriptor', () => {
    expect(() => sealTemplate(descriptor, key.subarray(1), 'x')).toThrow(/31 bytes/);
    expect(() => sealTemplate(descriptor.subarray(1), key, 'x')).toThrow(/1023 values/);
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1;
  return copy;
}
