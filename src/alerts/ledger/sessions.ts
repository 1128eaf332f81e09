import type { Clock } from '../../core/clock.js';
import { type WallMs, wallMs } from '../../core/time.js';
import type { LedgerDb } from './database.js';

/** A login. The token itself is never kept, only its SHA-256. */
export interface SessionRecord {
  tokenHash: string;
  /** User id. */
  user: string;
  createdAt: WallMs;
  expiresAt: WallMs;
  lastSeenAt: WallMs;
  /** Network address and user agent of the login. */
  address: string;
  agent: string;
}

export interface SessionStore {
  add(session: Omit<SessionRecord, 'createdAt' | 'lastSeenAt'>): SessionRecord;
  /** A session that has expired is none. */
  get(tokenHash: string): SessionRecord | undefined;
  /** Notes that it was used now and lives on until `expiresAt`. */
  touch(tokenHash: string, expiresAt: WallMs): void;
  remove(tokenHash: string): void;
  /** Ends all sessions of a user; returns how many. */
  removeOf(user: string): number;
  /** Removes the expired ones; returns how many. */
  prune(): number;
}

interface Row {
  token_hash: string;
  user: string;
  created_at: number;
  expires_at: number;
  last_seen_at: number;
  address: string;
  agent: string;
}

/** Makes the store. */
export function sessionStore(db: LedgerDb, clock: Clock): SessionStore {
  const valid = db.query<Row>('SELECT * FROM sessions WHERE token_hash = ? AND expires_at > ?');
  const ofUser = db.query<Row>('SELECT * FROM sessions WHERE user = ?');
  const expired = db.query<Row>('SELECT * FROM sessions WHERE expires_at <= ?');

  const removeAll = (rows: Row[]): number =>
    db.write('ledger: end sessions', (tx) => {
      for (const row of rows) tx.remove('sessions', { token_hash: row.token_hash });
      return rows.length;
    });

  return {
    add: ({ tokenHash, user, expiresAt, address, agent }) =>
      db.write('ledger: add session', (tx) => {
        const now = clock.now();
        tx.put('sessions', {
          token_hash: tokenHash,
          user,
          created_at: now,
          expires_at: expiresAt,
          last_seen_at: now,
          address,
          agent,
        });
        return { tokenHash, user, createdAt: now, expiresAt, lastSeenAt: now, address, agent };
      }),
    get(tokenHash) {
      const row = valid.get(tokenHash, clock.now());
      return row && sessionFromRow(row);
    },
    touch(tokenHash, expiresAt) {
      db.write('ledger: touch session', (tx) =>
        tx.patch('sessions', { token_hash: tokenHash }, { expires_at: expiresAt, last_seen_at: clock.now() }),
      );
    },
    remove(tokenHash) {
      db.write('ledger: end session', (tx) => tx.remove('sessions', { token_hash: tokenHash }));
    },
    removeOf: (user) => removeAll(ofUser.all(user)),
    prune: () => removeAll(expired.all(clock.now())),
  };
}

function sessionFromRow(row: Row): SessionRecord {
  return {
    tokenHash: row.token_hash,
    user: row.user,
    createdAt: wallMs(row.created_at),
    expiresAt: wallMs(row.expires_at),
    lastSeenAt: wallMs(row.last_seen_at),
    address: row.address,
    agent: row.agent,
  };
}
