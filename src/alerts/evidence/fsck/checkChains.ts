import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../core/hash.js';
import type { ChainEntry } from '../chain/entry.js';
import type { FsckLine, FsckOptions } from './fsck.js';

/** What the manifests vouch for. */
export interface SignedFiles {
  lines: FsckLine[];
  /** Newest entry of each file, by its path below the data folder. */
  files: Map<string, ChainEntry>;
  /** Folders that were deleted, by their tombstones. */
  deleted: Set<string>;
}

/** Reads all chains of the days asked for: torn ends are cut off, broken links told. */
export function checkChains({
  manifests,
  since,
  skip,
}: Pick<FsckOptions, 'manifests' | 'since' | 'skip'>): SignedFiles {
  const found: SignedFiles = { lines: [], files: new Map(), deleted: new Set() };
  for (const chain of manifests.chains()) {
    const [group, day] = chain.split('/') as [string, string];
    if (skip?.(group) || (since !== undefined && group !== 'session' && day < since)) continue;
    const torn = manifests.mend(chain);
    if (torn > 0) found.lines.push({ did: 'mended', what: chain, detail: `${torn} bytes of a torn entry cut off` });
    const entries = manifests.read(chain);
    const broken = firstBroken(entries);
    if (broken) found.lines.push({ did: 'changed', what: chain, detail: broken });
    for (const entry of entries) {
      // A session's own chain repeats in short what the chains of its cameras vouch for.
      if (entry.type === 'file' && group !== 'session') found.files.set(String(entry.path), entry);
      else if (entry.type === 'deleted') found.deleted.add(String(entry.path));
    }
  }
  return found;
}

function firstBroken(entries: readonly ChainEntry[]): string | undefined {
  for (const [i, { hash, signature: _signature, key: _key, ...content }] of entries.entries()) {
    const before = entries[i - 1];
    if (createHash(content.digest).update(canonicalJson(content)).digest('hex') !== hash) {
      return `entry ${content.seq} was changed`;
    }
    if (before && (content.seq !== before.seq + 1 || content.previous !== before.hash)) {
      return `entry ${content.seq} does not follow entry ${before.seq}`;
    }
  }
  return undefined;
}
