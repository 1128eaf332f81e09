import { randomUUID } from 'node:crypto';
import type { Clock } from '../../core/clock.js';
import { AppError } from '../../core/errors.js';
import { type WallMs, wallMs } from '../../core/time.js';
import type { LedgerDb } from './database.js';
import { orUndefined } from './json.js';
import type { SqlRow } from './tables.js';

/** An account. Hashing and checking of passwords is the board's affair; nothing here is ever a plain secret. */
export interface UserRecord {
  id: string;
  /** What is typed at login; unique, compared exactly. */
  name: string;
  displayName: string;
  /** Department or office. */
  unit: string;
  roles: string[];
  passwordHash: string;
  mustChangePassword: boolean;
  /** Sealed; absent where no second factor is set up. */
  totpSecret?: string;
  disabled: boolean;
  failedLogins: number;
  lockedUntil?: WallMs;
  createdAt: WallMs;
  updatedAt: WallMs;
}

export type NewUser = Pick<UserRecord, 'name' | 'displayName' | 'roles' | 'passwordHash'> &
  Partial<Pick<UserRecord, 'unit' | 'mustChangePassword' | 'totpSecret'>>;

/** `undefined` given for `totpSecret` or `lockedUntil` takes it away; keys that are absent stay. */
export type UserChanges = Partial<Omit<UserRecord, 'id' | 'createdAt' | 'updatedAt'>>;

export interface UserStore {
  /** @throws AppError `conflict` where the name is taken */
  add(user: NewUser): UserRecord;
  get(id: string): UserRecord | undefined;
  byName(name: string): UserRecord | undefined;
  /** By name. */
  list(): UserRecord[];
  count(): number;
  /** @throws AppError `not-found`, or `conflict` where a new name is taken */
  update(id: string, changes: UserChanges): UserRecord;
}

interface Row {
  id: string;
  name: string;
  display_name: string;
  unit: string;
  roles: string;
  password_hash: string;
  must_change_password: number;
  totp_secret: string | null;
  disabled: number;
  failed_logins: number;
  locked_until: number | null;
  created_at: number;
  updated_at: number;
}

/** Makes the store. */
export function userStore(db: LedgerDb, clock: Clock): UserStore {
  const byId = db.query<Row>('SELECT * FROM users WHERE id = ?');
  const byName = db.query<Row>('SELECT * FROM users WHERE name = ?');
  const all = db.query<Row>('SELECT * FROM users ORDER BY name');
  const count = db.query<{ n: number }>('SELECT count(*) AS n FROM users');

  const refuseTaken = (name: string, except?: string): void => {
    const holder = byName.get(name);
    if (holder && holder.id !== except) throw new AppError('conflict', `user ${name}: the name is taken`);
  };
  const find = (row: Row | undefined): UserRecord | undefined => row && userFromRow(row);

  return {
    get: (id) => find(byId.get(id)),
    byName: (name) => find(byName.get(name)),
    list: () => all.all().map(userFromRow),
    count: () => count.get()!.n,
    add: (user) =>
      db.write('ledger: add user', (tx) => {
        refuseTaken(user.name);
        const now = clock.now();
        const record: UserRecord = {
          unit: '',
          mustChangePassword: false,
          ...user,
          id: randomUUID(),
          disabled: false,
          failedLogins: 0,
          createdAt: now,
          updatedAt: now,
        };
        tx.put('users', rowFromUser(record));
        return record;
      }),
    update: (id, changes) =>
      db.write('ledger: update user', (tx) => {
        const known = find(byId.get(id));
        if (!known) throw new AppError('not-found', `user ${id}: no such account`);
        if (changes.name !== undefined) refuseTaken(changes.name, id);
        const record: UserRecord = { ...known, ...changes, updatedAt: clock.now() };
        tx.put('users', rowFromUser(record));
        return record;
      }),
  };
}

function rowFromUser(user: UserRecord): SqlRow {
  return {
    id: user.id,
    name: user.name,
    display_name: user.displayName,
    unit: user.unit,
    roles: JSON.stringify(user.roles),
    password_hash: user.passwordHash,
    must_change_password: Number(user.mustChangePassword),
    totp_secret: user.totpSecret ?? null,
    disabled: Number(user.disabled),
    failed_logins: user.failedLogins,
    locked_until: user.lockedUntil ?? null,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
  };
}

function userFromRow(row: Row): UserRecord {
  return {
    id: row.id,
    name: row.name,
    displayName: row.display_name,
    unit: row.unit,
    roles: JSON.parse(row.roles) as string[],
    passwordHash: row.password_hash,
    mustChangePassword: row.must_change_password === 1,
    totpSecret: orUndefined(row.totp_secret),
    disabled: row.disabled === 1,
    failedLogins: row.failed_logins,
    lockedUntil: row.locked_until === null ? undefined : wallMs(row.locked_until),
    createdAt: wallMs(row.created_at),
    updatedAt: wallMs(row.updated_at),
  };
}
