import type { Clock } from '../../core/clock.js';
import { AppError } from '../../core/errors.js';
import { type WallMs, wallMs } from '../../core/time.js';
import type { WordScope, WrittenWord } from '../../core/words.js';
import type { LedgerDb } from './database.js';

/** One version of one list. Versions are never changed nor removed: what was listened for on a day stays known. */
export interface WordListVersion {
  scope: WordScope;
  /** Counts the versions of this scope from 1. */
  version: number;
  words: WrittenWord[];
  /** Why it was changed, in the words of who did. */
  note: string;
  /** User id, or `system` for a list taken from a file. */
  by: string;
  createdAt: WallMs;
}

export interface WordListStore {
  /**
   * Keeps a new version, on top of the one its writer saw (0: none).
   * @throws AppError `conflict` where somebody was faster
   */
  save(list: Omit<WordListVersion, 'version' | 'createdAt'> & { basedOn: number }): WordListVersion;
  /** The newest version of a scope. */
  current(scope: WordScope): WordListVersion | undefined;
  /** The newest version of every scope, `hall` first. */
  all(): WordListVersion[];
  /** The versions of a scope, newest first. */
  versions(scope: WordScope): WordListVersion[];
  /** Called after each `save`; returns the end of it. */
  onChange(listen: () => void): () => void;
}

interface Row {
  scope: WordScope;
  version: number;
  words: string;
  note: string;
  by: string;
  created_at: number;
}

/** Makes the store. */
export function wordListStore(db: LedgerDb, clock: Clock): WordListStore {
  const listeners = new Set<() => void>();
  const newest = db.query<Row>('SELECT * FROM word_lists WHERE scope = ? ORDER BY version DESC LIMIT 1');
  const ofScope = db.query<Row>('SELECT * FROM word_lists WHERE scope = ? ORDER BY version DESC');
  const currents = db.query<Row>(
    `SELECT * FROM word_lists AS one WHERE version = (SELECT max(version) FROM word_lists WHERE scope = one.scope)
     ORDER BY scope`,
  );
  return {
    save({ scope, words, note, by, basedOn }) {
      const saved = db.write('ledger: save word list', (tx) => {
        const version = newest.get(scope)?.version ?? 0;
        if (version !== basedOn) {
          throw new AppError('conflict', `word list ${scope}: version ${basedOn}: ${version} was saved meanwhile`);
        }
        const createdAt = clock.now();
        const row = { scope, version: version + 1, words: JSON.stringify(words), note, by, created_at: createdAt };
        tx.insert('word_lists', row);
        return listFromRow(row);
      });
      for (const listen of listeners) listen();
      return saved;
    },
    current(scope) {
      const row = newest.get(scope);
      return row && listFromRow(row);
    },
    all: () => currents.all().map(listFromRow),
    versions: (scope) => ofScope.all(scope).map(listFromRow),
    onChange(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
  };
}

const listFromRow = ({ words, created_at, ...row }: Row): WordListVersion => ({
  ...row,
  words: JSON.parse(words) as WrittenWord[],
  createdAt: wallMs(created_at),
});
