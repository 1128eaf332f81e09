import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const STEP_S = 30;
const DIGITS = 6;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A new shared secret: 160 bits as 32 characters of base32 (RFC 4226 section 4, RFC 4648 section 6). */
export const newTotpSecret = (): string => [...randomBytes(32)].map((byte) => BASE32[byte & 31]).join('');

/** The code of a time step (RFC 4226 section 5.3 with the counter of RFC 6238). */
export function totpCode(secret: string, counter: number): string {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const digest = createHmac('sha1', decodeBase32(secret)).update(message).digest();
  const offset = digest[digest.length - 1]! & 15;
  const number = digest.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

/** The time step an instant lies in. `nowMs` is UTC milliseconds. */
export const totpCounter = (nowMs: number): number => Math.floor(nowMs / 1000 / STEP_S);

/**
 * The step a code belongs to, allowing one step of clock difference; undefined where it is wrong, or not newer than
 * `lastUsed`: a code seen over a shoulder works once at most.
 */
export function matchTotp(secret: string, code: string, nowMs: number, lastUsed: number): number | undefined {
  const counter = totpCounter(nowMs);
  const given = Buffer.from(code);
  return [counter, counter - 1, counter + 1].find((candidate) => {
    const expected = Buffer.from(totpCode(secret, candidate));
    return candidate > lastUsed && expected.length === given.length && timingSafeEqual(expected, given);
  });
}

/** The address an authenticator app reads from a QR code (Key Uri Format). */
export const totpUri = (secret: string, account: string, issuer: string): string =>
  `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(account)}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`;

function decodeBase32(text: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const character of text) {
    value = ((value << 5) | BASE32.indexOf(character)) & 0xffff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >> bits) & 255);
    }
  }
  return Buffer.from(bytes);
}
