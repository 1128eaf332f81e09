import type { Command } from 'commander';
import { loadConfig } from '../core/config/load.js';
import { configJsonSchemaText, configReference } from '../core/config/reference.js';
import { configPath } from './configPath.js';
import { printJson, printLine } from './output.js';

/** `config check` and `config schema`. */
export function addConfigCommands(program: Command): void {
  const config = program.command('config').description('检查配置 · check the configuration');

  config
    .command('check')
    .argument('[file]', 'configuration file')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print JSON lines only')
    .description('逐项检查配置文件 · report every mistake with file, line and path')
    .action((argument: string | undefined, options: { config?: string; json?: boolean }) => {
      const file = configPath(argument ?? options.config);
      const parsed = loadConfig(file, process.env);
      const facts = { cameras: parsed.cameras.length, windows: parsed.windows.length, rooms: parsed.rooms.length };
      if (options.json) printJson({ type: 'config', file, ok: true, ...facts });
      else printLine(`${file}: ok: ${facts.cameras} cameras, ${facts.windows} windows, ${facts.rooms} rooms`);
    });

  config
    .command('schema')
    .option('--markdown', 'the reference as Markdown instead of a JSON schema')
    .description('输出 JSON schema · print the JSON schema of the configuration')
    .action((options: { markdown?: boolean }) => {
      if (options.markdown) process.stdout.write(configReference());
      else process.stdout.write(configJsonSchemaText());
    });
}
