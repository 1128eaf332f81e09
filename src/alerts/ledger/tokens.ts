import type { Clock } from '../../core/clock.js';
import { type WallMs, wallMs } from '../../core/time.js';
import type { LedgerDb } from './database.js';

/** A key another program uses the API with. Only its SHA-256 is kept. */
export interface TokenRecord {
  id: number;
  /** User id in whose name it acts. */
  user: string;
  /** What it is for, in words. */
  name: string;
  scopes: string[];
  createdAt: WallMs;
  expiresAt?: WallMs;
  lastUsedAt?: WallMs;
  revokedAt?: WallMs;
}

export interface NewToken extends Pick<TokenRecord, 'user' | 'name' | 'scopes' | 'expiresAt'> {
  tokenHash: string;
}

export interface TokenStore {
  add(token: NewToken): TokenRecord;
  /** A token that has expired or was revoked is none. */
  get(tokenHash: string): TokenRecord | undefined;
  list(user?: string): TokenRecord[];
  /** Notes that it was used now. */
  touch(id: number): void;
  /** Returns whether there was one to revoke. */
  revoke(id: number): boolean;
}

interface Row {
  id: number;
  user: string;
  name: string;
  scopes: string;
  created_at: number;
  expires_at: number | null;
  last_used_at: number | null;
  revoked_at: number | null;
}

/** Makes the store. */
export function tokenStore(db: LedgerDb, clock: Clock): TokenStore {
  const valid = db.query<Row>(
    'SELECT * FROM tokens WHERE token_hash = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)',
  );
  const all = db.query<Row>('SELECT * FROM tokens WHERE ?1 IS NULL OR user = ?1 ORDER BY id');
  return {
    add: ({ user, name, tokenHash, scopes, expiresAt }) =>
      db.write('ledger: add token', (tx) => {
        const createdAt = clock.now();
        const id = tx.insert('tokens', {
          user,
          name,
          token_hash: tokenHash,
          scopes: JSON.stringify(scopes),
          created_at: createdAt,
          expires_at: expiresAt ?? null,
        });
        return { id, user, name, scopes, createdAt, expiresAt };
      }),
    get(tokenHash) {
      const row = valid.get(tokenHash, clock.now());
      return row && tokenFromRow(row);
    },
    list: (user) => all.all(user ?? null).map(tokenFromRow),
    touch(id) {
      db.write('ledger: touch token', (tx) => tx.patch('tokens', { id }, { last_used_at: clock.now() }));
    },
    revoke: (id) => db.write('ledger: revoke token', (tx) => tx.patch('tokens', { id }, { revoked_at: clock.now() })),
  };
}

const wallOrUndefined = (ms: number | null): WallMs | undefined => (ms === null ? undefined : wallMs(ms));

function tokenFromRow(row: Row): TokenRecord {
  return {
    id: row.id,
    user: row.user,
    name: row.name,
    scopes: JSON.parse(row.scopes) as string[],
    createdAt: wallMs(row.created_at),
    expiresAt: wallOrUndefined(row.expires_at),
    lastUsedAt: wallOrUndefined(row.last_used_at),
    revokedAt: wallOrUndefined(row.revoked_at),
  };
}
