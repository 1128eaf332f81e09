import { Command, CommanderError } from 'commander';
import { addAccountCommands } from './commands/accountCommands.js';
import { addAnalyzeCommand } from './commands/analyzeCommand.js';
import { addBacktestCommand } from './commands/backtestCommand.js';
import { addBenchCommand } from './commands/benchCommand.js';
import { addCamerasCommands } from './commands/camerasCommand.js';
import { addConfigCommands } from './commands/configCommand.js';
import { addDeskCommand } from './commands/deskCommand.js';
import { addDetectCommand } from './commands/detectCommand.js';
import { addDoctorCommand } from './commands/doctorCommand.js';
import { addEvidenceCommands } from './commands/evidenceCommand.js';
import { addFacesCommand } from './commands/facesCommand.js';
import { addInfluxCommand } from './commands/influxCommand.js';
import { addModelsCommands } from './commands/modelsCommand.js';
import { printNote, reportError } from './commands/output.js';
import { addReportCommand } from './commands/reportCommand.js';
import { addRunCommand } from './commands/runCommand.js';
import { addSpeechCommand } from './commands/speechCommand.js';

const program = new Command('hallwatch')
  .description('政务服务大厅与评标室视频督查 · video analytics for service halls and bid-evaluation rooms')
  .exitOverride()
  .configureOutput({ writeErr: (text) => printNote(text.trimEnd()) });

addConfigCommands(program);
addRunCommand(program);
addAnalyzeCommand(program);
addDetectCommand(program);
addDeskCommand(program);
addFacesCommand(program);
addSpeechCommand(program);
addModelsCommands(program);
addBacktestCommand(program);
addBenchCommand(program);
addCamerasCommands(program);
addDoctorCommand(program);
addReportCommand(program);
addInfluxCommand(program);
addAccountCommands(program);
addEvidenceCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else process.exitCode = reportError(error);
}
