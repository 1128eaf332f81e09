import { Command, CommanderError } from 'commander';
import { addConfigCommands } from './commands/configCommand.js';
import { printNote, reportError } from './commands/output.js';

const program = new Command('hallwatch')
  .description('政务服务大厅与评标室视频督查 · video analytics for service halls and bid-evaluation rooms')
  .exitOverride()
  .configureOutput({ writeErr: (text) => printNote(text.trimEnd()) });

addConfigCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else process.exitCode = reportError(error);
}
