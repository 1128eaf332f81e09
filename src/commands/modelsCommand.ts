import { resolve } from 'node:path';
import type { Command } from 'commander';
import { loadConfig } from '../core/config/load.js';
import { listModels, verifyModels } from '../detectors/inference/modelFiles.js';
import { speechModelsFolder } from '../detectors/speech/sherpa/installedModels.js';
import { configPathOrSimulated } from './configPath.js';
import { printJson, printLine } from './output.js';
import { fetchModels, importModels, type SpeechModelFlags, verifySpeechModels } from './speechModels.js';

/** `models list`, `verify`, `fetch` and `import`. */
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
    .action(async (options: { json?: boolean }) => {
      for (const verdict of verifyModels()) {
        if (verdict.state !== 'ok') process.exitCode = 1;
        if (options.json) printJson(verdict);
        else
          printLine(
            `${verdict.state}  ${verdict.name}  ${verdict.file}${'reason' in verdict && verdict.reason ? `  ${verdict.reason}` : ''}`,
          );
      }
      await verifySpeechModels(speechRoot(), options);
    });

  models
    .command('fetch')
    .argument('[names...]', 'networks; without names those that speech needs')
    .option('--mirror <url>', 'a server with the same files')
    .option('--json', 'print JSON lines only')
    .description('下载语音模型(断点续传、校验) · download speech models; resumes and verifies')
    .action((names: string[], options: SpeechModelFlags) => fetchModels(speechRoot(), names, options));

  models
    .command('import')
    .argument('<place>', 'a folder, an archive, or a USB stick that holds them')
    .option('--json', 'print JSON lines only')
    .description('离线导入语音模型 · take speech models from a folder, an archive or a USB stick')
    .action((place: string, options: SpeechModelFlags) => importModels(speechRoot(), place, options));
}

/** Where the service looks for them too. */
const speechRoot = (): string =>
  speechModelsFolder(resolve(loadConfig(configPathOrSimulated(undefined).path, process.env).storage.data));
