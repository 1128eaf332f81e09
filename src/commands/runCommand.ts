import type { Command } from 'commander';
import { runService } from '../main.js';

/** `run`: the service. */
export function addRunCommand(program: Command): void {
  program
    .command('run')
    .description('运行服务 · run the service')
    .option('--config <file>', 'configuration file (default config/hall.yaml, else the simulated hall)')
    .action((options: { config?: string }) => runService(options.config));
}
