import type { MonthFigures } from '../figures/figuresTypes.js';
import type { GroupFigures } from '../figures/groupFigures.js';
import type { Rate, Share } from '../figures/rates.js';
import type { MonthName } from './month.js';

/** The figures of a group that are held against another month. */
export interface ComparedGroup {
  key: string;
  presence: Share;
  unexcused: Share;
  clean: Rate;
  confirmed: number;
  unexcusedS: number;
  medianS: number | null;
}

/** An earlier month beside this one. */
export interface Comparison {
  month: MonthName;
  /** Whether its figures are those it was frozen with. */
  frozen: boolean;
  hall: ComparedGroup;
  departments: ComparedGroup[];
  windows: ComparedGroup[];
}

const comparedGroup = ({ key, time, clean, incidents }: GroupFigures): ComparedGroup => ({
  key,
  presence: time.presence,
  unexcused: time.unexcused,
  clean,
  confirmed: incidents.counts.confirmed,
  unexcusedS: time.unexcusedS,
  medianS: incidents.handling.medianS,
});

/** What of an earlier month is shown beside a later one. */
export const comparisonOf = (figures: MonthFigures, frozen: boolean): Comparison => ({
  month: figures.month,
  frozen,
  hall: comparedGroup(figures.hall),
  departments: figures.departments.map(comparedGroup),
  windows: figures.windows.map(comparedGroup),
});

/** Whether anybody looked in a month at all: one without a look is no month to compare with. */
export const hasLooks = (figures: MonthFigures): boolean => figures.hall.time.observedS > 0;
