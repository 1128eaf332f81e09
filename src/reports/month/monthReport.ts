import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../../core/errors.js';
import { canonicalJson, sha256 } from '../../core/hash.js';
import { windowId } from '../../core/ids.js';
import type { EventMs } from '../../core/time.js';
import { isoOf } from '../../core/time.js';
import type { MonthFigures } from '../figures/figuresTypes.js';
import { monthFigures } from '../figures/monthFigures.js';
import { type Comparison, comparisonOf, hasLooks } from './compare.js';
import { type Corrections, correctionsOf } from './corrections.js';
import { addMonths, type MonthName, monthOf, monthSpan } from './month.js';
import { type MonthSource, type MonthSourceOptions, monthSource, type ReportLedger } from './source.js';

/** A month as it is reported: its figures, how they are fixed, what was corrected since, and earlier months beside it. */
export interface MonthReport {
  figures: MonthFigures;
  /** SHA-256 of the figures as canonical JSON: of a frozen month the one it was frozen with. */
  hash: string;
  frozen: { at: string; by: string } | null;
  corrections: Corrections;
  /** Null where nobody looked in that month. */
  previous: Comparison | null;
  yearBefore: Comparison | null;
}

export type MonthReportOptions = MonthSourceOptions;

const NO_CORRECTIONS: Corrections = { list: [], figures: [] };

/** A frozen month's figures, checked against their hash. @throws AppError `storage` where they were changed */
export function frozenFigures(
  ledger: Pick<ReportLedger, 'months'>,
  month: MonthName,
): { figures: MonthFigures; hash: string; at: string; by: string } | undefined {
  const frozen = ledger.months.get(month);
  if (!frozen) return undefined;
  const { hash, by, frozenAt } = frozen;
  return { figures: JSON.parse(frozen.figures) as MonthFigures, hash, by, at: isoOf(frozenAt) };
}

/**
 * Reports a month. A frozen one comes from the ledger as it was frozen, with the corrections made since; any other is counted
 * now. Earlier months are counted the same way where they were not frozen.
 * @throws AppError `usage` for a text that is no month, or a month that has not begun
 */
export async function monthReport(month: MonthName, options: MonthReportOptions): Promise<MonthReport> {
  const source = monthSource(options);
  const span = monthSpan(month, options.config.site.timeZone);
  if (span.from >= options.asOf) throw new AppError('usage', `month ${month}: has not begun`);
  const frozen = frozenFigures(options.ledger, month);
  const figures = frozen?.figures ?? (await monthFigures(source, month));
  await nextTurn();
  return {
    figures,
    hash: frozen?.hash ?? sha256(canonicalJson(figures)),
    frozen: frozen ? { at: frozen.at, by: source.personName(frozen.by) } : null,
    corrections: frozen
      ? correctionsOf(frozen.figures, await source.incidents(span.from, span.to), source.personName)
      : NO_CORRECTIONS,
    previous: await earlier(addMonths(month, -1), source, options.ledger),
    yearBefore: await earlier(addMonths(month, -12), source, options.ledger),
  };
}

async function earlier(
  month: MonthName,
  source: MonthSource,
  ledger: Pick<ReportLedger, 'months'>,
): Promise<Comparison | null> {
  const frozen = frozenFigures(ledger, month);
  if (frozen) return comparisonOf(frozen.figures, true);
  const { from, to } = monthSpan(month, source.config.site.timeZone);
  const looked = source.config.windows.some(({ id }) => {
    const first = source.firstLookOf(windowId(id), 'staff');
    return first !== undefined && first < to;
  });
  if (!looked || from >= source.asOf) return null;
  const figures = await monthFigures(source, month);
  return hasLooks(figures) ? comparisonOf(figures, false) : null;
}

/**
 * Closes a month: counts it once more and keeps the figures with their hash. From then on a verdict changes nothing in them
 * and is listed as a correction.
 * @throws AppError `usage` before the month is over, `conflict` where it is frozen already
 */
export async function freezeMonth(month: MonthName, by: string, options: MonthReportOptions): Promise<string> {
  if (options.ledger.months.has(month)) throw new AppError('conflict', `month ${month}: frozen already`);
  const { to } = monthSpan(month, options.config.site.timeZone);
  if (options.asOf < to) {
    throw new AppError('usage', `month ${month}: is not over`, { hint: 'freeze it once its last day has passed' });
  }
  const figures = await monthFigures(monthSource(options), month);
  return options.ledger.months.freeze({ month, by, figures: canonicalJson(figures) }).hash;
}

/** Whether the month in which something began is closed; `timeZone` is the hall's. */
export const isFrozenAt = (ledger: Pick<ReportLedger, 'months'>, at: EventMs, timeZone: string): boolean =>
  ledger.months.has(monthOf(at, timeZone));
