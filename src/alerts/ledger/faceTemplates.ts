import type { Clock } from '../../core/clock.js';
import { AppError } from '../../core/errors.js';
import type { PersonId } from '../../core/evaluation.js';
import { type WallMs, wallMs } from '../../core/time.js';
import type { LedgerDb } from './database.js';

/** What one photo of a person became. Only ciphertext is here; its key is elsewhere and is destroyed first. */
export interface NewFaceTemplate {
  /** Whose list: an evaluation's id, or `:staff`. */
  list: string;
  person: PersonId;
  /** Base64 of a sealed template. */
  sealed: string;
  /** What the photo was worth: `good`, or why it is poor but usable. */
  verdict: string;
  /** User id. */
  by: string;
}

export interface FaceTemplateRecord extends NewFaceTemplate {
  id: number;
  createdAt: WallMs;
}

export interface FaceTemplateStore {
  /** @throws AppError `conflict` where the person has `MOST_PHOTOS` already */
  add(template: NewFaceTemplate): FaceTemplateRecord;
  /** By person, oldest first. */
  of(list: string): FaceTemplateRecord[];
  /** Verdict of each photo, without the template. */
  photos(list: string): Array<Pick<FaceTemplateRecord, 'person' | 'verdict'>>;
  /** Lists that have any. */
  lists(): string[];
  /** Removes one person's, or all of a list; overwrites what they leave in the file, and empties the write-ahead log. */
  remove(list: string, person?: PersonId): FaceTemplateRecord[];
}

/** Photos of one person. */
export const MOST_PHOTOS = 5;

interface Row {
  id: number;
  list: string;
  person: string;
  sealed: string;
  verdict: string;
  by: string;
  created_at: number;
}

/** Makes the store. */
export function faceTemplateStore(db: LedgerDb, clock: Clock): FaceTemplateStore {
  const byList = db.query<Row>('SELECT * FROM face_templates WHERE list = ? ORDER BY person, id');
  const photos = db.query<{ person: PersonId; verdict: string }>(
    'SELECT person, verdict FROM face_templates WHERE list = ? ORDER BY person, id',
  );
  const count = db.query<{ n: number }>('SELECT count(*) AS n FROM face_templates WHERE list = ? AND person = ?');
  const lists = db.query<{ list: string }>('SELECT DISTINCT list FROM face_templates ORDER BY list');
  return {
    add: (template) =>
      db.write('ledger: add face template', (tx) => {
        const { list, person, sealed, verdict, by } = template;
        if (count.get(list, person)!.n >= MOST_PHOTOS) {
          throw new AppError('conflict', `faces of ${person}: ${MOST_PHOTOS} photos are there already`);
        }
        const createdAt = clock.now();
        const id = tx.insert('face_templates', { list, person, sealed, verdict, by, created_at: createdAt });
        return { ...template, id, createdAt };
      }),
    of: (list) => byList.all(list).map(recordOf),
    photos: (list) => photos.all(list),
    lists: () => lists.all().map(({ list }) => list),
    remove(list, person) {
      db.raw.pragma('secure_delete = ON');
      try {
        const removed = db.write('ledger: remove face templates', (tx) => {
          const gone = byList.all(list).filter((row) => person === undefined || row.person === person);
          for (const { id } of gone) tx.remove('face_templates', { id });
          return gone.map(recordOf);
        });
        if (removed.length > 0) db.raw.pragma('wal_checkpoint(TRUNCATE)');
        return removed;
      } finally {
        db.raw.pragma('secure_delete = OFF');
      }
    },
  };
}

const recordOf = ({ created_at, person, ...row }: Row): FaceTemplateRecord => ({
  ...row,
  person: person as PersonId,
  createdAt: wallMs(created_at),
});
