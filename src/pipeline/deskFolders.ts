import type { Config } from '../core/config/schema.js';
import { messageOf } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import { readStandard } from '../detectors/desk/readStandard.js';
import { type DeskReference, deskReference } from '../detectors/desk/references.js';
import { type DeskStandard, defaultStandard } from '../detectors/desk/standard.js';
import { deskZone } from '../detectors/desk/zone.js';
import { readPicture } from '../detectors/readPicture.js';

/** What the folders of the configuration say of each window's desk. */
export interface DeskFolders {
  standardOf(window: string): DeskStandard;
  referencesOf(window: string): readonly DeskReference[];
}

/**
 * Reads the folders under `rules.desk.standards`: each window takes that of its type, else that of `*`, else the defaults. A
 * picture that cannot be read is left out with a warning; a mistake in a `standard.yaml` throws.
 * @throws AppError `usage` where a folder is missing; ConfigError
 */
export async function deskFolders(config: Config, log: Logger): Promise<DeskFolders> {
  const { standards } = config.rules.desk;
  const folders = new Map(Object.entries(standards).map(([type, folder]) => [type, readStandard(folder)]));
  const references = new Map<string, DeskReference[]>();
  const folderOf = (window: { type: string }) => folders.get(window.type) ?? folders.get('*');
  for (const window of config.windows.filter(({ deskZone: zone }) => zone.length > 0)) {
    const own: DeskReference[] = [];
    for (const file of folderOf(window)?.references ?? []) {
      try {
        own.push(deskReference(await readPicture(file), deskZone(window.deskZone)));
      } catch (error) {
        log.warn({ window: window.id, file, error: messageOf(error) }, 'desk reference left out');
      }
    }
    references.set(window.id, own);
  }
  const fallback = defaultStandard();
  const typeOf = new Map(config.windows.map((window) => [window.id as string, folderOf(window)?.standard]));
  return {
    standardOf: (window) => typeOf.get(window) ?? fallback,
    referencesOf: (window) => references.get(window) ?? [],
  };
}

/** Every desk by the default standard, with nothing to compare with. */
export const plainDesks = (): DeskFolders => {
  const standard = defaultStandard();
  return { standardOf: () => standard, referencesOf: () => [] };
};
