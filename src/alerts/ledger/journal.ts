import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../core/hash.js';
import type { SqlRow, SqlValue, TableName } from './tables.js';

/** One row operation of a transaction, enough to do it again. */
export type RowChange =
  | ['put', TableName, SqlRow]
  | ['patch', TableName, SqlRow, SqlRow]
  | ['remove', TableName, Record<string, SqlValue>];

/** One transaction. `n` counts transactions of this ledger from 1 and is kept in the database too. */
export interface JournalEntry {
  n: number;
  changes: RowChange[];
}

/**
 * The redo journal: every transaction, appended before its commit, so that a database that was damaged, cut short or
 * deleted is rebuilt from its newest backup. One file a backup, named after its first transaction.
 */
export interface Journal {
  /** Appends and, where `durable`, waits for the disk. Returns what takes the entry back if the commit fails. */
  append(entry: JournalEntry, durable: boolean): () => void;
  /** Entries with `n` above `after`, in order, each `n` once. Torn or damaged lines are left out. */
  entriesAfter(after: number): JournalEntry[];
  /** Begins a new file at transaction `firstN`; later appends go there. */
  rotate(firstN: number): void;
  /** Deletes files that hold only transactions up to and including `n`. */
  dropUpTo(n: number): void;
  close(): void;
}

const SEGMENT = /^(\d{12})\.jsonl$/;
const CHECK_DIGITS = 16;
const PIECE_BYTES = 4 << 20;
const LINE_BREAK = 0x0a;
/** The number of an entry: the first thing of its line. */
const NUMBER = /^\{"n":(\d+),/;

/** A journal for a ledger that lives in memory: keeps nothing. */
export const noJournal: Journal = {
  append: () => () => {},
  entriesAfter: () => [],
  rotate: () => {},
  dropUpTo: () => {},
  close: () => {},
};

/** Opens the journal in `folder`, which is made where missing. Throws what the file system throws. */
export function openJournal(folder: string): Journal {
  mkdirSync(folder, { recursive: true, mode: 0o750 });
  const segments = (): number[] =>
    readdirSync(folder)
      .flatMap((name) => SEGMENT.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  const pathOf = (firstN: number): string => join(folder, `${String(firstN).padStart(12, '0')}.jsonl`);
  let file: number | undefined;

  const open = (firstN: number): number => {
    if (file !== undefined) closeSync(file);
    // Read and append: a second process (the command line) may append to the same file, under the database's write lock.
    file = openSync(pathOf(firstN), 'a+', 0o600);
    return file;
  };

  return {
    append(entry, durable) {
      const target = file ?? open(segments().at(-1) ?? entry.n);
      const before = fstatSync(target).size;
      const undo = (): void => ftruncateSync(target, before);
      try {
        const line = Buffer.from(lineOf(entry));
        for (let written = 0; written < line.length; ) written += writeSync(target, line, written);
        if (durable) fdatasyncSync(target);
      } catch (error) {
        undo();
        throw error;
      }
      return undo;
    },
    entriesAfter(after) {
      const all = segments();
      const relevant = all.filter((_, i) => i + 1 >= all.length || all[i + 1]! > after + 1);
      // A transaction that was taken back leaves its number to the next one: the last line of a number is the true one.
      const byNumber = new Map<number, JournalEntry>();
      for (const segment of relevant) {
        for (const entry of readSegment(pathOf(segment), after)) byNumber.set(entry.n, entry);
      }
      return [...byNumber.values()].sort((a, b) => a.n - b.n);
    },
    rotate(firstN) {
      open(firstN);
    },
    dropUpTo(n) {
      const all = segments();
      all.forEach((segment, i) => {
        const next = all[i + 1];
        if (next !== undefined && next <= n + 1) rmSync(pathOf(segment), { force: true });
      });
    },
    close() {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

/** A line break on both sides: a line that a power cut left half-written never swallows the next one. */
function lineOf(entry: JournalEntry): string {
  const json = JSON.stringify(entry);
  return `\n${sha256(json).slice(0, CHECK_DIGITS)} ${json}\n`;
}

/** Entries above `after`; those below, nearly all of them where the database is whole, are neither checked nor parsed. */
function* readSegment(path: string, after: number): Generator<JournalEntry> {
  for (const line of linesOf(path)) {
    const json = line.slice(CHECK_DIGITS + 1);
    if (Number(NUMBER.exec(json)?.[1] ?? 0) <= after) continue;
    if (sha256(json).startsWith(line.slice(0, CHECK_DIGITS))) yield JSON.parse(json) as JournalEntry;
  }
}

/** Piece by piece: where no backup could be made for weeks a file is longer than the longest text. */
function* linesOf(path: string): Generator<string> {
  const source = openSync(path, 'r');
  try {
    const piece = Buffer.alloc(PIECE_BYTES);
    let rest: Buffer = Buffer.alloc(0);
    for (let read = readSync(source, piece); read > 0; read = readSync(source, piece)) {
      // Cut at line breaks, which no other character's bytes contain, so that no character is torn.
      const bytes = Buffer.concat([rest, piece.subarray(0, read)]);
      const end = bytes.lastIndexOf(LINE_BREAK) + 1;
      yield* bytes.toString('utf8', 0, end).split('\n');
      rest = bytes.subarray(end);
    }
    yield rest.toString('utf8');
  } finally {
    closeSync(source);
  }
}
