import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { parseYaml } from '../../core/config/parseYaml.js';
import { ConfigError, type ConfigPath } from '../../core/config/problems.js';
import { AppError } from '../../core/errors.js';
import { buildStandard, type DeskStandard, defaultStandard, standardSchema } from './standard.js';

/** A folder that says how a desk must look. */
export interface StandardFolder {
  standard: DeskStandard;
  /** Reference pictures, by name. */
  references: string[];
  /** False where the folder has no `standard.yaml` and the defaults hold. */
  written: boolean;
}

const PICTURES = ['.jpg', '.jpeg', '.png', '.webp', '.avif', '.tif', '.tiff', '.gif'];

/**
 * Reads a standard's folder: `standard.yaml` (or `.yml`) and any number of reference pictures beside it. A folder
 * without the file is a standard too: the defaults, and its pictures.
 * @throws AppError `usage` where it is no folder; ConfigError with file, line and path for mistakes in the file
 */
export function readStandard(folder: string): StandardFolder {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new AppError('usage', `--standard ${folder}: no such folder`, {
      hint: 'a folder with standard.yaml and reference pictures of the tidy desk; both may be missing',
    });
  }
  const names = readdirSync(folder).sort();
  const references = names
    .filter((name) => PICTURES.includes(extname(name).toLowerCase()))
    .map((name) => join(folder, name));
  const file = names.find((name) => name === 'standard.yaml' || name === 'standard.yml');
  if (file === undefined) return { standard: defaultStandard(), references, written: false };
  const path = join(folder, file);
  return { standard: parseStandard(readFileSync(path, 'utf8'), path), references, written: true };
}

/**
 * A standard from its text; an empty one gives the defaults.
 * @throws ConfigError
 */
export function parseStandard(text: string, file: string): DeskStandard {
  const { data, locate } = parseYaml(text, file, standardSchema);
  const { standard, unknown } = buildStandard(data);
  if (unknown.length === 0) return standard;
  const hint = 'use a COCO class (cup, bottle, cell phone, ...), a Chinese name (水杯, 手机, ...), food or bag';
  throw new ConfigError(
    file,
    unknown.map(({ path, name }) => locate(path as ConfigPath, `no kind of thing ${JSON.stringify(name)}: ${hint}`)),
  );
}
