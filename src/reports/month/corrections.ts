import type { Verdict } from '../../alerts/workflow/workflow.js';
import { isoOf } from '../../core/time.js';
import type { MonthFigures } from '../figures/figuresTypes.js';
import { countOf } from '../figures/incidentFigures.js';
import type { JudgedIncident } from './source.js';

/** A verdict that was changed after its month was frozen. */
export interface MonthCorrection {
  incident: string;
  subject: string;
  subjectName: string;
  rule: string;
  tier: number;
  /** ISO 8601 UTC. */
  start: string;
  /** When it was corrected, ISO 8601 UTC, and by whom (name). */
  at: string;
  by: string;
  from: Verdict | null;
  to: Verdict;
}

/** A figure that the corrections change: as frozen, and as it would be now. */
export interface CorrectedFigure {
  /** The hall's or a window's key. */
  key: string;
  name: string;
  figure: 'confirmed' | 'excused' | 'falseAlarm' | 'cannotTell' | 'pending' | 'unexcusedS' | 'excusedS';
  frozen: number;
  corrected: number;
}

export interface Corrections {
  list: MonthCorrection[];
  figures: CorrectedFigure[];
}

const COUNTED = ['confirmed', 'excused', 'falseAlarm', 'cannotTell', 'pending'] as const;

/**
 * What has been corrected since a month was frozen, with both values. Works from the frozen figures and people's later
 * verdicts alone: the looks themselves may be gone by then. The frozen figures are not touched.
 */
export function correctionsOf(
  frozen: MonthFigures,
  incidents: readonly JudgedIncident[],
  personName: (user: string) => string,
): Corrections {
  const rows = new Map(frozen.incidents.map((row) => [row.id, row]));
  const names = new Map(frozen.windows.map(({ key, name }) => [key, name]));
  for (const { room, roomName } of frozen.evaluations) names.set(room, roomName);
  const list = incidents.flatMap((incident) =>
    incident.corrections.map((correction): MonthCorrection => {
      const { id, subject, rule, tier, start } = incident;
      return {
        ...{ incident: id, subject, subjectName: names.get(subject) ?? subject, rule, tier, start: isoOf(start) },
        ...{ at: isoOf(correction.at), by: personName(correction.by) },
        ...{ from: correction.from, to: correction.to },
      };
    }),
  );
  const changed = incidents.flatMap((incident) => {
    const row = rows.get(incident.id);
    return row && incident.corrections.length > 0 && row.verdict !== incident.verdict ? [{ row, incident }] : [];
  });
  return { list: list.sort((a, b) => (a.at < b.at ? -1 : 1)), figures: figuresChanged(frozen, changed) };
}

type Changed = Array<{ row: MonthFigures['incidents'][number]; incident: JudgedIncident }>;

function figuresChanged(frozen: MonthFigures, changed: Changed): CorrectedFigure[] {
  if (changed.length === 0) return [];
  const windows = frozen.windows.filter(({ key }) => changed.some(({ row }) => row.subject === key));
  const roomChanges = changed.filter(({ row }) => !frozen.windows.some(({ key }) => key === row.subject));
  const ofWindows = changed.filter(({ row }) => frozen.windows.some(({ key }) => key === row.subject));
  return [
    ...(ofWindows.length > 0 ? groupChanged(frozen.hall, ofWindows) : []),
    ...windows.flatMap((window) =>
      groupChanged(
        window,
        changed.filter(({ row }) => row.subject === window.key),
      ),
    ),
    ...(roomChanges.length > 0
      ? groupChanged({ key: 'rooms', name: '', incidents: frozen.rooms.incidents, time: undefined }, roomChanges)
      : []),
  ];
}

interface Corrected {
  key: string;
  name: string;
  incidents: MonthFigures['hall']['incidents'];
  time: MonthFigures['hall']['time'] | undefined;
}

function groupChanged({ key, name, incidents, time }: Corrected, changed: Changed): CorrectedFigure[] {
  const counts = { ...incidents.counts };
  let unexcusedS = time?.unexcusedS ?? 0;
  let excusedS = time?.excusedS ?? 0;
  for (const { row, incident } of changed) {
    counts[countOf(row.verdict)] -= 1;
    counts[countOf(incident.verdict)] += 1;
    if (row.rule !== 'absence') continue;
    // What a registered leave covers is excused under any verdict.
    const openS = row.absentS - row.leaveS;
    if (row.verdict === 'confirmed') unexcusedS -= openS;
    if (incident.verdict === 'confirmed') unexcusedS += openS;
    if (row.verdict === 'excused') excusedS -= openS;
    if (incident.verdict === 'excused') excusedS += openS;
  }
  const both: Array<[CorrectedFigure['figure'], number, number]> = [
    ...COUNTED.map((figure): [typeof figure, number, number] => [figure, incidents.counts[figure], counts[figure]]),
    ...(time
      ? ([
          ['unexcusedS', time.unexcusedS, unexcusedS],
          ['excusedS', time.excusedS, excusedS],
        ] as Array<[CorrectedFigure['figure'], number, number]>)
      : []),
  ];
  return both
    .filter(([, before, after]) => before !== after)
    .map(([figure, before, after]) => ({ key, name, figure, frozen: before, corrected: after }));
}
