import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AppError, errnoOf } from '../errors.js';
import { parseYaml } from './parseYaml.js';
import { ConfigError } from './problems.js';
import { checkReferences } from './references.js';
import { type Config, configSchema } from './schema.js';

/**
 * Reads and checks a configuration file. All mistakes are reported at once, each with file, line and path.
 * @throws ConfigError for mistakes in it, AppError `not-found` when it cannot be read
 */
export function loadConfig(file: string, env: NodeJS.ProcessEnv = {}): Config {
  return configOf(readConfigText(file), file, env);
}

/** What `loadConfig` would read if the file held this text: an edit before it is written. @throws ConfigError */
export const configOf = (text: string, file: string, env: NodeJS.ProcessEnv = {}): Config =>
  withFilesBeside(parseConfig(text, file, env), file);

/** Files that the configuration names are looked for in its own folder, wherever the service was started. */
function withFilesBeside(config: Config, file: string): Config {
  const { speech } = config.rules;
  if (speech.words === undefined) return config;
  const words = resolve(dirname(file), speech.words);
  return { ...config, rules: { ...config.rules, speech: { ...speech, words } } };
}

function readConfigText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const why = errnoOf(cause) === 'ENOENT' ? 'no such file' : (errnoOf(cause) ?? 'cannot be read');
    throw new AppError('not-found', `config ${file}: ${why}`, {
      cause,
      hint: 'copy config/hall.example.yaml to config/hall.yaml, or name a file with --config',
    });
  }
}

/** The same over a text in memory; `file` is only named in problems. */
export function parseConfig(text: string, file: string, env: NodeJS.ProcessEnv = {}): Config {
  const { data, locate } = parseYaml(text, file, configSchema);
  const broken = checkReferences(data);
  if (broken.length > 0)
    throw new ConfigError(
      file,
      broken.map(({ path, message }) => locate(path, message)),
    );
  return applyEnvironment(data, env);
}

/** `HALLWATCH_PORT` and `HALLWATCH_DATA` win over the file, so that one file serves several machines. */
function applyEnvironment(config: Config, env: NodeJS.ProcessEnv): Config {
  const port = env.HALLWATCH_PORT;
  if (port !== undefined && !/^\d{1,5}$/.test(port)) {
    throw new AppError('config', `HALLWATCH_PORT: ${JSON.stringify(port)}: not a port number`);
  }
  return {
    ...config,
    board: port === undefined ? config.board : { ...config.board, port: Number(port) },
    storage: env.HALLWATCH_DATA ? { ...config.storage, data: env.HALLWATCH_DATA } : config.storage,
  };
}
