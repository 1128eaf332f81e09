import { extname } from 'node:path';
import { z } from 'zod';
import type { SnapshotRecord } from '../../alerts/ledger/snapshots.js';
import { labelledBox } from '../api/contract/common.js';
import type { AnswerOf } from '../api/contract.js';
import type { EvidencePort } from '../ports.js';

export type MediaItem = AnswerOf<'getIncident'>['media']['items'][number];

const MIMES: Record<string, string> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.mp4': 'video/mp4',
  '.wav': 'audio/wav',
  '.json': 'application/json',
};

/** The name a file of an incident has in its address: step, kind and ending, never a path. */
export const mediaName = ({ ordinal, kind, path }: SnapshotRecord): string => `${ordinal}-${kind}${extname(path)}`;

/** The content type of a file; anything unknown is only ever downloaded. */
export const mediaMime = ({ path }: SnapshotRecord): string =>
  MIMES[extname(path).toLowerCase()] ?? 'application/octet-stream';

function kindOf(snapshot: SnapshotRecord): MediaItem['kind'] {
  const [family] = mediaMime(snapshot).split('/');
  if (family === 'image') return 'snapshot';
  if (family === 'video') return 'clip';
  return family === 'audio' ? 'audio' : 'other';
}

/** A file of evidence as the API lists it; `boxes` are drawn over a plain picture by the page. */
export const mediaItem = (snapshot: SnapshotRecord, boxes: MediaItem['boxes']): MediaItem => ({
  name: mediaName(snapshot),
  kind: kindOf(snapshot),
  mime: mediaMime(snapshot),
  at: snapshot.at,
  sha256: snapshot.sha256,
  bytes: snapshot.bytes,
  boxes,
});

const facts = z.object({ boxes: z.array(labelledBox) });

/** Boxes of each step, from the facts kept beside its pictures. A damaged file gives none: its bytes are not proof. */
export async function boxesByStep(
  snapshots: readonly SnapshotRecord[],
  evidence: EvidencePort,
): Promise<Map<number, MediaItem['boxes']>> {
  const found = new Map<number, MediaItem['boxes']>();
  for (const { kind, ordinal, path, sha256 } of snapshots) {
    if (kind !== 'facts') continue;
    try {
      const bytes = await evidence.read(path, sha256);
      found.set(ordinal, facts.parse(JSON.parse(Buffer.from(bytes).toString('utf8'))).boxes);
    } catch {
      // The picture itself is still listed; asking for its bytes tells what is wrong with them.
      found.set(ordinal, []);
    }
  }
  return found;
}
