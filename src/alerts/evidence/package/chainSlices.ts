import type { ChainEntry } from '../chain/entry.js';
import type { Manifests } from '../chain/manifests.js';

/**
 * The stretch of a chain that holds the wanted entries: from the first to the last of them, nothing in between left out, so
 * that every link can be followed. None where no entry is wanted.
 */
export function chainSlice(entries: readonly ChainEntry[], wanted: (entry: ChainEntry) => boolean): ChainEntry[] {
  const first = entries.findIndex(wanted);
  return first < 0 ? [] : entries.slice(first, entries.findLastIndex(wanted) + 1);
}

/** Slices of all chains that hold an entry for one of these paths below the data folder. */
export function slicesOfFiles(
  manifests: Manifests,
  origins: ReadonlySet<string>,
  days: readonly string[],
): Map<string, ChainEntry[]> {
  const found = new Map<string, ChainEntry[]>();
  if (origins.size === 0) return found;
  const near = manifests.chains().filter((chain) => days.some((day) => chain.endsWith(`/${day}`)));
  for (const chain of near) {
    const slice = chainSlice(
      manifests.read(chain),
      (entry) => entry.type === 'file' && origins.has(String(entry.path)),
    );
    if (slice.length > 0) found.set(chain, slice);
  }
  return found;
}
