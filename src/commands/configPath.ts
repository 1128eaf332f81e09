import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The repository or package folder, from `dist/commands` as from `src/commands`. */
export const packageRoot = fileURLToPath(new URL('../..', import.meta.url));

/** The hall's own configuration: `--config`, else `HALLWATCH_CONFIG`, else `config/hall.yaml` of the working folder. */
export const configPath = (option: string | undefined): string =>
  option ?? process.env.HALLWATCH_CONFIG ?? 'config/hall.yaml';

/** What `run` starts: the hall's configuration, or the simulated hall where nobody has written one. */
export function configPathOrSimulated(option: string | undefined): { path: string; simulated: boolean } {
  const path = configPath(option);
  const asked = option !== undefined || process.env.HALLWATCH_CONFIG !== undefined;
  if (asked || existsSync(path)) return { path, simulated: false };
  return { path: `${packageRoot}config/simulated-hall.yaml`, simulated: true };
}
