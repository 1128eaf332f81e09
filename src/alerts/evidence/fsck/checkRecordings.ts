import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../../core/hash.js';
import { recordingEntry } from '../chain/register.js';
import type { SignedFiles } from './checkChains.js';
import { filesBelow, isNewer, quarantine } from './folders.js';
import type { FsckLine, FsckOptions } from './fsck.js';

/** Recordings that are kept: each has its signed entry, each entry its file. The ring is in no manifest. */
export async function checkRecordings(options: FsckOptions, signed: SignedFiles): Promise<FsckLine[]> {
  const { data, since, deep, skip } = options;
  const lines: FsckLine[] = [];
  for (const kind of ['hall', 'session']) {
    for (const name of filesBelow(join(data, 'recordings', kind))) {
      const path = `recordings/${kind}/${name}`;
      const [camera, day] = name.split('/') as [string, string];
      if (skip?.(camera) || (since !== undefined && day < since)) continue;
      if (signed.deleted.has(`recordings/${kind}/${camera}/${day}`)) {
        rmSync(join(data, path), { force: true });
        lines.push({ did: 'mended', what: path, detail: 'its deletion was signed for and is now done' });
        continue;
      }
      const line = await checkFile(path, options, signed);
      if (line) lines.push(line);
    }
  }
  for (const [path, entry] of signed.files) {
    if (entry.kind !== 'recording' || existsSync(join(data, path)) || isDeleted(path, signed)) continue;
    lines.push({ did: 'missing', what: path, detail: `${entry.start} to ${entry.end}` });
  }
  return deep ? [...lines, ...changedOf(options, signed)] : lines;
}

async function checkFile(
  path: string,
  { data, manifests, describe, before }: FsckOptions,
  signed: SignedFiles,
): Promise<FsckLine | undefined> {
  if (signed.files.has(path) || isNewer(join(data, path), before)) return undefined;
  const file = describe(path.slice('recordings/'.length));
  if (!file) {
    quarantine(data, path);
    return { did: 'quarantined', what: path, detail: 'is no recording' };
  }
  await manifests.append(path.split('/').slice(2, 4).join('/'), recordingEntry({ ...file, recovered: true }));
  return { did: 'signed', what: path, detail: 'had no entry in its manifest' };
}

const isDeleted = (path: string, { deleted }: SignedFiles): boolean =>
  deleted.has(path.slice(0, path.lastIndexOf('/')));

function changedOf({ data }: FsckOptions, { files }: SignedFiles): FsckLine[] {
  return [...files].flatMap(([path, entry]) => {
    const file = join(data, path);
    if (entry.kind !== 'recording' || !existsSync(file) || sha256(readFileSync(file)) === entry.sha256) return [];
    return [{ did: 'changed' as const, what: path, detail: `${entry.start} to ${entry.end}` }];
  });
}
