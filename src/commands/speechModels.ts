import { join } from 'node:path';
import { AppError } from '../core/errors.js';
import { writeFileAtomic } from '../core/files.js';
import { fetchNetwork } from '../detectors/speech/models/fetchNetwork.js';
import { findImports, installArchive, installFolder } from '../detectors/speech/models/install.js';
import { checkInstalled } from '../detectors/speech/models/installed.js';
import { noticeText } from '../detectors/speech/models/notice.js';
import { readSpeechManifest, type SpeechNetwork } from '../detectors/speech/models/speechManifest.js';
import { printJson, printLine, printNote } from './output.js';

export interface SpeechModelFlags {
  json?: boolean;
  mirror?: string;
}

/** What a fetch without names takes. The other recogniser, and the punctuation it needs, only by their names. */
const USUAL: ReadonlyArray<SpeechNetwork['role']> = ['keywords', 'recognition', 'voice-activity', 'speakers'];
const MIB = 1024 * 1024;

/** The networks of the names given, or the usual ones. @throws AppError `usage` */
function chosen(names: readonly string[]): SpeechNetwork[] {
  const all = readSpeechManifest();
  if (names.length === 0) return all.filter(({ role }) => USUAL.includes(role));
  return names.map((name) => {
    const found = all.find((network) => network.name === name);
    if (found) return found;
    throw new AppError('usage', `speech network ${name}: not in models/manifest.json`, {
      hint: `known are ${all.map((network) => network.name).join(', ')}`,
    });
  });
}

/** `models fetch`: downloads on request, goes on with what is there, verifies, installs. Licences are printed first. */
export async function fetchModels(root: string, names: readonly string[], flags: SpeechModelFlags): Promise<void> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  for (const network of chosen(names)) {
    if ((await checkInstalled(root, network)).state === 'ok') {
      tell(network, 'installed', flags);
      continue;
    }
    printNote(`${network.name}: ${network.licence}. ${network.notice}`);
    let shown = -1;
    await fetchNetwork(root, network, {
      signal: stop.signal,
      ...(flags.mirror === undefined ? {} : { mirror: flags.mirror }),
      onProgress(bytes, total) {
        const percent = Math.floor((bytes / total) * 20) * 5;
        if (percent === shown) return;
        shown = percent;
        printNote(`${network.name}: ${percent} %  ${(bytes / MIB).toFixed(1)} of ${(total / MIB).toFixed(1)} MiB`);
      },
    });
    tell(network, 'installed', flags);
  }
  await writeNotice(root);
}

/** `models import`: from a folder, an archive or a USB stick, for halls without internet. @throws AppError `not-found` */
export async function importModels(root: string, place: string, flags: SpeechModelFlags): Promise<void> {
  const found = findImports(place, readSpeechManifest());
  if (found.length === 0) {
    throw new AppError('not-found', `${place}: no speech network is there`, {
      hint: `expected are ${readSpeechManifest()
        .map(({ name, archive }) => (archive.kind === 'file' ? name : `${name}.tar.bz2 or the folder ${name}`))
        .join('; ')}`,
    });
  }
  for (const { network, kind, path } of found) {
    if (kind === 'archive') await installArchive(root, network, path);
    else await installFolder(root, network, path);
    tell(network, 'installed', flags);
  }
  await writeNotice(root);
}

/** `models verify` for the speech networks: one that is not installed is no fault, one that is damaged is. */
export async function verifySpeechModels(root: string, flags: SpeechModelFlags): Promise<void> {
  for (const network of readSpeechManifest()) {
    const found = await checkInstalled(root, network);
    if (found.state === 'damaged') process.exitCode = 1;
    tell(network, found.state, flags, found.state === 'damaged' ? found.reason : undefined);
  }
}

function tell({ name, licence }: SpeechNetwork, state: string, { json }: SpeechModelFlags, reason?: string): void {
  if (json) printJson({ name, state, licence, ...(reason === undefined ? {} : { reason }) });
  else printLine(`${state}  ${name}  ${licence}${reason === undefined ? '' : `  ${reason}`}`);
}

/** One NOTICE for all that is installed, beside them. */
async function writeNotice(root: string): Promise<void> {
  const states = await Promise.all(
    readSpeechManifest().map(async (network) => ({ network, found: await checkInstalled(root, network) })),
  );
  const installed = states.filter(({ found }) => found.state === 'ok').map(({ network }) => network);
  writeFileAtomic(join(root, 'NOTICE'), noticeText(installed));
}
