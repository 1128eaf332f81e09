import type { GroupFigures } from '../../figures/groupFigures.js';
import type { MonthReport } from '../../month/monthReport.js';
import { count, hours, type ReportCell, type ReportSection, text } from '../document.js';
import { type ColumnSpec, coverage, NAME, right, type Say, section, share } from './tableParts.js';

const TIME_COLUMNS: readonly ColumnSpec[] = [
  right('scheduled'),
  right('observed'),
  right('present'),
  right('absent'),
  right('excused'),
  right('unexcused'),
  right('uncounted'),
  right('unknown'),
  right('exempt'),
  right('coverage'),
];

const timeCells = ({ time: own }: GroupFigures, say: Say): ReportCell[] => [
  hours(own.scheduledS),
  hours(own.observedS),
  hours(own.presentS),
  hours(own.absentS),
  hours(own.excusedS),
  hours(own.unexcusedS),
  hours(own.uncountedS),
  hours(own.unknownS),
  hours(own.exemptS),
  coverage(own.coverage, say),
];

/** 窗口在岗时间: how the scheduled time of the hall and each window divides. */
export function time({ figures }: MonthReport, say: Say): ReportSection {
  return section(say, 'time', {
    columns: [NAME, ...TIME_COLUMNS],
    rows: [figures.hall, ...figures.windows].map((group) => [text(group.name), ...timeCells(group, say)]),
    notes: ['time'],
  });
}

/** 区域情况: the same of each area of the hall. */
export function areas({ figures }: MonthReport, say: Say): ReportSection {
  return section(say, 'areas', {
    columns: [NAME, right('windows', 0.8), right('clean'), ...TIME_COLUMNS.slice(0, 6), right('coverage')],
    rows: figures.areas.map((group) => [
      text(group.name),
      count(group.windows),
      share(group.clean, say),
      ...timeCells(group, say).slice(0, 6),
      coverage(group.time.coverage, say),
    ]),
    notes: ['coverage'],
  });
}

/** 在岗人员: the same of each person who had a post; never ranked. */
export function persons({ figures }: MonthReport, say: Say): ReportSection {
  return section(say, 'persons', {
    columns: [NAME, right('days'), right('clean'), ...TIME_COLUMNS.slice(0, 7), right('coverage'), right('confirmed')],
    rows: figures.persons.map((group) => [
      text(group.name),
      count(group.clean.whole),
      share(group.clean, say),
      ...timeCells(group, say).slice(0, 7),
      coverage(group.time.coverage, say),
      count(group.incidents.counts.confirmed),
    ]),
    notes: ['persons', 'coverage'],
  });
}
