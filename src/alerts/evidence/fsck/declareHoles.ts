import { cameraId } from '../../../core/ids.js';
import { type EventMs, eventMs, isoOf, parseInstant } from '../../../core/time.js';
import type { ChainEntry } from '../chain/entry.js';
import type { FsckLine, FsckOptions } from './fsck.js';

/** A shorter stretch between two recordings is no hole. */
const HOLE_MS = 1500;

/**
 * Stretches between two signed recordings of a day that should have been recorded and are not declared: the process was killed
 * before it could say so. They are declared now, with a cause that nobody knows any more.
 */
export async function declareHoles({ manifests, since, expected, skip }: FsckOptions): Promise<FsckLine[]> {
  if (!expected) return [];
  const lines: FsckLine[] = [];
  for (const chain of manifests.chains()) {
    const [camera, day] = chain.split('/') as [string, string];
    if (camera === 'session' || camera === 'evidence' || skip?.(camera) || (since !== undefined && day < since))
      continue;
    for (const { from, to } of holesOf(manifests.read(chain))) {
      if (!expected(cameraId(camera), from, to)) continue;
      const body = { camera, from: isoOf(from), to: isoOf(to), cause: 'unknown' };
      await manifests.append(chain, { type: 'gap', ...body });
      lines.push({ did: 'mended', what: chain, detail: `declared the gap ${body.from} to ${body.to}` });
    }
  }
  return lines;
}

function holesOf(entries: readonly ChainEntry[]): Array<{ from: EventMs; to: EventMs }> {
  const spans = entries.flatMap((entry) => spanOf(entry) ?? []).sort((a, b) => a.from - b.from);
  const holes: Array<{ from: EventMs; to: EventMs }> = [];
  let reached = spans[0]?.to;
  for (const { from, to } of spans) {
    if (reached !== undefined && from - reached > HOLE_MS) holes.push({ from: reached, to: from });
    reached = eventMs(Math.max(reached ?? to, to));
  }
  return holes;
}

function spanOf(entry: ChainEntry): { from: EventMs; to: EventMs } | undefined {
  if (entry.type === 'gap') {
    return { from: parseInstant(String(entry.from), 'entry'), to: parseInstant(String(entry.to), 'entry') };
  }
  if (entry.type !== 'file' || entry.kind !== 'recording') return undefined;
  return { from: parseInstant(String(entry.start), 'entry'), to: parseInstant(String(entry.end), 'entry') };
}
