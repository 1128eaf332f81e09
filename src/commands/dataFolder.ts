import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where one-shot commands keep converted networks: `HALLWATCH_DATA`, else the user's own cache. They can be made again at
 * any time.
 */
export const cacheWithoutConfig = (env: NodeJS.ProcessEnv): string =>
  env.HALLWATCH_DATA
    ? join(env.HALLWATCH_DATA, 'models')
    : join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'hallwatch', 'models');
