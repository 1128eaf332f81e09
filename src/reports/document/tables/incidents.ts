import type { VerdictCounts } from '../../figures/incidentFigures.js';
import type { MonthReport } from '../../month/monthReport.js';
import { count, type ReportCell, type ReportSection, text } from '../document.js';
import {
  type ColumnSpec,
  coverage,
  demoNote,
  minutes,
  NAME,
  right,
  ruleName,
  type Say,
  section,
  share,
} from './tableParts.js';

const verdictCells = (counts: VerdictCounts): ReportCell[] => [
  count(counts.confirmed),
  count(counts.excused),
  count(counts.falseAlarm),
  count(counts.cannotTell),
  count(counts.pending),
];
const VERDICT_COLUMNS: readonly ColumnSpec[] = [
  right('confirmed'),
  right('excused-n'),
  right('false-alarm'),
  right('cannot-tell'),
  right('pending'),
];

/** 告警分类: by rule and tier, what people said of them. */
export function rules({ figures }: MonthReport, say: Say): ReportSection {
  const rows = [...figures.hall.incidents.byRule, ...figures.rooms.incidents.byRule];
  return section(say, 'rules', {
    columns: [['rule', 'left', 2.4], right('tier'), ...VERDICT_COLUMNS],
    rows: rows.map((row) => [text(ruleName(row.rule, say)), count(row.tier), ...verdictCells(row)]),
    notes: ['verdict', ...demoNote(figures.rooms.demoHits)],
  });
}

/** 处理与申诉: rates of false alarms and appeals, and how long handling took. */
export function handling({ figures }: MonthReport, say: Say): ReportSection {
  const groups = [figures.hall, ...figures.departments];
  const rooms = { name: say('report.group.rooms'), incidents: figures.rooms.incidents };
  return section(say, 'handling', {
    columns: [
      NAME,
      right('confirmed'),
      right('false-rate'),
      right('appeals', 0.8),
      right('appeal-rate'),
      right('overturn-rate'),
      right('median', 1.2),
      right('p90', 1.3),
      right('unfinished'),
      right('coverage'),
    ],
    rows: [...groups, ...(figures.rooms.sessions > 0 ? [rooms] : [])].map(({ name, incidents }) => [
      text(name),
      count(incidents.counts.confirmed),
      share(incidents.falseAlarmRate, say),
      count(incidents.appeals.filed),
      share(incidents.appealRate, say),
      share(incidents.overturnRate, say),
      minutes(incidents.handling.medianS, say),
      minutes(incidents.handling.p90S, say),
      count(incidents.handling.unfinished),
      coverage(incidents.falseAlarmRate.coverage, say),
    ]),
    notes: ['handling', 'coverage'],
  });
}
