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
  `
  -- bid evaluations; body: the whole session as JSON, the columns beside it are for looking it up
  CREATE TABLE evaluations (
    id TEXT PRIMARY KEY, project TEXT NOT NULL, project_name TEXT NOT NULL, state TEXT NOT NULL,
    planned_start INTEGER NOT NULL, planned_end INTEGER NOT NULL, opened_at INTEGER, closed_at INTEGER,
    version INTEGER NOT NULL, body TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX evaluations_by_start ON evaluations (planned_start, id);
  CREATE INDEX evaluations_by_project ON evaluations (project);
  CREATE TABLE evaluation_rooms (
    evaluation TEXT NOT NULL, room TEXT NOT NULL, PRIMARY KEY (evaluation, room)
  ) WITHOUT ROWID;
  CREATE INDEX evaluation_rooms_by_room ON evaluation_rooms (room, evaluation);
  CREATE TABLE evaluation_changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, evaluation TEXT NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL,
    by TEXT NOT NULL, action TEXT NOT NULL, note TEXT NOT NULL, body TEXT NOT NULL,
    previous_hash TEXT NOT NULL, hash TEXT NOT NULL, UNIQUE (evaluation, version)
  );
  CREATE TABLE evaluation_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, evaluation TEXT NOT NULL, room TEXT NOT NULL, person TEXT NOT NULL,
    entered_at INTEGER NOT NULL, left_at INTEGER, escort TEXT NOT NULL, reason TEXT NOT NULL,
    by TEXT NOT NULL, left_by TEXT, created_at INTEGER NOT NULL
  );
  CREATE INDEX evaluation_entries_by_evaluation ON evaluation_entries (evaluation, entered_at);

  -- list: an evaluation's id, or ':staff' for daily punches; sealed: base64, its key lies outside the data folder
  CREATE TABLE face_templates (
    id INTEGER PRIMARY KEY AUTOINCREMENT, list TEXT NOT NULL, person TEXT NOT NULL, sealed TEXT NOT NULL,
    verdict TEXT NOT NULL, by TEXT NOT NULL, created_at INTEGER NOT NULL
  );
  CREATE INDEX face_templates_by_list ON face_templates (list, person);
  CREATE TABLE sign_ins (
    id INTEGER PRIMARY KEY AUTOINCREMENT, list TEXT NOT NULL, person TEXT NOT NULL, at INTEGER NOT NULL,
    way TEXT NOT NULL, verdict TEXT NOT NULL, off_ms INTEGER NOT NULL, duplicate INTEGER NOT NULL, punch TEXT,
    similarity REAL, liveness REAL, camera TEXT, photo_path TEXT, photo_sha256 TEXT, by TEXT NOT NULL,
    note TEXT NOT NULL, created_at INTEGER NOT NULL
  );
  CREATE INDEX sign_ins_by_list ON sign_ins (list, at);
  CREATE TABLE patrol_visits (
    id INTEGER PRIMARY KEY AUTOINCREMENT, plan TEXT NOT NULL, round INTEGER NOT NULL, point TEXT NOT NULL,
    state TEXT NOT NULL, at INTEGER NOT NULL, record TEXT NOT NULL, created_at INTEGER NOT NULL,
    UNIQUE (plan, round, point)
  );
  CREATE INDEX patrol_visits_by_round ON patrol_visits (round, plan);
  `,
  `
  -- what was said and what was not understood; kind is segment or gap, text of a gap is its reason
  CREATE TABLE transcripts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, room TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    kind TEXT NOT NULL, text TEXT NOT NULL, engine TEXT NOT NULL, speaker TEXT, punctuated TEXT
  );
  CREATE INDEX transcripts_by_room ON transcripts (room, start);

  CREATE TABLE word_lists (
    id INTEGER PRIMARY KEY AUTOINCREMENT, scope TEXT NOT NULL, version INTEGER NOT NULL, words TEXT NOT NULL,
    note TEXT NOT NULL, by TEXT NOT NULL, created_at INTEGER NOT NULL, UNIQUE (scope, version)
  );
  `,
  `
  -- months that were closed: figures is canonical JSON, hash its SHA-256; a row is never changed
  CREATE TABLE frozen_months (
    month TEXT PRIMARY KEY, frozen_at INTEGER NOT NULL, by TEXT NOT NULL, hash TEXT NOT NULL, figures TEXT NOT NULL
  ) WITHOUT ROWID;
  `,
  `
  -- clips owed to steps of incidents, and what is locked against deletion
  CREATE TABLE clips (
    incident TEXT NOT NULL, ordinal INTEGER NOT NULL, camera TEXT NOT NULL, "from" INTEGER NOT NULL,
    "to" INTEGER NOT NULL, state TEXT NOT NULL, note TEXT NOT NULL, PRIMARY KEY (incident, ordinal)
  ) WITHOUT ROWID;
  CREATE INDEX clips_waiting ON clips ("to") WHERE state = 'waiting';
  CREATE TABLE holds (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, target TEXT NOT NULL, "from" INTEGER, "to" INTEGER,
    reason TEXT NOT NULL, by TEXT NOT NULL, placed_at INTEGER NOT NULL, released_at INTEGER, release_note TEXT
  );
  `,
  `
  -- comings and goings of sealed rooms as cameras saw them; a row is never changed
  CREATE TABLE room_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, room TEXT NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, person TEXT,
    name TEXT NOT NULL, outcome TEXT NOT NULL, camera TEXT NOT NULL, track INTEGER NOT NULL, door TEXT NOT NULL,
    place TEXT NOT NULL, evaluation TEXT
  );
  CREATE INDEX room_entries_by_room ON room_entries (room, at);
  CREATE INDEX room_entries_by_evaluation ON room_entries (evaluation, at);
  `,
  `
  -- findings of cameras as they came and went
  CREATE TABLE camera_health (
    id INTEGER PRIMARY KEY AUTOINCREMENT, camera TEXT NOT NULL, finding TEXT NOT NULL, state TEXT NOT NULL,
    at INTEGER NOT NULL, detail TEXT
  );
  CREATE INDEX camera_health_by_camera ON camera_health (camera, id);
  `,
  `
  -- desks: pictures that people set (files in the desk folder), versions of written standards, and sessions at windows
  CREATE TABLE desk_pictures (
    id INTEGER PRIMARY KEY AUTOINCREMENT, window TEXT NOT NULL, source TEXT NOT NULL, at INTEGER NOT NULL,
    path TEXT NOT NULL, sha256 TEXT NOT NULL, hidden TEXT NOT NULL, by TEXT NOT NULL, added_at INTEGER NOT NULL,
    removed_by TEXT, removed_at INTEGER
  );
  CREATE INDEX desk_pictures_by_window ON desk_pictures (window, at);
  CREATE TABLE desk_standards (
    scope TEXT NOT NULL, version INTEGER NOT NULL, text TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (scope, version)
  ) WITHOUT ROWID;
  CREATE TABLE service_sessions (
    window TEXT NOT NULL, start INTEGER NOT NULL, kind TEXT NOT NULL, source TEXT NOT NULL, end INTEGER NOT NULL,
    wait_ms INTEGER NOT NULL, service_ms INTEGER NOT NULL, unknown_ms INTEGER NOT NULL, ended_by TEXT NOT NULL,
    ticket TEXT, steps TEXT NOT NULL, face_ms INTEGER, smile_ms INTEGER, PRIMARY KEY (window, start)
  ) WITHOUT ROWID;
  CREATE INDEX service_sessions_by_start ON service_sessions (start, window);
  `,
  `
  -- whether polite phrases were said in a service session; no word that was said
  CREATE TABLE courtesy (
    window TEXT NOT NULL, start INTEGER NOT NULL, greeting TEXT NOT NULL, farewell TEXT NOT NULL, wait TEXT NOT NULL,
    PRIMARY KEY (window, start)
  ) WITHOUT ROWID;
  `,
  `
  -- the sound clip that a hit is owed, and what punctuation and speaker turns of a session's transcript came to
  CREATE TABLE sound_clips (
    incident TEXT NOT NULL, ordinal INTEGER NOT NULL, state TEXT NOT NULL, note TEXT NOT NULL,
    PRIMARY KEY (incident, ordinal)
  ) WITHOUT ROWID;
  CREATE TABLE transcript_notes (
    evaluation TEXT NOT NULL, room TEXT NOT NULL, "from" INTEGER NOT NULL, "to" INTEGER NOT NULL,
    parts INTEGER NOT NULL, punctuation TEXT NOT NULL, speakers TEXT NOT NULL, voices INTEGER NOT NULL,
    at INTEGER NOT NULL, PRIMARY KEY (evaluation, room)
  ) WITHOUT ROWID;
  CREATE INDEX transcript_notes_by_room ON transcript_notes (room, "from");
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
