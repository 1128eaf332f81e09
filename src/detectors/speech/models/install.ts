import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { AppError, messageOf } from '../../../core/errors.js';
import { storageError, writeFileAtomic } from '../../../core/files.js';
import { hashFile, type InstallRecord, RECORD_NAME } from './installed.js';
import { noticeText } from './notice.js';
import type { SpeechNetwork } from './speechManifest.js';

const run = promisify(execFile);

/**
 * Installs a network from its archive (or its single file), which must have the hash of the manifest.
 * @throws AppError `model` where it is another file or does not hold what it should, `storage`, `disk-full`
 */
export async function installArchive(root: string, network: SpeechNetwork, archive: string): Promise<void> {
  const found = await hashFile(archive);
  if (found !== network.archive.sha256) {
    throw new AppError(
      'model',
      `${basename(archive)}: sha256 ${found}: ${network.name} has ${network.archive.sha256}`,
      {
        hint: 'the file is damaged or another version; fetch it again',
      },
    );
  }
  await install(root, network, {
    archiveSha256: found,
    async lay(folder) {
      if (network.archive.kind === 'file') copyFileSync(archive, join(folder, network.files[0]!.path));
      else await unpack(archive, network, folder);
    },
  });
}

/**
 * Installs a network from a folder that was unpacked elsewhere. Where the manifest knows the hash of a file, it must have it.
 * @throws AppError `model`, `storage`, `disk-full`
 */
export async function installFolder(root: string, network: SpeechNetwork, source: string): Promise<void> {
  await install(root, network, {
    async lay(folder) {
      for (const { path } of network.files) copyFileSync(join(source, path), join(folder, path));
    },
  });
}

/** A network that lies somewhere, ready to be installed. */
export interface FoundImport {
  network: SpeechNetwork;
  kind: 'folder' | 'archive';
  path: string;
}

/** What of the networks lies at a place that a person named: a folder of one, an archive, or a disk with several. */
export function findImports(place: string, networks: readonly SpeechNetwork[]): FoundImport[] {
  const isFolder = statSync(place).isDirectory();
  return networks.flatMap((network): FoundImport[] => {
    const file = network.archive.kind === 'file' ? network.name : `${network.name}.tar.bz2`;
    if (!isFolder) return basename(place) === file ? [{ network, kind: 'archive' as const, path: place }] : [];
    const holds = (folder: string): boolean => network.files.every(({ path }) => existsSync(join(folder, path)));
    if (existsSync(join(place, file)) && statSync(join(place, file)).isFile()) {
      return [{ network, kind: 'archive' as const, path: join(place, file) }];
    }
    const folders = [join(place, network.name), ...(basename(place) === network.name ? [place] : [])];
    const folder = folders.find((one) => existsSync(one) && statSync(one).isDirectory() && holds(one));
    return folder === undefined ? [] : [{ network, kind: 'folder' as const, path: folder }];
  });
}

interface Layout {
  archiveSha256?: string;
  lay(folder: string): Promise<void>;
}

/** Lays the files beside their place, checks and records them, and puts the folder there as a whole. */
async function install(root: string, network: SpeechNetwork, { archiveSha256, lay }: Layout): Promise<void> {
  let fresh: string | undefined;
  try {
    mkdirSync(root, { recursive: true, mode: 0o750 });
    fresh = mkdtempSync(join(root, '.new-'));
    await lay(fresh);
    const files: InstallRecord['files'] = {};
    for (const { path, sha256 } of network.files) {
      const found = await hashFile(join(fresh, path));
      if (sha256 !== undefined && found !== sha256) {
        throw new AppError('model', `${network.name}: ${path}: sha256 ${found}: it must be ${sha256}`);
      }
      files[path] = { bytes: statSync(join(fresh, path)).size, sha256: found };
    }
    const record: InstallRecord = { network: network.name, files, ...(archiveSha256 ? { archiveSha256 } : {}) };
    writeFileAtomic(join(fresh, RECORD_NAME), `${JSON.stringify(record, null, 2)}\n`);
    writeFileAtomic(join(fresh, 'NOTICE'), noticeText([network]));
    rmSync(join(root, network.name), { recursive: true, force: true });
    renameSync(fresh, join(root, network.name));
  } catch (cause) {
    if (fresh !== undefined) rmSync(fresh, { recursive: true, force: true });
    throw cause instanceof AppError ? cause : storageError(`install ${network.name}`, cause);
  }
}

/** Only the files in use are taken out, by name: nothing in an archive can choose where it goes. */
async function unpack(archive: string, { name, files }: SpeechNetwork, folder: string): Promise<void> {
  const members = files.map(({ path }) => `${name}/${path}`);
  try {
    await run('tar', ['-xjf', archive, '-C', folder, '--strip-components=1', '--no-same-owner', ...members]);
  } catch (cause) {
    throw new AppError(
      'model',
      `${basename(archive)}: cannot be unpacked: ${messageOf(cause).split('\n').at(-2) ?? ''}`,
      {
        cause,
        hint: 'tar and bzip2 are needed: apt-get install tar bzip2',
      },
    );
  }
}
