import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { configOf } from '../../core/config/load.js';
import { ConfigError } from '../../core/config/problems.js';
import { errnoOf } from '../../core/errors.js';
import { storageError, writeFileAtomic } from '../../core/files.js';
import { sha256 } from '../../core/hash.js';
import { ApiError } from '../http/apiError.js';
import type { ConfigPort } from '../ports.js';
import { editYaml, type YamlChange } from './editYaml.js';

export type Effect = 'reloaded' | 'restart-needed';

/** Edits of the configuration file made on the board. The file stays the source of truth, comments and all. */
export interface ConfigFile {
  /** Changes with every change of the file; `none` where there is no file. */
  etag(): string;
  /**
   * Changes the file: all checks of the loader hold, or nothing is written. `changes` gets what the file says now, as
   * plain values, to find list positions in. Without an etag the file may have changed since.
   * @throws ApiError no-config-file, conflict (the file is not what `etag` says), bad-input with the problems
   */
  edit(etag: string | undefined, changes: (written: WrittenConfig) => YamlChange[]): Effect;
  /** Whether an edit waits for a restart. */
  readonly restartNeeded: boolean;
}

/** What stands in the file, before defaults. */
export interface WrittenConfig {
  /** Position of the entry with this id in a top-level list. @throws ApiError not-found */
  indexOf(list: 'windows' | 'rooms' | 'cameras', id: string): number;
  /** A value as written, or undefined. */
  at(path: readonly (string | number)[]): unknown;
}

/** Opens the file named by the port, if any. */
export function openConfigFile(port: ConfigPort, env: NodeJS.ProcessEnv = {}): ConfigFile {
  let restartNeeded = false;
  const read = (): string | undefined => (port.file === undefined ? undefined : readText(port.file));
  return {
    get restartNeeded() {
      return restartNeeded;
    },
    etag: () => etagOf(read()),
    edit(etag, changes) {
      const text = read();
      if (port.file === undefined || text === undefined) throw new ApiError('no-config-file');
      if (etag !== undefined && etag !== etagOf(text)) throw new ApiError('conflict');
      const next = editYaml(text, changes(writtenConfig(text)));
      const config = checked(next, port.file, env);
      writeFileAtomic(port.file, next);
      const effect = port.apply(config);
      if (effect === 'restart-needed') restartNeeded = true;
      return effect;
    },
  };
}

const etagOf = (text: string | undefined): string => (text === undefined ? 'none' : sha256(text).slice(0, 16));

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return undefined;
    throw storageError(`read ${file}`, cause);
  }
}

function writtenConfig(text: string): WrittenConfig {
  const document = parseDocument(text);
  const whole: unknown = document.toJS({ maxAliasCount: 100 });
  const at = (path: readonly (string | number)[]): unknown =>
    path.reduce<unknown>(
      (value, part) => (typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined),
      whole,
    );
  return {
    at,
    indexOf(list, id) {
      const entries = at([list]);
      const index = Array.isArray(entries) ? entries.findIndex((entry: { id?: unknown }) => entry?.id === id) : -1;
      if (index < 0) throw new ApiError('not-found');
      return index;
    },
  };
}

function checked(text: string, file: string, env: NodeJS.ProcessEnv) {
  try {
    return configOf(text, file, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const fields = error.problems.map(({ path, message }) => ({ path, message }));
    throw new ApiError('bad-input', { fields, cause: error });
  }
}
