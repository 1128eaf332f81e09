import { randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock.js';
import { sha256 } from '../../core/hash.js';
import type { Logger } from '../../core/log.js';
import { TOKEN_SCOPES } from '../access/actions.js';
import type { Principal } from '../access/objects.js';
import type { AccountsLedger } from '../ledgerPort.js';

const PREFIX = 'hw_';
const TOUCH_EVERY_MS = 60_000;

/** A new secret for another system: 256 bits behind a prefix that secret scanners can know. */
export const newTokenSecret = (): string => `${PREFIX}${randomBytes(32).toString('base64url')}`;

/** The principal behind `Authorization: Bearer hw_...`, or undefined where it is unknown, revoked or expired. */
export function resolveToken(
  authorization: string | undefined,
  { ledger, clock, log }: { ledger: Pick<AccountsLedger, 'tokens'>; clock: Clock; log: Logger },
): Extract<Principal, { kind: 'token' }> | undefined {
  const secret = /^Bearer (hw_[\w-]{43})$/.exec(authorization ?? '')?.[1];
  if (secret === undefined) return undefined;
  const token = ledger.tokens.get(sha256(secret));
  if (!token || token.revokedAt !== undefined) return undefined;
  const nowMs = clock.now();
  const noteUse = (id: number): void => {
    try {
      ledger.tokens.touch(id);
    } catch (err) {
      // With a full disk other systems must still be able to read.
      log.warn({ err }, 'use of a token not noted');
    }
  };
  if (token.expiresAt !== undefined && nowMs >= token.expiresAt) return undefined;
  if (token.lastUsedAt === undefined || nowMs - token.lastUsedAt >= TOUCH_EVERY_MS) noteUse(token.id);
  const scopes = TOKEN_SCOPES.filter((scope) => token.scopes.includes(scope));
  return { kind: 'token', id: `token:${token.id}`, name: token.name, scopes };
}
