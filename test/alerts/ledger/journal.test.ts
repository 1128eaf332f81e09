import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type JournalEntry, openJournal } from '../../../src/alerts/ledger/journal.js';
import { temporaryFolder } from '../../support/ledger.js';

const entry = (n: number, text: string): JournalEntry => ({
  n,
  changes: [['put', 'settings', { key: `k${n}`, value: text, updated_at: n }]],
});

describe('the redo journal', () => {
  it('is read piece by piece: no entry and no character is torn, damaged lines are left out, older ones skipped', () => {
    const folder = join(temporaryFolder(), 'journal');
    const journal = openJournal(folder);
    onTestFinished(() => journal.close());
    // Longer than a piece of 4 MiB, of characters of three bytes, so that pieces end within them.
    const entries = [entry(1, '甲'), entry(2, '乙'.repeat(1_500_001)), entry(3, '丙'.repeat(777_777)), entry(4, '丁')];
    for (const one of entries.slice(0, 3)) journal.append(one, false);
    appendFileSync(join(folder, readdirSync(folder)[0]!), '\n0000000000000000 {"n":9,"changes":[]}\nrubbish');
    journal.append(entries[3]!, true);
    expect(journal.entriesAfter(0)).toEqual(entries);
    expect(journal.entriesAfter(2).map(({ n }) => n)).toEqual([3, 4]);
    expect(journal.entriesAfter(4)).toEqual([]);
  });
});
