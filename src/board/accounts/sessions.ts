import { randomBytes } from 'node:crypto';
import type { SessionRecord } from '../../alerts/ledger/sessions.js';
import type { UserRecord } from '../../alerts/ledger/users.js';
import type { Clock } from '../../core/clock.js';
import { hmacSha256, sha256 } from '../../core/hash.js';
import type { Logger } from '../../core/log.js';
import { type WallMs, wallMs } from '../../core/time.js';
import type { AccountsLedger } from '../ledgerPort.js';

/** A signed-in browser. */
export interface OpenSession {
  /** SHA-256 of the cookie's value: the only form in which it is stored. */
  id: string;
  user: UserRecord;
  /** What a mutating call must send back; derived from the cookie, so it dies with it. */
  csrf: string;
}

export interface SessionKeeper {
  /** Starts a session; the token goes into the cookie and nowhere else. */
  open(user: string, from: { address: string; agent: string }): { token: string; session: OpenSession };
  /** The session of a cookie; undefined where it is unknown, stale, or its user disabled. */
  resolve(token: string | undefined): OpenSession | undefined;
  /** Whether a session still runs; asking does not prolong it. */
  isOpen(id: string): boolean;
  /** Ends one. */
  end(id: string): void;
  /** Ends all of a user. */
  endAll(user: string): void;
}

const HOUR_MS = 3_600_000;
/** A board is kept open all day; without a call for this long the session is over. */
export const SESSION_IDLE_MS = 12 * HOUR_MS;
/** However busy, a session ends after this. */
export const SESSION_LONGEST_MS = 7 * 24 * HOUR_MS;
const TOUCH_EVERY_MS = 60_000;

/** Where the instant of a user's last sign-in is kept. */
export const lastSignInKey = (user: string): string => `account.last-sign-in.${user}`;

type Deps = { ledger: Pick<AccountsLedger, 'sessions' | 'users' | 'settings'>; clock: Clock; log: Logger };

/** Server-side sessions in the ledger, so that a restart signs nobody out and an administrator can. */
export function sessionKeeper({ ledger, clock, log }: Deps): SessionKeeper {
  const withUser = (id: string, token: string, userId: string): OpenSession | undefined => {
    const user = ledger.users.get(userId);
    return user && !user.disabled ? { id, user, csrf: hmacSha256(token, 'hallwatch csrf') } : undefined;
  };
  const running = (id: string): SessionRecord | undefined => {
    const record = ledger.sessions.get(id);
    if (!record) return undefined;
    const nowMs = clock.now();
    return nowMs < record.expiresAt && nowMs - record.createdAt < SESSION_LONGEST_MS ? record : undefined;
  };
  const prolong = (id: string, until: WallMs): void => {
    try {
      ledger.sessions.touch(id, until);
    } catch (err) {
      // With a full disk people must still be able to look: the session keeps its old end.
      log.warn({ err }, 'session not prolonged');
    }
  };
  return {
    open(user, { address, agent }) {
      ledger.sessions.prune();
      ledger.settings.set(lastSignInKey(user), clock.now());
      const token = randomBytes(32).toString('base64url');
      const id = sha256(token);
      const expiresAt = wallMs(clock.now() + SESSION_IDLE_MS);
      ledger.sessions.add({ tokenHash: id, user, expiresAt, address, agent: agent.slice(0, 200) });
      return { token, session: withUser(id, token, user)! };
    },
    resolve(token) {
      if (token === undefined || token.length !== 43) return undefined;
      const id = sha256(token);
      const record = running(id);
      if (!record) return undefined;
      const nowMs = clock.now();
      if (nowMs - record.lastSeenAt >= TOUCH_EVERY_MS) prolong(id, wallMs(nowMs + SESSION_IDLE_MS));
      return withUser(id, token, record.user);
    },
    isOpen(id) {
      const record = running(id);
      return record !== undefined && ledger.users.get(record.user)?.disabled === false;
    },
    end: (id) => ledger.sessions.remove(id),
    endAll: (user) => ledger.sessions.removeOf(user),
  };
}
