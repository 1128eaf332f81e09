import { canonicalJson, sha256 } from '../../core/hash.js';
import type { SqlRow } from './tables.js';

/** What stands before the first link. */
export const CHAIN_START = '0'.repeat(64);

/** Whether a chain is whole: from its first row, without a gap, each hash as it should be. */
export type ChainVerdict = { ok: true; length: number; head: string } | { ok: false; seq: number; reason: string };

/** A row of a chained table as it is read. */
export type ChainedRow = SqlRow & { seq: number; previous_hash: string; hash: string };

/**
 * Hash of a link: SHA-256 over the hash before it, its own number, and its columns as canonical JSON. To change, remove or
 * insert a row, all later ones must be written anew; whoever noted a head elsewhere sees it.
 */
export function linkHash(previousHash: string, seq: number, columns: SqlRow): string {
  return sha256(`${previousHash}\n${seq}\n${canonicalJson(columns)}`);
}

/** Adds the two chain columns to a row that comes after `last`. */
export function chained(last: { seq: number; hash: string } | undefined, columns: SqlRow): ChainedRow {
  const seq = (last?.seq ?? 0) + 1;
  const previous = last?.hash ?? CHAIN_START;
  return { ...columns, seq, previous_hash: previous, hash: linkHash(previous, seq, columns) };
}

/** Walks a chain given in order of `seq`. */
export function verifyChain(rows: Iterable<ChainedRow>): ChainVerdict {
  let length = 0;
  let head = CHAIN_START;
  for (const { seq, previous_hash, hash, ...columns } of rows) {
    length += 1;
    if (seq !== length) return { ok: false, seq: length, reason: `number ${length} is missing` };
    if (previous_hash !== head) return { ok: false, seq, reason: 'does not follow the row before it' };
    if (linkHash(previous_hash, seq, columns) !== hash)
      return { ok: false, seq, reason: 'was changed after it was written' };
    head = hash;
  }
  return { ok: true, length, head };
}
