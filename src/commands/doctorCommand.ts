import type { Command } from 'commander';
import { systemClock } from '../core/clock.js';
import { loadConfig } from '../core/config/load.js';
import type { Config } from '../core/config/schema.js';
import { messageOf } from '../core/errors.js';
import { configPathOrSimulated } from './configPath.js';
import { type Check, checkData, checkModels, checkNode, checkProgram } from './doctor/machineChecks.js';
import { checkCalendar, checkFaceWidths, checkSecrets, checkServices } from './doctor/siteChecks.js';
import { printJson, printLine } from './output.js';

/** `doctor`: everything that commonly keeps a hall from working, with what to do about it. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('体检 · check machine, configuration and services')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print JSON lines only')
    .action(async (flags: { config?: string; json?: boolean }) => {
      const checks = await allChecks(configPathOrSimulated(flags.config).path);
      for (const check of checks) {
        if (flags.json) printJson({ type: 'check', ...check });
        else {
          printLine(`${check.state.padEnd(4)}  ${check.name}  ${check.detail}`);
          if (check.hint !== undefined) printLine(`      ${check.hint}`);
        }
      }
      if (checks.some((check) => check.state === 'fail')) process.exitCode = 1;
    });
}

async function allChecks(path: string): Promise<Check[]> {
  const ffmpegHint = 'apt-get install ffmpeg';
  const machine = [
    checkNode(process.version),
    await checkProgram('ffmpeg', ffmpegHint),
    await checkProgram('ffprobe', ffmpegHint),
    checkModels(),
  ];
  let config: Config;
  try {
    config = loadConfig(path, process.env);
  } catch (error) {
    return [...machine, { name: 'config', state: 'fail', detail: messageOf(error) }];
  }
  return [
    ...machine,
    { name: 'config', state: 'ok', detail: path },
    ...checkData(config),
    ...checkSecrets(config, process.env),
    ...checkCalendar(config, systemClock),
    ...checkFaceWidths(config),
    ...(await checkServices(config, systemClock)),
  ];
}
