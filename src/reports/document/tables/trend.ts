import type { MonthReport } from '../../month/monthReport.js';
import { count, hours, type ReportCell, type ReportSection } from '../document.js';
import { coverage, none, right, type Say, section } from './tableParts.js';

/** 每日情况: the hall day by day. */
export function trend({ figures }: MonthReport, say: Say): ReportSection {
  return section(say, 'trend', {
    columns: [
      ['day', 'center', 1.4],
      right('scheduled'),
      right('observed'),
      right('present'),
      right('unexcused'),
      right('coverage'),
      right('confirmed'),
    ],
    rows: figures.trend.map((one) => [
      { type: 'date', text: one.day },
      // A day on which nobody had to be there is no day with nothing wrong.
      ...(one.scheduledS === 0
        ? new Array<ReportCell>(6).fill(none(say, 'nothing'))
        : [
            hours(one.scheduledS),
            hours(one.observedS),
            hours(one.presentS),
            hours(one.unexcusedS),
            coverage(one.coverage, say),
            count(one.confirmed),
          ]),
    ]),
    notes: ['coverage'],
  });
}
