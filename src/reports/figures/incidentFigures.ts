import type { Verdict } from '../../alerts/workflow/workflow.js';
import type { JudgedIncident } from '../month/source.js';
import { quantile, type Rate, rateOf, rounded } from './rates.js';

/** Incidents by what a person said of them. Only `confirmed` counts against anybody. */
export interface VerdictCounts {
  confirmed: number;
  excused: number;
  falseAlarm: number;
  cannotTell: number;
  /** Not judged yet. */
  pending: number;
}

export interface RuleCounts extends VerdictCounts {
  rule: string;
  tier: number;
}

/** How long people took, from the ledger's first word of an incident until they were done with it. Seconds. */
export interface HandlingFigures {
  finished: number;
  unfinished: number;
  medianS: number | null;
  p90S: number | null;
  /** Finished incidents by `HANDLING_STEPS_S`: up to the first step, up to the second, ..., above the last. */
  histogram: number[];
}

export interface IncidentFigures {
  counts: VerdictCounts;
  byRule: RuleCounts[];
  appeals: { filed: number; open: number; upheld: number; overturned: number; corrected: number };
  /** False alarms of all that were judged for certain. */
  falseAlarmRate: Rate;
  /** Appeals of all that were judged. */
  appealRate: Rate;
  /** Decisions that changed the verdict, of all decided appeals. */
  overturnRate: Rate;
  handling: HandlingFigures;
}

/** Upper edges of the handling-time distribution, seconds: 10 min, 30 min, 1 h, 4 h, 1 day, 3 days. */
export const HANDLING_STEPS_S = [600, 1800, 3600, 14_400, 86_400, 259_200] as const;

const COUNT_OF: Record<Verdict, keyof VerdictCounts> = {
  confirmed: 'confirmed',
  excused: 'excused',
  'false-alarm': 'falseAlarm',
  'cannot-tell': 'cannotTell',
};

const noCounts = (): VerdictCounts => ({ confirmed: 0, excused: 0, falseAlarm: 0, cannotTell: 0, pending: 0 });

/** Where a verdict is counted; what nobody has judged is `pending`. */
export const countOf = (verdict: Verdict | null): keyof VerdictCounts =>
  verdict === null ? 'pending' : COUNT_OF[verdict];

/** Figures of any set of incidents. `coverage` is that of the time in which they could have been seen. */
export function incidentFigures(incidents: readonly JudgedIncident[], coverage: number | null): IncidentFigures {
  const counts = noCounts();
  const byRule = new Map<string, RuleCounts>();
  const appeals = { filed: 0, open: 0, upheld: 0, overturned: 0, corrected: 0 };
  for (const { rule, tier, verdict, appeal } of incidents) {
    const kind = countOf(verdict);
    const key = `${rule}\n${tier}`;
    const own = byRule.get(key) ?? { rule, tier, ...noCounts() };
    own[kind] += 1;
    counts[kind] += 1;
    byRule.set(key, own);
    if (appeal !== null) {
      appeals.filed += 1;
      appeals[appeal] += 1;
    }
  }
  const certain = counts.confirmed + counts.excused + counts.falseAlarm;
  const changed = appeals.overturned + appeals.corrected;
  return {
    counts,
    byRule: [...byRule.values()].sort((a, b) => (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : a.tier - b.tier)),
    appeals,
    falseAlarmRate: rateOf(counts.falseAlarm, certain, coverage),
    appealRate: rateOf(appeals.filed, certain + counts.cannotTell, coverage),
    overturnRate: rateOf(changed, changed + appeals.upheld, coverage),
    handling: handlingOf(incidents),
  };
}

function handlingOf(incidents: readonly JudgedIncident[]): HandlingFigures {
  const seconds = incidents.flatMap(({ foundAt, finishedAt }) =>
    finishedAt === undefined ? [] : [Math.max(0, finishedAt - foundAt) / 1000],
  );
  const histogram = new Array<number>(HANDLING_STEPS_S.length + 1).fill(0);
  for (const value of seconds) {
    const step = HANDLING_STEPS_S.findIndex((edge) => value <= edge);
    histogram[step < 0 ? HANDLING_STEPS_S.length : step]! += 1;
  }
  const at = (p: number): number | null => {
    const value = quantile(seconds, p);
    return value === undefined ? null : rounded(value);
  };
  return {
    finished: seconds.length,
    unfinished: incidents.length - seconds.length,
    medianS: at(0.5),
    p90S: at(0.9),
    histogram,
  };
}
