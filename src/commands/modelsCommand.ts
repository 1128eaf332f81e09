import type { Command } from 'commander';
import { listModels, verifyModels } from '../detectors/inference/modelFiles.js';
import { printJson, printLine } from './output.js';

/** `models list` and `models verify`. */
export function addModelsCommands(program: Command): void {
  const models = program.command('models').description('模型文件 · model files');

  models
    .command('list')
    .option('--json', 'print JSON lines only')
    .description('列出所用网络及许可 · list the networks in use and their licences')
    .action((options: { json?: boolean }) => {
      for (const model of listModels()) {
        if (options.json) printJson(model);
        else
          printLine(
            `${model.name}  ${model.source}  installed ${model.installedVersion ?? 'no'}  ${model.licence}  ${model.bytes} bytes  ${model.purpose}`,
          );
      }
    });

  models
    .command('verify')
    .option('--json', 'print JSON lines only')
    .description('校验模型文件 · compare each file with the manifest')
    .action((options: { json?: boolean }) => {
      for (const verdict of verifyModels()) {
        if (verdict.state !== 'ok') process.exitCode = 1;
        if (options.json) printJson(verdict);
        else
          printLine(
            `${verdict.state}  ${verdict.name}  ${verdict.file}${'reason' in verdict && verdict.reason ? `  ${verdict.reason}` : ''}`,
          );
      }
    });
}
