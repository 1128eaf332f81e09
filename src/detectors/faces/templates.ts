import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from '../../core/errors.js';
import { DESCRIPTOR_LENGTH, type Descriptor } from './describe.js';

/** 32 bytes for AES-256; kept outside the data folder by whoever calls. */
export type TemplateKey = Uint8Array;

/** First byte of a sealed template: the layout below. */
const LAYOUT = 1;
const KEY_BYTES = 32;
/** NIST SP 800-38D: 96 bits, random for each message; the tag is the full 128 bits. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;
const PLAIN_BYTES = DESCRIPTOR_LENGTH * 4;

/**
 * Encrypts a descriptor with AES-256-GCM. Layout: 1 byte version, 12 bytes nonce, 16 bytes tag, 4096 bytes ciphertext
 * (1024 floats, little-endian).
 * @param owner whose template it is, e.g. session and person: a sealed template moved to another owner does not open
 * @throws AppError `bad-input` for a key or a descriptor of another length
 */
export function sealTemplate(descriptor: Descriptor, key: TemplateKey, owner: string): Buffer {
  if (descriptor.length !== DESCRIPTOR_LENGTH) {
    throw new AppError('bad-input', `template of ${owner}: ${descriptor.length} values: ${DESCRIPTOR_LENGTH} needed`);
  }
  const plain = Buffer.alloc(PLAIN_BYTES);
  for (const [i, value] of descriptor.entries()) plain.writeFloatLE(value, i * 4);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', checkedKey(key), nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associated(owner));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  plain.fill(0);
  return Buffer.concat([Buffer.of(LAYOUT), nonce, cipher.getAuthTag(), sealed]);
}

/**
 * Opens what `sealTemplate` made.
 * @throws AppError `bad-input` where it is damaged, was sealed for another owner or with another key
 */
export function openTemplate(sealed: Uint8Array, key: TemplateKey, owner: string): Descriptor {
  if (sealed.length !== HEAD_BYTES + PLAIN_BYTES || sealed[0] !== LAYOUT) {
    throw new AppError('bad-input', `template of ${owner}: ${sealed.length} bytes: not a sealed template`);
  }
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', checkedKey(key), nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(associated(owner));
  decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEAD_BYTES));
  try {
    const plain = Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()]);
    const descriptor = Float32Array.from({ length: DESCRIPTOR_LENGTH }, (_, i) => plain.readFloatLE(i * 4));
    plain.fill(0);
    return descriptor;
  } catch (cause) {
    throw new AppError('bad-input', `template of ${owner}: does not open`, {
      cause,
      hint: 'it was damaged, belongs to somebody else, or the key was changed: enrol this person again',
    });
  }
}

const associated = (owner: string): Buffer => Buffer.from(`hallwatch-face-template:${LAYOUT}:${owner}`, 'utf8');

function checkedKey(key: TemplateKey): TemplateKey {
  if (key.length === KEY_BYTES) return key;
  throw new AppError('bad-input', `template key: ${key.length} bytes: AES-256 needs ${KEY_BYTES}`);
}
