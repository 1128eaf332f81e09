import type { MonthReport } from '../../month/monthReport.js';
import { count, hours, type ReportCell, type ReportSection, text } from '../document.js';
import { localTimeOf } from '../localTime.js';
import { coverage, demoNote, right, type Say, section } from './tableParts.js';

/** 评标监管: every evaluation in each of its rooms. */
export function evaluations({ figures }: MonthReport, say: Say): ReportSection {
  const at = (iso: string): ReportCell => ({ type: 'date', text: localTimeOf(iso, figures.site.timeZone) });
  return section(say, 'evaluations', {
    columns: [
      ['project', 'left', 3],
      ['room', 'left', 1.6],
      ['start', 'center', 2.3],
      ['end', 'center', 2.3],
      right('experts', 0.7),
      right('length', 0.8),
      right('occupied', 0.8),
      right('coverage'),
      right('confirmed', 0.8),
      right('pending', 0.8),
    ],
    rows: figures.evaluations.map((one) => [
      text(one.projectName),
      text(one.roomName),
      at(one.start),
      at(one.end),
      count(one.experts),
      hours(one.scheduledS),
      hours(one.occupiedS),
      coverage(one.coverage, say),
      count(one.incidents.counts.confirmed),
      count(one.incidents.counts.pending),
    ]),
    notes: ['evaluations', 'verdict', ...demoNote(figures.rooms.demoHits)],
  });
}
