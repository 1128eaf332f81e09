import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { configPathOrSimulated, packageRoot } from './commands/configPath.js';
import { printLine, printNote } from './commands/output.js';
import { systemClock } from './core/clock.js';
import { loadConfig } from './core/config/load.js';
import { makeLogger } from './core/log.js';
import { startService } from './pipeline/service.js';

/** Runs the service until it is told to stop. @throws AppError where it cannot start */
export async function runService(configOption: string | undefined): Promise<void> {
  const { path, simulated } = configPathOrSimulated(configOption);
  const config = loadConfig(path, process.env);
  if (simulated) printNote('没有 config/hall.yaml,运行模拟大厅。 No config/hall.yaml: running the simulated hall.');
  const webFolder = join(packageRoot, 'web', 'dist');
  const service = await startService({
    config,
    configFile: simulated ? undefined : resolve(path),
    env: process.env,
    clock: systemClock,
    log: makeLogger(),
    version: packageVersion(),
    webFolder: existsSync(join(webFolder, 'index.html')) ? webFolder : undefined,
    demo: simulated,
  });
  const { board, brokerUrl, firstPasswords } = service;
  for (const { name, password } of firstPasswords) printLine(`首次登录 first sign-in: ${name} / ${password}`);
  if (brokerUrl !== undefined) printNote(`mqtt ${brokerUrl}`);
  printLine(`ready ${board.url}`);
  await stopSignal();
  await service.close();
}

const packageVersion = (): string =>
  (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }).version;

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolveStop) => {
    const stop = (): void => {
      process.once('SIGINT', () => process.exit(130));
      process.once('SIGTERM', () => process.exit(143));
      resolveStop();
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  });
}
