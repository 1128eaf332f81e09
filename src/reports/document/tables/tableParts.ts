import { isMessageKey, type MessageKey } from '../../../core/i18n/translate.js';
import type { Rate, Share } from '../../figures/rates.js';
import { percentText, type ReportCell, type ReportColumn, type ReportSection, text } from '../document.js';

/** A text in the hall's language. */
export type Say = (key: MessageKey) => string;
/** A column: its name among the messages `report.column.*`, and how it stands. */
export type ColumnSpec = readonly [name: string, align: ReportColumn['align'], weight: number];

/** A table with its heading, and notes named among the messages `report.note.*`. */
export const section = (
  say: Say,
  name: string,
  parts: { columns: readonly ColumnSpec[]; rows: ReportCell[][]; notes: readonly string[] },
): ReportSection => ({
  title: say(`report.section.${name}` as MessageKey),
  table: {
    columns: parts.columns.map(([key, align, weight]) => ({
      title: say(`report.column.${key}` as MessageKey),
      align,
      weight,
    })),
    rows: parts.rows,
    unit: unitOf(parts.rows, say),
    notes: parts.notes.map((note) => say(`report.note.${note}` as MessageKey)),
  },
});

/** Hours and minutes are never in one table. */
function unitOf(rows: readonly ReportCell[][], say: Say): string {
  const types = new Set(rows.flat().map(({ type }) => type));
  return types.has('hours')
    ? say('report.unit.line-hours')
    : types.has('minutes')
      ? say('report.unit.line-minutes')
      : '';
}

/** No figure, and why. */
export const none = (say: Say, why: 'coverage' | 'nothing'): ReportCell => ({
  type: 'none',
  text: say(`report.cell.${why}`),
});
/** A share or rate, or why it is withheld. */
export const share = ({ value, withheld }: Pick<Share, 'value' | 'withheld'>, say: Say): ReportCell =>
  value === null ? none(say, withheld ?? 'nothing') : { type: 'percent', value };
/** Coverage, 0-1. */
export const coverage = (value: number | null, say: Say): ReportCell =>
  value === null ? none(say, 'nothing') : { type: 'percent', value };
/** The 95 % interval of a rate. */
export const interval = ({ low, high }: Rate, say: Say): ReportCell =>
  low === null || high === null ? none(say, 'nothing') : text(`${percentText(low)}–${percentText(high)}`);
/** A duration in seconds, shown in minutes. */
export const minutes = (seconds: number | null, say: Say): ReportCell =>
  seconds === null ? none(say, 'nothing') : { type: 'minutes', seconds };

/** A word that only the demonstration model heard is marked wherever it is counted. */
export const demoNote = (demoHits: number | undefined): string[] => (demoHits ? ['demo'] : []);

/** The column that names a row. */
export const NAME: ColumnSpec = ['name', 'left', 2.4];
/** A column of numbers. */
export const right = (name: string, weight = 1): ColumnSpec => [name, 'right', weight];

/** A rule as people call it; one that a plug-in brought, by its own name. */
export const ruleName = (rule: string, say: Say): string => {
  const key = `rule.${rule}`;
  return isMessageKey(key) ? say(key) : rule;
};
