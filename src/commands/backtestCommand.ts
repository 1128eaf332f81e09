import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { openLedger } from '../alerts/ledger/openLedger.js';
import type { BacktestResult, BacktestSpan } from '../board/ports.js';
import { systemClock } from '../core/clock.js';
import { loadConfig } from '../core/config/load.js';
import { parseYaml } from '../core/config/parseYaml.js';
import { absenceOverride } from '../core/config/rules.js';
import type { Config } from '../core/config/schema.js';
import { AppError, errnoOf } from '../core/errors.js';
import { makeLogger } from '../core/log.js';
import { isoOf, parseInstant } from '../core/time.js';
import { backtestAbsence } from '../pipeline/backtest.js';
import { configPathOrSimulated } from './configPath.js';
import { printJson, printLine } from './output.js';

interface BacktestFlags {
  rule: string;
  from: string;
  to: string;
  window?: string;
  config?: string;
  json?: boolean;
}

/** The part of a configuration that is tried: the keys that change, written as in `rules:`. */
const changeSchema = z.strictObject({ rules: z.strictObject({ absence: absenceOverride }) });

/** `backtest`: what a change of a rule would have done to the incidents of a span. Reads the ledger, writes nothing. */
export function addBacktestCommand(program: Command): void {
  program
    .command('backtest')
    .description('规则回测 · what a rule change would have done over stored observations')
    .requiredOption('--rule <file>', 'YAML with the changed keys, e.g. rules: { absence: { absentAfter: 10m } }')
    .requiredOption('--from <instant>', 'beginning, e.g. 2026-10-01T00:00:00+08:00')
    .requiredOption('--to <instant>', 'end, exclusive')
    .option('--window <id>', 'one window alone')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print JSON lines only')
    .action(run);
}

async function run(flags: BacktestFlags): Promise<void> {
  const { rules } = parseYaml(readChange(flags.rule), flags.rule, changeSchema).data;
  const parameters = Object.fromEntries(Object.entries(rules.absence).filter(([, value]) => value !== undefined));
  const from = parseInstant(flags.from, '--from');
  const to = parseInstant(flags.to, '--to');
  if (from >= to) throw new AppError('usage', `--to ${flags.to}: not after --from ${flags.from}`);
  const config = loadConfig(configPathOrSimulated(flags.config).path, process.env);
  const file = join(resolve(config.storage.data), 'ledger.sqlite');
  if (!existsSync(file)) {
    throw new AppError('not-found', `ledger ${file}: no such file`, {
      hint: 'the service has not run with this data folder',
    });
  }
  const ledger = openLedger(file, {
    clock: systemClock,
    log: makeLogger({ level: 'warn' }),
    backupEveryMs: 0,
  });
  try {
    const result = backtestAbsence({ config, ledger, rule: 'absence', parameters, window: flags.window, from, to });
    print(result, { config, json: flags.json === true });
  } finally {
    await ledger.close();
  }
}

function readChange(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new AppError('not-found', `--rule ${file}: ${errnoOf(cause) ?? 'cannot be read'}`, { cause });
  }
}

function print(result: BacktestResult, { config, json }: { config: Config; json: boolean }): void {
  const { before, after, added, removed, coverage } = result;
  const changes = [
    ...added.map((span) => ({ change: 'added', span })),
    ...removed.map((span) => ({ change: 'removed', span })),
  ].sort((a, b) => a.span.start - b.span.start);
  if (json) {
    for (const { change, span } of changes) printJson({ type: 'incident', change, ...spanJson(span) });
    printJson({ type: 'summary', before, after, added: added.length, removed: removed.length, coverage });
    return;
  }
  for (const { change, span } of changes) {
    const name = config.windows.find((window) => window.id === span.subject)?.name ?? span.subject;
    const sign = change === 'added' ? '+' : '-';
    printLine(`${sign} ${name}  ${isoOf(span.start)} .. ${span.end === null ? '' : isoOf(span.end)}`);
  }
  printLine(
    `${before} -> ${after} (+${added.length} -${removed.length}), 覆盖率 coverage ${(coverage * 100).toFixed(1)} %`,
  );
}

const spanJson = ({ subject, start, end }: BacktestSpan) => ({
  ...{ subject, rule: 'absence', start: isoOf(start), end: end === null ? null : isoOf(end) },
});
