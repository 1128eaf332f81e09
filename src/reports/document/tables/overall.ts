import type { MessageKey } from '../../../core/i18n/translate.js';
import type { ComparedGroup } from '../../month/compare.js';
import type { MonthReport } from '../../month/monthReport.js';
import { count, hours, type ReportCell, type ReportSection, text } from '../document.js';
import { coverage, none, right, type Say, section, share } from './tableParts.js';

/** 总体情况: the hall's figures beside those of the month before and the year before. */
export function overall({ figures, previous, yearBefore }: MonthReport, say: Say): ReportSection {
  const { hall } = figures;
  const now: ComparedGroup = {
    ...{ key: hall.key, presence: hall.time.presence, unexcused: hall.time.unexcused, clean: hall.clean },
    ...{ confirmed: hall.incidents.counts.confirmed, unexcusedS: hall.time.unexcusedS },
    medianS: hall.incidents.handling.medianS,
  };
  const row = (name: string, unit: string, cell: (group: ComparedGroup) => ReportCell): ReportCell[] => [
    text(`${say(`report.column.${name}` as MessageKey)}${unit}`),
    cell(now),
    previous ? cell(previous.hall) : none(say, 'nothing'),
    yearBefore ? cell(yearBefore.hall) : none(say, 'nothing'),
  ];
  const hoursUnit = ` (${say('report.unit.hours')})`;
  return section(say, 'overall', {
    columns: [['indicator', 'left', 2.4], right('this-month'), right('previous'), right('year-before')],
    rows: [
      row('coverage', '', (group) => coverage(group.presence.coverage, say)),
      row('presence', '', (group) => share(group.presence, say)),
      row('clean', '', (group) => share(group.clean, say)),
      row('unexcused-share', '', (group) => share(group.unexcused, say)),
      row('unexcused', hoursUnit, (group) => hours(group.unexcusedS)),
      row('confirmed', '', (group) => count(group.confirmed)),
      row('median', hoursUnit, (group) => (group.medianS === null ? none(say, 'nothing') : hours(group.medianS))),
    ],
    notes: ['compare', 'coverage', ...(figures.calendarKnown ? [] : ['calendar'])],
  });
}
