import { Command, CommanderError } from 'commander';
import { printNote, reportError } from './commands/output.js';

/** Adds its commands to the program. */
type AddCommands = (program: Command) => void;

/** Every first word and what it loads: a report needs neither networks nor cameras, and loading those takes seconds. */
const COMMANDS: Record<string, () => Promise<AddCommands>> = {
  config: async () => (await import('./commands/configCommand.js')).addConfigCommands,
  run: async () => (await import('./commands/runCommand.js')).addRunCommand,
  analyze: async () => (await import('./commands/analyzeCommand.js')).addAnalyzeCommand,
  detect: async () => (await import('./commands/detectCommand.js')).addDetectCommand,
  desk: async () => (await import('./commands/deskCommand.js')).addDeskCommand,
  faces: async () => (await import('./commands/facesCommand.js')).addFacesCommand,
  speech: async () => (await import('./commands/speechCommand.js')).addSpeechCommand,
  models: async () => (await import('./commands/modelsCommand.js')).addModelsCommands,
  backtest: async () => (await import('./commands/backtestCommand.js')).addBacktestCommand,
  bench: async () => (await import('./commands/benchCommand.js')).addBenchCommand,
  cameras: async () => (await import('./commands/camerasCommand.js')).addCamerasCommands,
  doctor: async () => (await import('./commands/doctorCommand.js')).addDoctorCommand,
  report: async () => (await import('./commands/reportCommand.js')).addReportCommand,
  influx: async () => (await import('./commands/influxCommand.js')).addInfluxCommand,
  user: async () => (await import('./commands/accountCommands.js')).addAccountCommands,
  backup: async () => (await import('./commands/accountCommands.js')).addAccountCommands,
  evidence: async () => (await import('./commands/evidenceCommand.js')).addEvidenceCommands,
};

/** The commands of the first word; for help and for a word that is none, all of them. */
async function loadCommands(word: string | undefined): Promise<Set<AddCommands>> {
  const own = word !== undefined && Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  return new Set(await Promise.all((own ? [own] : Object.values(COMMANDS)).map((load) => load())));
}

const program = new Command('hallwatch')
  .description('政务服务大厅与评标室视频督查 · video analytics for service halls and bid-evaluation rooms')
  .exitOverride()
  .configureOutput({ writeErr: (text) => printNote(text.trimEnd()) });

try {
  for (const add of await loadCommands(process.argv[2])) add(program);
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else process.exitCode = reportError(error);
}
