/** A value that SQLite keeps as it is. */
export type SqlValue = string | number | null;

/** A row by column name. */
export type SqlRow = Record<string, SqlValue>;

/** Primary key columns of each table that is written through the journal. */
export const TABLE_KEYS = {
  meta: ['key'],
  settings: ['key'],
  rule_versions: ['rule', 'version'],
  observation_runs: ['subject', 'kind', 'first_at'],
  incidents: ['id'],
  steps: ['seq'],
  snapshots: ['id'],
  outbox: ['id'],
  outbox_quarantine: ['id'],
  leaves: ['id'],
  workflow_steps: ['seq'],
  users: ['id'],
  sessions: ['token_hash'],
  tokens: ['id'],
  audit: ['seq'],
  viewing_register: ['seq'],
  clips: ['incident', 'ordinal'],
  holds: ['id'],
  transcripts: ['id'],
  sound_clips: ['incident', 'ordinal'],
  transcript_notes: ['evaluation', 'room'],
  word_lists: ['id'],
  courtesy: ['window', 'start'],
  evaluations: ['id'],
  evaluation_rooms: ['evaluation', 'room'],
  evaluation_changes: ['seq'],
  evaluation_entries: ['id'],
  face_templates: ['id'],
  sign_ins: ['id'],
  patrol_visits: ['id'],
  frozen_months: ['month'],
  camera_health: ['id'],
  room_entries: ['id'],
  desk_pictures: ['id'],
  desk_standards: ['scope', 'version'],
  service_sessions: ['window', 'start'],
} as const;

export type TableName = keyof typeof TABLE_KEYS;
