import type { Clock } from '../../core/clock.js';
import type { Box } from '../../core/geometry.js';
import { type WindowId, windowId } from '../../core/ids.js';
import { type EventMs, eventMs, type WallMs, wallMs } from '../../core/time.js';
import type { LedgerDb } from './database.js';

/** How a picture came to a window's desk. `fine`: a person said that what was told as disorder is in order. */
export type DeskPictureSource = 'set' | 'collected' | 'fine' | 'untidy';

/** A picture of a desk that a person set or let be collected. The file lies in the desk folder. */
export interface DeskPictureRecord {
  id: number;
  window: WindowId;
  /** `untidy` pictures are kept for checking the site's own accuracy and never compared with. */
  source: DeskPictureSource;
  /** Capture time. */
  at: EventMs;
  /** Relative to the desk folder. */
  path: string;
  sha256: string;
  /** Boxes of people who were in front of the desk, fractions of the picture. */
  hidden: Box[];
  by: string;
  addedAt: WallMs;
  removedBy?: string;
  removedAt?: WallMs;
}

/** A version of a written standard. `scope` is a window's id, or a window type. Versions are never changed. */
export interface DeskStandardVersion {
  scope: string;
  version: number;
  /** `standard.yaml`. */
  text: string;
  by: string;
  at: WallMs;
}

export interface DeskStandardStore {
  addPicture(picture: Omit<DeskPictureRecord, 'id' | 'addedAt' | 'removedBy' | 'removedAt'>): DeskPictureRecord;
  /** Not removed, oldest first; of all windows where none is named. */
  pictures(window?: WindowId): DeskPictureRecord[];
  picture(id: number): DeskPictureRecord | undefined;
  /** Returns whether there was one. It stays on record. */
  removePicture(id: number, by: string): boolean;
  save(standard: { scope: string; text: string; by: string }): DeskStandardVersion;
  current(scope: string): DeskStandardVersion | undefined;
  /** Newest first. */
  versions(scope: string): DeskStandardVersion[];
}

interface PictureRow {
  id: number;
  window: string;
  source: string;
  at: number;
  path: string;
  sha256: string;
  hidden: string;
  by: string;
  added_at: number;
  removed_by: string | null;
  removed_at: number | null;
}

/** Makes the store. */
export function deskStandardStore(db: LedgerDb, clock: Clock): DeskStandardStore {
  const ofWindow = db.query<PictureRow>(
    'SELECT * FROM desk_pictures WHERE window = ? AND removed_at IS NULL ORDER BY at, id',
  );
  const all = db.query<PictureRow>('SELECT * FROM desk_pictures WHERE removed_at IS NULL ORDER BY window, at, id');
  const one = db.query<PictureRow>('SELECT * FROM desk_pictures WHERE id = ?');
  const versions = db.query<DeskStandardVersion>(
    'SELECT scope, version, text, by, at FROM desk_standards WHERE scope = ? ORDER BY version DESC',
  );
  return {
    addPicture: (picture) =>
      db.write('ledger: add desk picture', (tx) => {
        const addedAt = clock.now();
        const { window, source, at, path, sha256, hidden, by } = picture;
        const row = {
          window,
          source,
          at,
          path,
          sha256,
          hidden: JSON.stringify(hidden),
          by,
          added_at: addedAt,
          removed_by: null,
          removed_at: null,
        };
        return { ...picture, id: tx.insert('desk_pictures', row), addedAt };
      }),
    pictures: (window) => (window === undefined ? all.all() : ofWindow.all(window)).map(pictureFromRow),
    picture: (id) => {
      const row = one.get(id);
      return row && pictureFromRow(row);
    },
    removePicture: (id, by) =>
      db.write('ledger: remove desk picture', (tx) => {
        const row = one.get(id);
        if (!row || row.removed_at !== null) return false;
        return tx.patch('desk_pictures', { id }, { removed_by: by, removed_at: clock.now() });
      }),
    save: ({ scope, text, by }) =>
      db.write('ledger: save desk standard', (tx) => {
        const version = (versions.get(scope)?.version ?? 0) + 1;
        const at = clock.now();
        tx.put('desk_standards', { scope, version, text, by, at });
        return { scope, version, text, by, at };
      }),
    current: (scope) => versions.get(scope),
    versions: (scope) => versions.all(scope),
  };
}

function pictureFromRow(row: PictureRow): DeskPictureRecord {
  return {
    id: row.id,
    window: windowId(row.window),
    source: row.source as DeskPictureSource,
    at: eventMs(row.at),
    path: row.path,
    sha256: row.sha256,
    hidden: JSON.parse(row.hidden) as Box[],
    by: row.by,
    addedAt: wallMs(row.added_at),
    ...(row.removed_by === null ? {} : { removedBy: row.removed_by }),
    ...(row.removed_at === null ? {} : { removedAt: wallMs(row.removed_at) }),
  };
}
