import type { UserRecord } from '../../alerts/ledger/users.js';
import type { Role } from '../access/actions.js';
import { ROLES } from '../access/actions.js';
import type { AccountsLedger } from '../ledgerPort.js';
import { hashPassword, oneTimePassword, PASSWORD_COST, type ScryptCost } from './password.js';

/** A person to be given an account. */
export interface NewAccount {
  name: string;
  displayName: string;
  role: Role;
  unit: string;
}

export interface AccountWithPassword {
  user: UserRecord;
  /** Shown once; must be changed at the first sign-in. */
  oneTimePassword: string;
}

type Users = Pick<AccountsLedger, 'users'>;

const ADMIN = 'admin';

/** Adds an account. Also what `hallwatch user add` calls. @throws AppError `conflict` where the name is taken */
export async function addAccount(
  ledger: Users,
  account: NewAccount,
  cost: ScryptCost = PASSWORD_COST,
): Promise<AccountWithPassword> {
  const password = oneTimePassword();
  const { name, displayName, unit, role } = account;
  const passwordHash = await hashPassword(password, cost);
  const user = ledger.users.add({ name, displayName, unit, roles: [role], passwordHash, mustChangePassword: true });
  return { user, oneTimePassword: password };
}

/** Gives a new one-time password, unlocks, ends all sessions. @throws AppError `not-found` */
export async function resetAccount(
  ledger: Pick<AccountsLedger, 'users' | 'sessions'>,
  id: string,
  { removeTotp = false, cost = PASSWORD_COST }: { removeTotp?: boolean; cost?: ScryptCost } = {},
): Promise<AccountWithPassword> {
  const password = oneTimePassword();
  const user = ledger.users.update(id, {
    passwordHash: await hashPassword(password, cost),
    mustChangePassword: true,
    failedLogins: 0,
    lockedUntil: undefined,
    ...(removeTotp ? { totpSecret: undefined } : {}),
  });
  ledger.sessions.removeOf(id);
  return { user, oneTimePassword: password };
}

/** True while nobody, the administrator of the first run included, has changed a one-time password. */
export function isFirstRun(ledger: Users): boolean {
  const users = ledger.users.list();
  return users.some((user) => user.name === ADMIN) && users.every((user) => user.mustChangePassword);
}

/**
 * There is no default account: an empty ledger gets `admin` with a random password. While nobody has used it, each start
 * gives a new one, since the first may have scrolled away. Undefined once people have taken over.
 */
export async function firstAdministrator(
  ledger: Pick<AccountsLedger, 'users' | 'sessions'>,
  cost: ScryptCost = PASSWORD_COST,
): Promise<AccountWithPassword | undefined> {
  if (ledger.users.count() === 0) {
    return addAccount(ledger, { name: ADMIN, displayName: '管理员 Administrator', role: 'admin', unit: '' }, cost);
  }
  return isFirstRun(ledger) ? resetAccount(ledger, ledger.users.byName(ADMIN)!.id, { cost }) : undefined;
}

/** The role of an account; an unknown text in the ledger gives the least: staff. */
export const roleOf = (user: UserRecord): Role => ROLES.find((role) => role === user.roles[0]) ?? 'staff';
