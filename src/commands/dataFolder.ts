import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../core/config/schema.js';

/**
 * Where converted networks are kept: beside the hall's data. They can be made again at any time, so a backup may leave
 * them out.
 */
export const modelCacheFolder = (config: Config): string => join(config.storage.data, 'models');

/** The same for commands that need no configuration, such as `detect`: `HALLWATCH_DATA`, else the user's own cache. */
export const cacheWithoutConfig = (env: NodeJS.ProcessEnv): string =>
  env.HALLWATCH_DATA
    ? join(env.HALLWATCH_DATA, 'models')
    : join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'hallwatch', 'models');
