import type { JudgedIncident } from '../month/source.js';
import { type IncidentFigures, incidentFigures } from './incidentFigures.js';
import type { Rate } from './rates.js';
import type { TimeSums } from './timeFigures.js';
import {
  addTime,
  cleanRate,
  coverageOfTime,
  type DayCounts,
  noTime,
  type TimeFigures,
  timeFigures,
} from './timeFigures.js';

/** A window, a department, an area, a person, or the whole hall. */
export interface GroupFigures {
  key: string;
  name: string;
  /** How many windows are summed here. */
  windows: number;
  days: DayCounts;
  /** 合格率. */
  clean: Rate;
  time: TimeFigures;
  incidents: IncidentFigures;
}

/** What a group is summed from. */
export interface Summand {
  sums: TimeSums;
  days: DayCounts;
  incidents: readonly JudgedIncident[];
}

/** Adds up the members of a group. Rates are taken of the sums, never averaged. */
export function groupFigures(key: string, name: string, members: readonly Summand[]): GroupFigures {
  const sums = noTime();
  const days: DayCounts = { clean: 0, unclean: 0, undecided: 0 };
  const incidents: JudgedIncident[] = [];
  for (const member of members) {
    addTime(sums, member.sums);
    days.clean += member.days.clean;
    days.unclean += member.days.unclean;
    days.undecided += member.days.undecided;
    incidents.push(...member.incidents);
  }
  const coverage = coverageOfTime(sums);
  return {
    key,
    name,
    windows: members.length,
    days,
    clean: cleanRate(days, coverage),
    time: timeFigures(sums),
    incidents: incidentFigures(incidents, coverage),
  };
}
