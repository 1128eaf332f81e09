import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { AppError } from '../core/errors.js';
import { storageError, writeFileAtomic } from '../core/files.js';

const KEY_BYTES = 32;

/** One data key a list, each in a file of its own, so that destroying the file makes every copy of its templates noise. */
export interface TemplateKeys {
  /** The list's key, made at its first use. @throws AppError `storage`, `disk-full` */
  make(list: string): Uint8Array;
  /** The list's key; undefined where it was destroyed or never made. @throws AppError `storage` */
  find(list: string): Uint8Array | undefined;
  /** Overwrites and removes the key. Returns whether there was one; afterwards there is none. @throws AppError `storage` */
  destroy(list: string): boolean;
}

/** Where keys lie when the configuration does not say: beside the home folder's other keys, never with the data. */
export const defaultKeyFolder = (site: string): string =>
  join(homedir(), '.local', 'share', 'hallwatch', 'keys', `faces-${site}`);

/**
 * The keys in `folder` (made 0700 at the first key, each file 0600).
 * @throws AppError `config` where the folder lies inside the data folder: a copied data folder would carry its own keys
 */
export function templateKeys(folder: string, dataFolder: string): TemplateKeys {
  const inside = relative(resolve(dataFolder), resolve(folder));
  if (inside === '' || (!inside.startsWith('..') && !isAbsolute(inside))) {
    throw new AppError('config', `faces.keys ${folder}: lies inside the data folder ${dataFolder}`, {
      hint: 'choose a folder elsewhere, so that a copy of the data does not carry the keys',
    });
  }
  const known = new Map<string, Uint8Array>();
  // `:staff` is no id: the colon would trouble other systems' file names.
  const pathOf = (list: string): string => join(folder, `${list.replace(':', '_')}.key`);

  const find = (list: string): Uint8Array | undefined => {
    const held = known.get(list);
    if (held) return held;
    const path = pathOf(list);
    if (!existsSync(path)) return undefined;
    const key = readKey(path);
    known.set(list, key);
    return key;
  };
  return {
    find,
    make(list) {
      const held = find(list);
      if (held) return held;
      const key = Uint8Array.from(randomBytes(KEY_BYTES));
      makeFolder(folder);
      writeFileAtomic(pathOf(list), `${Buffer.from(key).toString('base64')}\n`, 0o600);
      known.set(list, key);
      return key;
    },
    destroy(list) {
      const path = pathOf(list);
      known.get(list)?.fill(0);
      known.delete(list);
      if (!existsSync(path)) return false;
      overwrite(path);
      return true;
    },
  };
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw storageError(`key folder ${folder}`, cause);
  }
}

function readKey(path: string): Uint8Array {
  try {
    const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
    if (key.length === KEY_BYTES) return Uint8Array.from(key);
  } catch (cause) {
    throw storageError(`face template key ${path}: read`, cause);
  }
  throw new AppError('storage', `face template key ${path}: not a 256-bit key`, {
    hint: 'restore it from a backup, or remove it and enrol the faces of this evaluation again',
  });
}

/** Random bytes over the key, on the disk, before the name goes. A disk that writes elsewhere may keep the old block. */
function overwrite(path: string): void {
  try {
    const file = openSync(path, 'r+');
    try {
      writeSync(file, randomBytes(statSync(path).size), 0);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    rmSync(path);
    const folder = openSync(dirname(path), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch (cause) {
    throw storageError(`face template key ${path}: destroy`, cause);
  }
}
