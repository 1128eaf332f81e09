import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashPassword, oneTimePassword, passwordProblem, verifyPassword } from '../../src/board/accounts/password.js';
import { openSeal } from '../../src/board/accounts/seal.js';
import { matchTotp, totpCode } from '../../src/board/accounts/totp.js';
import { withoutSecrets } from '../../src/board/http/auditTrail.js';
import { isOwnOrigin } from '../../src/board/http/origin.js';
import { rateLimit } from '../../src/board/http/rateLimit.js';
import { replayGuard } from '../../src/board/http/replay.js';
import { fakeClock } from '../support/fakeClock.js';

const COST = { N: 2 ** 10, r: 8, p: 1 };
/** RFC 6238 appendix B: the ASCII secret 12345678901234567890. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('passwords', () => {
  it('match themselves only, with a salt of their own', async () => {
    const [one, two] = [await hashPassword('正确的密码 123', COST), await hashPassword('正确的密码 123', COST)];
    expect(one).not.toBe(two);
    expect(await verifyPassword('正确的密码 123', one)).toBe(true);
    expect(await verifyPassword('正确的密码 124', one)).toBe(false);
    expect(await verifyPassword('x', 'not a hash')).toBe(false);
  });

  it.each([
    ['123456789', 'short'],
    ['密码密码密码密码密', 'short'],
    ['my-wang-password', 'name'],
    ['aaaaaaaaaaaa', 'repeated'],
    ['a good long one', undefined],
  ])('%j is %s', (password, problem) => {
    expect(passwordProblem(password, 'wang')).toBe(problem);
  });

  it('given once are readable and different', () => {
    const given = Array.from({ length: 50 }, oneTimePassword);
    expect(new Set(given).size).toBe(50);
    for (const password of given) expect(password).toMatch(/^([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/);
  });
});

describe('one-time codes', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_234_567_890, '005924'],
    [20_000_000_000, '353130'],
  ])('at %i s are those of RFC 6238', (seconds, code) => {
    expect(totpCode(RFC_SECRET, Math.floor(seconds / 30))).toBe(code);
  });

  it('are taken one step early or late, and never twice', () => {
    const now = 1_000_000 * 30_000;
    for (const [step, fits] of [
      [-2, false],
      [-1, true],
      [0, true],
      [1, true],
      [2, false],
    ] as const) {
      const code = totpCode(RFC_SECRET, 1_000_000 + step);
      expect(matchTotp(RFC_SECRET, code, now, 0)).toBe(fits ? 1_000_000 + step : undefined);
    }
    expect(matchTotp(RFC_SECRET, totpCode(RFC_SECRET, 1_000_000), now, 1_000_000)).toBeUndefined();
  });
});

describe('the seal', () => {
  it('opens what it closed, with the same key only, from a file nobody else reads', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hallwatch-seal-'));
    const sealed = openSeal(folder).seal('机密');
    expect(sealed).not.toContain('机密');
    expect(openSeal(folder).open(sealed)).toBe('机密');
    expect(statSync(join(folder, 'board.key')).mode & 0o777).toBe(0o600);
    const other = openSeal(mkdtempSync(join(tmpdir(), 'hallwatch-seal-')));
    expect(() => other.open(sealed)).toThrow('cannot be opened');
    expect(() => other.open('v1.short')).toThrow('cannot be opened');
  });
});

describe('what is kept of a request', () => {
  it('never holds a secret, however deep', () => {
    const secret = fc.string({ minLength: 12 }).map((text) => `S3CRET${text}`);
    const key = fc.constantFrom('password', 'current', 'next', 'code', 'totp', 'secret', 'note');
    fc.assert(
      fc.property(key, secret, (name, value) => {
        const kept = JSON.stringify(withoutSecrets({ a: { b: [{ [name]: value, verdict: 'ok' }] }, [name]: value }));
        expect(kept).not.toContain('S3CRET');
        expect(kept).toContain('ok');
      }),
    );
  });
});

describe('guards', () => {
  it('let a burst through, then as much as comes back', async () => {
    const clock = fakeClock();
    const limit = rateLimit({ burst: 2, perMinute: 60 }, clock);
    expect([limit('a'), limit('a'), limit('a'), limit('b')]).toEqual([0, 0, 1, 0]);
    await clock.advance(1000);
    expect([limit('a'), limit('a')]).toEqual([0, 1]);
  });

  it('know a request again, in its own session only, within their memory', () => {
    const guard = replayGuard(2);
    expect([guard.first('s', '1'), guard.first('s', '1'), guard.first('t', '1')]).toEqual([true, false, true]);
    guard.first('s', '2');
    expect(guard.first('s', '1')).toBe(true);
  });

  it.each([
    ['no browser', {}, undefined, true],
    ['our own page', { origin: 'http://hall:8080', host: 'hall:8080' }, undefined, true],
    ['another port', { origin: 'http://hall:9090', host: 'hall:8080' }, undefined, false],
    ['a sandboxed page', { origin: 'null', host: 'hall:8080' }, undefined, false],
    ['our public address', { origin: 'https://hall.gov', host: 'inner:8080' }, 'https://hall.gov/', true],
    ['the same name without https', { origin: 'http://hall.gov', host: 'hall.gov' }, 'https://hall.gov', false],
    ['a subdomain of ours', { 'sec-fetch-site': 'same-site' }, undefined, false],
  ])('judge the origin: %s', (_case, headers, publicUrl, own) => {
    expect(isOwnOrigin(headers, publicUrl)).toBe(own);
  });
});
