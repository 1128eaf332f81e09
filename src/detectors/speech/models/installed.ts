import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../../../core/errors.js';
import type { SpeechNetwork } from './speechManifest.js';

/** What was recorded when a network was installed, as `installed.json` in its folder. */
const record = z.object({
  network: z.string(),
  /** Hash of the archive the files came from; absent where files were taken from a folder. */
  archiveSha256: z.string().optional(),
  files: z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() })),
});
export type InstallRecord = z.output<typeof record>;
export const RECORD_NAME = 'installed.json';

/** `ok`: every file is there and is what it was; `missing`: not installed; `damaged`: not to be loaded. */
export type InstalledState =
  | { state: 'ok'; folder: string }
  | { state: 'missing' }
  | { state: 'damaged'; reason: string };

/** SHA-256 of a file, read in pieces. Rejects where it cannot be read. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return hash.digest('hex');
}

/**
 * Whether a network lies whole below `root`. Every byte is read: a damaged file ends the process that loads it, so nothing
 * is loaded that was not compared.
 */
export async function checkInstalled(root: string, network: SpeechNetwork): Promise<InstalledState> {
  const folder = join(root, network.name);
  if (!existsSync(join(folder, RECORD_NAME))) {
    return existsSync(folder) ? { state: 'damaged', reason: `${RECORD_NAME} is missing` } : { state: 'missing' };
  }
  try {
    const known = record.parse(JSON.parse(readFileSync(join(folder, RECORD_NAME), 'utf8')));
    for (const { path, sha256 } of network.files) {
      const wanted = sha256 ?? known.files[path]?.sha256;
      if (wanted === undefined) return { state: 'damaged', reason: `${path}: not recorded` };
      if (!existsSync(join(folder, path))) return { state: 'damaged', reason: `${path}: missing` };
      const size = statSync(join(folder, path)).size;
      if (known.files[path] && known.files[path].bytes !== size) {
        return { state: 'damaged', reason: `${path}: ${size} bytes, not ${known.files[path].bytes}` };
      }
      if ((await hashFile(join(folder, path))) !== wanted)
        return { state: 'damaged', reason: `${path}: another sha256` };
    }
  } catch (error) {
    return { state: 'damaged', reason: messageOf(error) };
  }
  return { state: 'ok', folder };
}
