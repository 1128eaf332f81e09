import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { AppError } from '../../core/errors.js';
import { sha256 } from '../../core/hash.js';
import { type Manifest, type ModelFile, type NetworkEntry, networkEntry, readManifest } from './manifest.js';

/** The bytes of one network, verified. */
export interface ModelBytes {
  entry: NetworkEntry;
  topology: Buffer;
  weights: Buffer;
}

/** One line of `models list`. */
export interface ModelListing {
  name: string;
  purpose: string;
  source: string;
  /** Undefined where the source package is not installed. */
  installedVersion: string | undefined;
  licence: string;
  bytes: number;
  /** `[1, height, width, channels]`. */
  input: readonly number[];
}

/** One line of `models verify`. */
export type ModelVerdict =
  | { name: string; file: string; state: 'ok' }
  | { name: string; file: string; state: 'missing' | 'wrong-sha256'; reason: string };

const require = createRequire(import.meta.url);

/**
 * Folder of an installed npm package. The package's `exports` may hide its package.json, so the entry point is resolved
 * and the folders above it are searched.
 * @throws AppError `model` where it is not installed
 */
export function packageFolder(name: string): string {
  let folder: string;
  try {
    folder = dirname(require.resolve(name));
  } catch (cause) {
    throw new AppError('model', `models: ${name}: not installed`, { cause, hint: 'run npm install' });
  }
  while (!isPackage(folder, name)) {
    if (dirname(folder) === folder) throw new AppError('model', `models: ${name}: its package.json was not found`);
    folder = dirname(folder);
  }
  return folder;
}

function isPackage(folder: string, name: string): boolean {
  const path = join(folder, 'package.json');
  return existsSync(path) && (JSON.parse(readFileSync(path, 'utf8')) as { name?: string }).name === name;
}

function packageVersion(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
}

/**
 * Reads the files of one network and compares their sha256 with the manifest, so that a changed or damaged file never
 * judges anybody.
 * @throws AppError `not-found` for an unknown name, `model` for a missing file or a wrong sha256
 */
export function readModel(name: string, list: Manifest = readManifest()): ModelBytes {
  const entry = networkEntry(list, name);
  const folder = packageFolder(list.source.package);
  return {
    entry,
    topology: readVerified(folder, entry, entry.topology),
    weights: readVerified(folder, entry, entry.weights),
  };
}

function readVerified(folder: string, entry: NetworkEntry, file: ModelFile): Buffer {
  const path = join(folder, file.path);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new AppError('model', `model ${entry.name}: ${path}: cannot be read`, { cause, hint: 'run npm install' });
  }
  const found = sha256(bytes);
  if (found === file.sha256) return bytes;
  throw new AppError(
    'model',
    `model ${entry.name}: ${path}: sha256 is ${found}, models/manifest.json says ${file.sha256}`,
    {
      hint: 'the file was changed or damaged: remove node_modules/@vladmandic/human and run npm install',
    },
  );
}

/** The networks of the manifest and whether their package is here. */
export function listModels(list: Manifest = readManifest()): ModelListing[] {
  const installedVersion = versionIfInstalled(list.source.package);
  return list.networks.map((entry) => ({
    name: entry.name,
    purpose: entry.purpose,
    source: `${list.source.package} ${list.source.versions}`,
    installedVersion,
    licence: entry.licence,
    bytes: entry.topology.bytes + entry.weights.bytes,
    input: entry.input.shape,
  }));
}

function versionIfInstalled(name: string): string | undefined {
  try {
    return packageVersion(packageFolder(name));
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** Checks every file of every network; never throws for a bad file, so that one run shows all of them. */
export function verifyModels(list: Manifest = readManifest()): ModelVerdict[] {
  return list.networks.flatMap((entry) => [entry.topology, entry.weights].map((file) => verdict(list, entry, file)));
}

function verdict(list: Manifest, entry: NetworkEntry, file: ModelFile): ModelVerdict {
  try {
    readVerified(packageFolder(list.source.package), entry, file);
    return { name: entry.name, file: file.path, state: 'ok' };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const state = error.message.includes('sha256') ? 'wrong-sha256' : 'missing';
    return { name: entry.name, file: file.path, state, reason: error.message };
  }
}
