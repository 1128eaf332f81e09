import { isMessageKey, type Language, type MessageKey, translate } from '../../core/i18n/translate.js';
import type { GroupFigures } from '../figures/groupFigures.js';
import type { VerdictCounts } from '../figures/incidentFigures.js';
import type { Place } from '../figures/ranking.js';
import type { Rate, Share } from '../figures/rates.js';
import type { ComparedGroup } from '../month/compare.js';
import type { MonthReport } from '../month/monthReport.js';
import { count, hours, percentText, type ReportCell, type ReportColumn, type ReportSection, text } from './document.js';
import { localTimeOf } from './localTime.js';

type Say = (key: MessageKey) => string;
type ColumnSpec = readonly [name: string, align: ReportColumn['align'], weight: number];

/** Builds the tables of a report. Pure. */
export function sectionsOf(report: MonthReport, language: Language): ReportSection[] {
  const say: Say = (key) => translate(language, key);
  const { figures, corrections } = report;
  const optional = (list: readonly unknown[], section: () => ReportSection): ReportSection[] =>
    list.length > 0 ? [section()] : [];
  return [
    overall(report, say),
    ...optional(figures.departments, () =>
      places('departments', figures.ranking.departments, figures.departments, say),
    ),
    places('windows', figures.ranking.windows, figures.windows, say),
    time(report, say),
    ...optional(figures.areas, () => areas(report, say)),
    rules(report, say),
    handling(report, say),
    ...optional(figures.persons, () => persons(report, say)),
    ...optional(figures.evaluations, () => evaluations(report, say)),
    trend(report, say),
    ...optional(corrections.list, () => corrected(report, say)),
    ...optional(corrections.figures, () => correctedFigures(report, say)),
  ];
}

const section = (
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
    notes: parts.notes.map((note) => say(`report.note.${note}` as MessageKey)),
  },
});

const none = (say: Say, why: 'coverage' | 'nothing'): ReportCell => ({ type: 'none', text: say(`report.cell.${why}`) });
const share = ({ value, withheld }: Pick<Share, 'value' | 'withheld'>, say: Say): ReportCell =>
  value === null ? none(say, withheld ?? 'nothing') : { type: 'percent', value };
const coverage = (value: number | null, say: Say): ReportCell =>
  value === null ? none(say, 'nothing') : { type: 'percent', value };
const interval = ({ low, high }: Rate, say: Say): ReportCell =>
  low === null || high === null ? none(say, 'nothing') : text(`${percentText(low)}–${percentText(high)}`);
const minutes = (seconds: number | null, say: Say): ReportCell =>
  seconds === null ? none(say, 'nothing') : { type: 'minutes', seconds };

const NAME: ColumnSpec = ['name', 'left', 2.4];
const right = (name: string, weight = 1): ColumnSpec => [name, 'right', weight];

function overall({ figures, previous, yearBefore }: MonthReport, say: Say): ReportSection {
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

function places(name: 'departments' | 'windows', list: Place[], groups: GroupFigures[], say: Say): ReportSection {
  const byKey = new Map(groups.map((group) => [group.key, group]));
  const rows = list.map((place): ReportCell[] => {
    const { time: own, clean, incidents, windows } = byKey.get(place.key)!;
    return [
      place.place === null ? text(say(`report.unranked.${place.unranked!}`)) : count(place.place),
      text(place.name),
      ...(name === 'departments' ? [count(windows)] : []),
      count(clean.whole),
      share(clean, say),
      interval(clean, say),
      coverage(own.coverage, say),
      share(own.presence, say),
      hours(own.unexcusedS),
      count(incidents.counts.confirmed),
    ];
  });
  return section(say, name, {
    columns: [
      ['place', 'center', 1.2],
      NAME,
      ...(name === 'departments' ? [right('windows', 0.8)] : []),
      right('days', 0.9),
      right('clean'),
      ['interval', 'center', 1.7],
      right('coverage'),
      right('presence'),
      right('unexcused'),
      right('confirmed', 0.8),
    ],
    rows,
    notes: ['rank', 'clean', 'coverage'],
  });
}

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

function time({ figures }: MonthReport, say: Say): ReportSection {
  return section(say, 'time', {
    columns: [NAME, ...TIME_COLUMNS],
    rows: [figures.hall, ...figures.windows].map((group) => [text(group.name), ...timeCells(group, say)]),
    notes: ['time'],
  });
}

function areas({ figures }: MonthReport, say: Say): ReportSection {
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

const ruleName = (rule: string, say: Say): string => {
  const key = `rule.${rule}`;
  return isMessageKey(key) ? say(key) : rule;
};

function rules({ figures }: MonthReport, say: Say): ReportSection {
  const rows = [...figures.hall.incidents.byRule, ...figures.rooms.incidents.byRule];
  return section(say, 'rules', {
    columns: [['rule', 'left', 2.4], right('tier'), ...VERDICT_COLUMNS],
    rows: rows.map((row) => [text(ruleName(row.rule, say)), count(row.tier), ...verdictCells(row)]),
    notes: ['verdict'],
  });
}

function handling({ figures }: MonthReport, say: Say): ReportSection {
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

function persons({ figures }: MonthReport, say: Say): ReportSection {
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

function evaluations({ figures }: MonthReport, say: Say): ReportSection {
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
    notes: ['evaluations', 'verdict'],
  });
}

function trend({ figures }: MonthReport, say: Say): ReportSection {
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

const verdictName = (verdict: string | null, say: Say): string =>
  verdict === null ? say('report.column.pending') : say(`workflow.verdict.${verdict}` as MessageKey);

function corrected({ corrections, figures }: MonthReport, say: Say): ReportSection {
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

function correctedFigures({ corrections }: MonthReport, say: Say): ReportSection {
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
