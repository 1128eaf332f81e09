import type { UserRecord } from '../../alerts/ledger/users.js';
import type { Clock } from '../../core/clock.js';
import { wallMs } from '../../core/time.js';
import { ApiError } from '../http/apiError.js';
import type { AccountsLedger } from '../ledgerPort.js';
import { hashPassword, type ScryptCost, verifyPassword } from './password.js';
import type { Seal } from './seal.js';
import { matchTotp } from './totp.js';

/** Wrong tries in a row that lock an account, and for how long. */
export const LOCK_AFTER = 5;
export const LOCK_FOR_MS = 15 * 60_000;

export interface Credentials {
  name: string;
  password: string;
  totp?: string | undefined;
}

type Deps = {
  ledger: Pick<AccountsLedger, 'users' | 'settings'>;
  clock: Clock;
  seal: Seal;
  cost: ScryptCost;
};

/** Checks who signs in. `checkTotp` is also asked before TOTP is removed. */
export interface Doorkeeper {
  /** @throws ApiError wrong-credentials, locked, totp-required, totp-wrong */
  admit(credentials: Credentials): Promise<UserRecord>;
  /** @throws ApiError totp-wrong */
  checkTotp(user: UserRecord, code: string): void;
}

/**
 * Answers the same, after the same work, for a name that does not exist and for a wrong password. At most two passwords
 * are hashed at once: each takes 32 MiB.
 */
export function doorkeeper({ ledger, clock, seal, cost }: Deps): Doorkeeper {
  const noUser = hashPassword('nobody has this password', cost);
  const turn = turnstile(2);

  const failed = (user: UserRecord): void => {
    const failedLogins = user.failedLogins + 1;
    const lock = failedLogins >= LOCK_AFTER;
    ledger.users.update(user.id, {
      failedLogins: lock ? 0 : failedLogins,
      ...(lock ? { lockedUntil: wallMs(clock.now() + LOCK_FOR_MS) } : {}),
    });
  };

  const checkTotp = (user: UserRecord, code: string): void => {
    const key = `account.totp-used.${user.id}`;
    const lastUsed = Number(ledger.settings.get(key) ?? 0);
    const counter = user.totpSecret && matchTotp(seal.open(user.totpSecret), code, clock.now(), lastUsed);
    if (!counter) throw new ApiError('totp-wrong');
    ledger.settings.set(key, counter);
  };

  return {
    checkTotp,
    async admit({ name, password, totp }) {
      const known = ledger.users.byName(name);
      const user = known && !known.disabled ? known : undefined;
      const right = await turn(async () => verifyPassword(password, user ? user.passwordHash : await noUser));
      // Read again: tries that ran at the same time must count too.
      const now = user && ledger.users.get(user.id);
      if (now?.lockedUntil !== undefined && clock.now() < now.lockedUntil) {
        throw new ApiError('locked', { parameters: { minutes: Math.ceil((now.lockedUntil - clock.now()) / 60_000) } });
      }
      if (!now || !right) {
        if (now) failed(now);
        throw new ApiError('wrong-credentials');
      }
      if (now.totpSecret !== undefined) {
        if (totp === undefined) throw new ApiError('totp-required');
        try {
          checkTotp(now, totp);
        } catch (error) {
          failed(now);
          throw error;
        }
      }
      if (now.failedLogins === 0 && now.lockedUntil === undefined) return now;
      return ledger.users.update(now.id, { failedLogins: 0, lockedUntil: undefined });
    },
  };
}

/** Lets at most `width` run at once; the others wait in order. */
function turnstile(width: number): <T>(run: () => Promise<T>) => Promise<T> {
  let free = width;
  const waiting: Array<() => void> = [];
  return async (run) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
