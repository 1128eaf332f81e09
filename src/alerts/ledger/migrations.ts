import type { Database } from 'better-sqlite3';
import { AppError } from '../../core/errors.js';

/** The n-th text brings a database from `user_version` n to n + 1. Never edit one that was released: add another. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL, updated_at INTEGER NOT NULL) WITHOUT ROWID;

  CREATE TABLE rule_versions (
    rule TEXT NOT NULL, version TEXT NOT NULL, parameters TEXT NOT NULL,
    effective_from INTEGER NOT NULL, recorded_at INTEGER NOT NULL,
    PRIMARY KEY (rule, version)
  ) WITHOUT ROWID;

  -- value: a number is a count; the texts true, false, unknown are a truth
  CREATE TABLE observation_runs (
    subject TEXT NOT NULL, kind TEXT NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
    value NOT NULL, reason TEXT, camera TEXT, looks INTEGER NOT NULL,
    PRIMARY KEY (subject, kind, first_at)
  ) WITHOUT ROWID;

  CREATE TABLE incidents (
    id TEXT PRIMARY KEY, rule TEXT NOT NULL, rule_version TEXT NOT NULL, parameters TEXT,
    subject TEXT NOT NULL, camera TEXT, state TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER, end_reason TEXT,
    priority TEXT NOT NULL, tier INTEGER NOT NULL, observed_ms INTEGER NOT NULL, unknown_ms INTEGER NOT NULL,
    detail TEXT, excuse TEXT, workflow TEXT NOT NULL DEFAULT 'found', ordinal INTEGER NOT NULL, last_seq INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX incidents_by_start ON incidents (start, id);
  CREATE INDEX incidents_by_subject ON incidents (subject, start, id);
  CREATE INDEX incidents_by_rule ON incidents (rule, start, id);
  CREATE INDEX incidents_by_camera ON incidents (camera, start, id);
  CREATE INDEX incidents_by_priority ON incidents (priority, start, id);
  CREATE INDEX incidents_by_workflow ON incidents (workflow, start, id);
  CREATE INDEX incidents_active ON incidents (start, id) WHERE state <> 'ended';

  CREATE TABLE steps (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, incident TEXT NOT NULL, ordinal INTEGER NOT NULL,
    step TEXT NOT NULL, recorded_at INTEGER NOT NULL, UNIQUE (incident, ordinal)
  );

  CREATE TABLE snapshots (
    id INTEGER PRIMARY KEY AUTOINCREMENT, incident TEXT NOT NULL, ordinal INTEGER NOT NULL, kind TEXT NOT NULL,
    path TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, at INTEGER NOT NULL, camera TEXT,
    UNIQUE (incident, ordinal, kind)
  );

  CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT, sink TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
    payload TEXT NOT NULL, created_at INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL DEFAULT 0, last_error TEXT
  );
  CREATE INDEX outbox_by_sink ON outbox (sink, id);
  CREATE INDEX outbox_waiting ON outbox (sink, key, id, next_at) WHERE next_at > 0;
  CREATE INDEX outbox_by_time ON outbox (sink, next_at) WHERE next_at > 0;
  CREATE INDEX outbox_latest ON outbox (sink, kind, key);
  CREATE TABLE outbox_quarantine (
    id INTEGER PRIMARY KEY, sink TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, payload TEXT NOT NULL,
    created_at INTEGER NOT NULL, attempts INTEGER NOT NULL, reason TEXT NOT NULL, quarantined_at INTEGER NOT NULL
  );

  CREATE TABLE leaves (
    id INTEGER PRIMARY KEY AUTOINCREMENT, subject TEXT, person TEXT, "from" INTEGER NOT NULL, "to" INTEGER NOT NULL,
    kind TEXT NOT NULL, note TEXT NOT NULL, by TEXT NOT NULL, created_at INTEGER NOT NULL,
    cancelled_by TEXT, cancelled_at INTEGER
  );
  CREATE INDEX leaves_by_subject ON leaves (subject, "from");
  CREATE INDEX leaves_by_time ON leaves ("from");

  CREATE TABLE workflow_steps (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, incident TEXT NOT NULL, ordinal INTEGER NOT NULL, at INTEGER NOT NULL,
    actor TEXT NOT NULL, action TEXT NOT NULL, "from" TEXT NOT NULL, "to" TEXT NOT NULL, note TEXT NOT NULL, data TEXT,
    previous_hash TEXT NOT NULL, hash TEXT NOT NULL, UNIQUE (incident, ordinal)
  );

  CREATE TABLE users (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, display_name TEXT NOT NULL, unit TEXT NOT NULL, roles TEXT NOT NULL,
    password_hash TEXT NOT NULL, must_change_password INTEGER NOT NULL, totp_secret TEXT, disabled INTEGER NOT NULL,
    failed_logins INTEGER NOT NULL, locked_until INTEGER, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY, user TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL, address TEXT NOT NULL, agent TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX sessions_by_user ON sessions (user);
  CREATE TABLE tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT, user TEXT NOT NULL, name TEXT NOT NULL, token_hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER, last_used_at INTEGER, revoked_at INTEGER
  );

  CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
    object TEXT NOT NULL, detail TEXT, address TEXT, previous_hash TEXT NOT NULL, hash TEXT NOT NULL
  );
  CREATE TABLE viewing_register (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, user TEXT NOT NULL, unit TEXT NOT NULL,
    reason TEXT NOT NULL, object TEXT NOT NULL, camera TEXT, "from" INTEGER, "to" INTEGER,
    previous_hash TEXT NOT NULL, hash TEXT NOT NULL
  );

  INSERT INTO meta (key, value) VALUES ('position', 0);
  `,
];

/**
 * Brings the schema up to date, each step in a transaction of its own.
 * @throws AppError `storage` where the file was written by a newer Hallwatch
 */
export function migrate(db: Database): void {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > MIGRATIONS.length) {
    throw new AppError('storage', `ledger ${db.name}: schema ${version}: this Hallwatch knows ${MIGRATIONS.length}`, {
      hint: 'run the newer Hallwatch that wrote it, or restore an older backup',
    });
  }
  MIGRATIONS.slice(version).forEach((sql, i) => {
    db.transaction(() => {
      // Another process may have been first while this one waited for the lock.
      if ((db.pragma('user_version', { simple: true }) as number) > version + i) return;
      db.exec(sql);
      db.pragma(`user_version = ${version + i + 1}`);
    }).immediate();
  });
}
