import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** Cost of a hash: memory is 128 * N * r bytes. */
export interface ScryptCost {
  N: number;
  r: number;
  p: number;
}

/** 32 MiB and about a tenth of a second: OWASP Password Storage Cheat Sheet, scrypt, second row (N=2^15, r=8, p=3). */
export const PASSWORD_COST: ScryptCost = { N: 2 ** 15, r: 8, p: 3 };

export const SHORTEST_PASSWORD = 10;
const KEY_BYTES = 32;

const derive = (password: string, salt: Buffer, { N, r, p }: ScryptCost): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r };
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });

/** `scrypt$N$r$p$salt$key`, salt and key base64url: the cost travels with the hash, so that it can be raised later. */
export async function hashPassword(password: string, cost: ScryptCost = PASSWORD_COST): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost);
  return `scrypt$${cost.N}$${cost.r}$${cost.p}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/** Compares in constant time. A hash that cannot be read matches nothing. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const match = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/.exec(hash);
  if (!match) return false;
  const [, N, r, p, salt, key] = match;
  const expected = Buffer.from(key!, 'base64url');
  const actual = await derive(password, Buffer.from(salt!, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) });
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** What is wrong with a new password, or undefined. Length is what counts (NIST SP 800-63B); no composition rules. */
export function passwordProblem(next: string, name: string): 'short' | 'name' | 'repeated' | undefined {
  const text = next.normalize('NFKC');
  if ([...text].length < SHORTEST_PASSWORD) return 'short';
  if (name.length >= 3 && text.toLowerCase().includes(name.toLowerCase())) return 'name';
  if (new Set(text).size < 4) return 'repeated';
  return undefined;
}

const READABLE = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A password to read out once: 16 characters in groups of four, without look-alikes, 79 bits. */
export function oneTimePassword(): string {
  const characters: string[] = [];
  while (characters.length < 16) {
    for (const byte of randomBytes(32)) {
      // Bytes past the last whole multiple would make the first letters likelier.
      if (byte < 248 && characters.length < 16) characters.push(READABLE[byte % READABLE.length]!);
    }
  }
  return characters.join('').replace(/(.{4})(?=.)/g, '$1-');
}
