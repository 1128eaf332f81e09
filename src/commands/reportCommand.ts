import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { openLedger } from '../alerts/ledger/openLedger.js';
import { systemClock } from '../core/clock.js';
import { loadConfig } from '../core/config/load.js';
import type { Config } from '../core/config/schema.js';
import { AppError } from '../core/errors.js';
import { writeFileAtomic } from '../core/files.js';
import { makeLogger } from '../core/log.js';
import { eventMs } from '../core/time.js';
import { buildDocument } from '../reports/document/buildDocument.js';
import { type MonthReport, monthReport } from '../reports/month/monthReport.js';
import { REPORT_FORMATS, type ReportFormat, renderReport } from '../reports/render/renderReport.js';
import { configPathOrSimulated } from './configPath.js';
import { printLine } from './output.js';

interface ReportFlags {
  config?: string;
  format?: string;
  out?: string;
}

/** `report month`: the monthly report from the ledger, also while the service runs. */
export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description('月报 · the monthly report')
    .command('month')
    .argument('<month>', 'YYYY-MM')
    .option(
      '--format <format>',
      `${REPORT_FORMATS.join(', ')}; default: from the name of the file, else the summary as text`,
    )
    .option('--out <file>', 'where it goes; default: standard output (json, html), or hallwatch-MONTH.FORMAT')
    .option('--config <file>', 'configuration file')
    .description('汇总一个月 · figures, ranking and summary of a month')
    .action(run);
}

function formatOf({ format, out }: ReportFlags): ReportFormat | undefined {
  const wanted = format ?? REPORT_FORMATS.find((known) => out?.endsWith(`.${known}`));
  if (wanted === undefined && out === undefined) return undefined;
  const known = REPORT_FORMATS.find((candidate) => candidate === wanted);
  if (!known) {
    throw new AppError('usage', `report: format ${wanted ?? `of ${out}`}: not known`, {
      hint: `--format ${REPORT_FORMATS.join(' | ')}`,
    });
  }
  return known;
}

async function run(month: string, flags: ReportFlags): Promise<void> {
  const format = formatOf(flags);
  const config = loadConfig(configPathOrSimulated(flags.config).path, process.env);
  const report = await reportOf(month, config);
  if (format === undefined) {
    const document = buildDocument(report, config, systemClock.now());
    printLine(document.title);
    printLine(document.period);
    for (const line of [...document.status, ...document.summary.map(({ text }) => text)]) printLine(line);
    return;
  }
  const bytes = await renderReport(report, format, { config, now: systemClock.now() });
  if (flags.out === undefined && (format === 'json' || format === 'html')) {
    process.stdout.write(bytes);
    return;
  }
  const path = resolve(flags.out ?? `hallwatch-${month}.${format}`);
  writeFileAtomic(path, bytes);
  printLine(`${path}: written`);
}

async function reportOf(month: string, config: Config): Promise<MonthReport> {
  const ledger = openLedger(join(resolve(config.storage.data), 'ledger.sqlite'), {
    clock: systemClock,
    log: makeLogger({ level: 'warn' }),
    backupEveryMs: 0,
    reserveBytes: 0,
  });
  try {
    return await monthReport(month, { ledger, config, asOf: eventMs(systemClock.now()) });
  } finally {
    await ledger.close();
  }
}
