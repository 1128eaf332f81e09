import { describe, expect, it, onTestFinished } from 'vitest';
import { ledgerDb, openDatabase } from '../../../src/alerts/ledger/database.js';
import { type Journal, noJournal } from '../../../src/alerts/ledger/journal.js';
import { migrate } from '../../../src/alerts/ledger/migrations.js';

const full = (): Error => Object.assign(new Error('no space'), { code: 'ENOSPC' });

/** A database whose journal fails at the n-th append, `times` times in a row, and a reserve of one use. */
function failing(n: number, times: number, reserves: number) {
  const raw = openDatabase(':memory:');
  migrate(raw);
  onTestFinished(() => {
    raw.close();
  });
  let appends = 0;
  const entries: number[] = [];
  const journal: Journal = {
    ...noJournal,
    append(entry) {
      appends += 1;
      if (appends >= n && appends < n + times) throw full();
      entries.push(entry.n);
      return () => {
        entries.pop();
      };
    },
  };
  let told = 0;
  const reserve = { release: () => reserves-- > 0, restore: () => true };
  const db = ledgerDb(raw, { journal, reserve, onFull: () => (told += 1) });
  const insert = (value: number): number =>
    db.write('test: insert', (tx) => {
      tx.insert('leaves', { from: value, to: value + 1, kind: 'leave', note: '', by: 'u', created_at: 0 });
      return tx.insert('audit', { at: 0, actor: 'a', action: 'b', object: String(value), previous_hash: '', hash: '' });
    });
  const count = (table: string): number => db.query<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).get()!.n;
  return { db, insert, count, entries, told: () => told };
}

describe('a write that fails', () => {
  it.each([1, 2, 3, 4, 5])('leaves nothing behind when it is number %i, and later ones go on without a gap', (n) => {
    const { db, insert, count, entries } = failing(n, 2, 0);
    const results = [1, 2, 3, 4, 5].map((value) => {
      try {
        return insert(value);
      } catch (error) {
        return (error as { code: string }).code;
      }
    });
    expect(results).toEqual([1, 2, 3, 4, 5].map((i) => (i === n ? 'disk-full' : i > n ? i - 1 : i)));
    expect([count('leaves'), count('audit'), db.position()]).toEqual([4, 4, 4]);
    expect(entries).toEqual([1, 2, 3, 4]);
  });

  it.each([1, 2, 3])('goes through with the reserve given free when it is number %i', (n) => {
    const { insert, count, entries, told } = failing(n, 1, 1);
    expect([1, 2, 3].map(insert)).toEqual([1, 2, 3]);
    expect([count('leaves'), count('audit'), entries, told()]).toEqual([3, 3, [1, 2, 3], 1]);
  });

  it('takes the journal entry back when the commit itself fails', () => {
    const { db, entries } = failing(99, 0, 0);
    const conflict = (): void =>
      db.write('test: conflict', (tx) => {
        tx.put('settings', { key: 'a', value: '1', updated_at: 0 });
        throw new Error('changed my mind');
      });
    expect(conflict).toThrow(/test: conflict/);
    expect([entries, db.position()]).toEqual([[], 0]);
  });
});
