import type { Clock } from '../core/clock.js';
import type { Config } from '../core/config/schema.js';
import { subjectId } from '../core/ids.js';
import { type EventMs, eventMs, isoOf } from '../core/time.js';
import { addMonths, type MonthName, monthOf } from './month/month.js';
import { freezeMonth, type MonthReport, monthReport } from './month/monthReport.js';
import type { ReportLedger } from './month/source.js';
import { type ReportFormat, renderReport } from './render/renderReport.js';

/** A month that can be reported. */
export interface MonthEntry {
  month: MonthName;
  /** Whether it is over. */
  complete: boolean;
  frozen: { at: string; by: string; hash: string } | null;
}

/** Reports for the board and the schedule: counts once, remembers for a while. */
export interface ReportService {
  /** Newest first: every month since the first look, the running one included. */
  months(): MonthEntry[];
  /** @throws AppError `usage` for a text that is no month or one that has not begun */
  month(name: MonthName): Promise<MonthReport>;
  file(name: MonthName, format: ReportFormat): Promise<Uint8Array>;
  /** Returns the hash. @throws AppError `usage` before the month is over, `conflict` where it is frozen */
  freeze(name: MonthName, by: string): Promise<string>;
  /** Whether the month of an instant is closed. */
  frozenAt(at: EventMs): boolean;
}

export interface ReportServiceOptions {
  ledger: ReportLedger;
  config: () => Config;
  clock: Clock;
}

/** A page with its charts and files asks several times within a minute. */
const KEEP_MS = 60_000;
const MOST_MONTHS = 36;
const PAGE = 1000;

/** Makes the service. */
export function reportService({ ledger, config, clock }: ReportServiceOptions): ReportService {
  const kept = new Map<MonthName, { report: Promise<MonthReport>; atMs: number; acts: number }>();
  const acts = newestAct(ledger);
  const options = () => ({ ledger, config: config(), asOf: eventMs(clock.now()) });
  const zone = (): string => config().site.timeZone;

  const month = (name: MonthName): Promise<MonthReport> => {
    const known = kept.get(name);
    // A verdict given a moment ago is in the next report.
    if (known && known.acts === acts() && clock.monotonicMs() - known.atMs < KEEP_MS) return known.report;
    const report = monthReport(name, options());
    kept.set(name, { report, atMs: clock.monotonicMs(), acts: acts() });
    // A failure is told to those who asked and forgotten.
    report.catch(() => kept.delete(name));
    return report;
  };

  return {
    month,
    months: () => monthsOf(ledger, config(), eventMs(clock.now())),
    file: async (name, format) => renderReport(await month(name), format, { config: config(), now: clock.now() }),
    async freeze(name, by) {
      const hash = await freezeMonth(name, by, options());
      kept.clear();
      return hash;
    },
    frozenAt: (at) => ledger.months.has(monthOf(at, zone())),
  };
}

/** Number of the newest thing that anybody did with an incident; walks only what is new since it was last asked. */
function newestAct({ workflowSteps }: Pick<ReportLedger, 'workflowSteps'>): () => number {
  let seq = 0;
  return () => {
    for (let steps = workflowSteps.after(seq, PAGE); steps.length > 0; steps = workflowSteps.after(seq, PAGE)) {
      seq = steps.at(-1)!.seq;
    }
    return seq;
  };
}

function monthsOf(ledger: ReportLedger, config: Config, now: EventMs): MonthEntry[] {
  const { timeZone } = config.site;
  const frozen = new Map(ledger.months.list().map((one) => [one.month, one]));
  const firstLooks = [...config.windows, ...config.rooms].flatMap(({ id }) =>
    ['staff', 'persons'].flatMap((kind) => ledger.observations.firstLookOf(subjectId(id), kind) ?? []),
  );
  const running = monthOf(now, timeZone);
  const oldest = [...firstLooks.map((at) => monthOf(at, timeZone)), ...frozen.keys(), running].sort()[0]!;
  const months: MonthEntry[] = [];
  for (let name = running; name >= oldest && months.length < MOST_MONTHS; name = addMonths(name, -1)) {
    const own = frozen.get(name);
    months.push({
      month: name,
      complete: name < running,
      frozen: own
        ? { at: isoOf(own.frozenAt), by: ledger.users.get(own.by)?.displayName ?? own.by, hash: own.hash }
        : null,
    });
  }
  return months;
}
