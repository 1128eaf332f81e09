import type { MessageKey } from '../../../core/i18n/translate.js';
import type { MonthReport } from '../../month/monthReport.js';
import { count, type ReportCell, type ReportSection, text } from '../document.js';
import { localTimeOf } from '../localTime.js';
import { NAME, right, ruleName, type Say, section } from './tableParts.js';

const verdictName = (verdict: string | null, say: Say): string =>
  verdict === null ? say('report.column.pending') : say(`workflow.verdict.${verdict}` as MessageKey);

/** 封存后更正: verdicts that were changed after the freeze. */
export function corrected({ corrections, figures }: MonthReport, say: Say): ReportSection {
  const at = (iso: string): ReportCell => ({ type: 'date', text: localTimeOf(iso, figures.site.timeZone) });
  return section(say, 'corrections', {
    columns: [
      ['incident', 'left', 2.6],
      NAME,
      ['rule', 'left', 1.2],
      ['start', 'center', 2.3],
      ['before', 'center', 1.2],
      ['after', 'center', 1.2],
      ['at', 'center', 2.3],
      ['by', 'left', 1.2],
    ],
    rows: corrections.list.map((one) => [
      text(one.incident),
      text(one.subjectName),
      text(ruleName(one.rule, say)),
      at(one.start),
      text(verdictName(one.from, say)),
      text(verdictName(one.to, say)),
      at(one.at),
      text(one.by),
    ]),
    notes: ['corrections'],
  });
}

const FIGURE_COLUMN: Record<string, string> = {
  confirmed: 'confirmed',
  excused: 'excused-n',
  falseAlarm: 'false-alarm',
  cannotTell: 'cannot-tell',
  pending: 'pending',
  unexcusedS: 'unexcused',
  excusedS: 'excused',
};

/** The figures that these change, as frozen and as they would be now. */
export function correctedFigures({ corrections }: MonthReport, say: Say): ReportSection {
  const cell = (figure: string, value: number): ReportCell =>
    figure.endsWith('S') ? { type: 'minutes', seconds: value } : count(value);
  const built = section(say, 'corrections', {
    columns: [NAME, ['figure', 'left', 1.6], right('frozen-value'), right('corrected-value')],
    rows: corrections.figures.map(({ name, figure, frozen, corrected: after }) => [
      text(name === '' ? say('report.group.rooms') : name),
      text(say(`report.column.${FIGURE_COLUMN[figure]}` as MessageKey)),
      cell(figure, frozen),
      cell(figure, after),
    ]),
    notes: ['corrections'],
  });
  return { ...built, title: `${built.title} · ${say('report.column.figure')}` };
}
