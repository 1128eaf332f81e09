import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { addDays, dayOf, instantOf, type LocalDay } from '../core/calendar/localDay.js';
import type { Clock } from '../core/clock.js';
import type { Config } from '../core/config/schema.js';
import { AppError, messageOf } from '../core/errors.js';
import { writeFileAtomic } from '../core/files.js';
import type { Logger } from '../core/log.js';
import { type EventMs, eventMs } from '../core/time.js';
import { isWorkingDay } from './figures/schedule.js';
import { addMonths, type MonthName } from './month/month.js';
import type { MonthReport } from './month/monthReport.js';
import { REPORT_FORMATS } from './render/renderReport.js';
import type { ReportService } from './reportService.js';

export interface MonthlyOptions {
  reports: Pick<ReportService, 'month' | 'file'>;
  config: () => Config;
  clock: Clock;
  log: Logger;
  /** Where the files are kept: a folder a month. */
  folder: string;
  /** Tells people once the files are on the disk. Called again after a crash in between; the notice's id is the same. */
  announce(report: MonthReport): void;
}

const CHECK_EVERY_MS = 10 * 60_000;

/** The month whose report is due at an instant: that before, from the first working day at the configured time on. */
export function dueMonth(config: Pick<Config, 'site' | 'calendar' | 'reports'>, now: EventMs): MonthName | undefined {
  const { timeZone } = config.site;
  const today = dayOf(now, timeZone);
  let day: LocalDay = `${today.slice(0, 7)}-01`;
  while (!isWorkingDay(config, day) && day < today) day = addDays(day, 1);
  if (!isWorkingDay(config, day) || now < instantOf(day, config.reports.at, timeZone)) return undefined;
  return addMonths(today.slice(0, 7), -1);
}

/**
 * Makes the report of the month before on the first working day, keeps its files and announces it, once. A month without a
 * single look has none. A service that was off on that day does it when it is back. Returns how to stop it.
 */
export function runMonthly(options: MonthlyOptions): { check(): Promise<void>; stop(): Promise<void> } {
  const { config, clock, log, folder } = options;
  let running: Promise<void> | undefined;
  const check = (): Promise<void> => {
    running ??= make().finally(() => {
      running = undefined;
    });
    return running;
  };
  const make = async (): Promise<void> => {
    const month = config().reports.scheduled ? dueMonth(config(), eventMs(clock.now())) : undefined;
    if (month === undefined || existsSync(doneMark(folder, month))) return;
    try {
      await keep(month, options);
    } catch (error) {
      const hint = error instanceof AppError ? error.hint : undefined;
      log.error({ month, error: messageOf(error), hint }, 'monthly report not made, tried again later');
    }
  };
  const timer = clock.every(CHECK_EVERY_MS, () => void check());
  return {
    check,
    async stop() {
      timer.cancel();
      await running;
    },
  };
}

const doneMark = (folder: string, month: MonthName): string => join(folder, month, 'announced');

async function keep(month: MonthName, { reports, log, folder, announce }: MonthlyOptions): Promise<void> {
  const report = await reports.month(month);
  if (report.figures.hall.time.observedS === 0) return;
  for (const format of REPORT_FORMATS) {
    try {
      writeFileAtomic(join(folder, month, `hallwatch-${month}.${format}`), await reports.file(month, format));
    } catch (error) {
      // Without a Chinese font there is no PDF; the other files and the announcement do not wait for it.
      if (!(error instanceof AppError) || error.code !== 'not-found') throw error;
      log.warn({ month, format, error: error.message, hint: error.hint }, 'report file left out');
    }
  }
  announce(report);
  writeFileAtomic(doneMark(folder, month), `${report.hash}\n`);
  log.info({ month, hash: report.hash }, 'monthly report kept and announced');
}
