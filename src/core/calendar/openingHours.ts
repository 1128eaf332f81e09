import type { WindowConfig } from '../config/schema.js';
import { AppError } from '../errors.js';
import { canonicalJson } from '../hash.js';
import type { SubjectId, WindowId } from '../ids.js';
import type { EventMs } from '../time.js';
import { type CalendarConfig, type ExpectationReason, type PlannedSpan, planOf } from './dayPlan.js';
import { chineseHolidays, type HolidayCalendar } from './holidays.js';
import { addDays, dayOf, type LocalDay } from './localDay.js';

/** Whether a window should be staffed, why, and until when that holds. */
export interface Expectation {
  expected: boolean;
  reason: ExpectationReason;
  /** The next instant at which `expected` or `reason` is another; undefined where none comes within `HORIZON_DAYS`. */
  until: EventMs | undefined;
  /** The holiday's name or the hall's own note. */
  note?: string;
}

/** Something registered for a window for a while, `from <= t < to`; without `to` it lasts until somebody ends it. */
export interface DutySpan {
  subject?: SubjectId | undefined;
  from: EventMs;
  to?: EventMs | null | undefined;
  /** `standby` exempts; everything else is an excuse beside an incident (`excuses.ts`) and changes nothing here. */
  kind: string;
}

/** The roster of the hall. */
export interface OpeningHours {
  /**
   * Whether a window should be staffed at an instant. `registered` is what the ledger holds of duty; spans of other
   * windows and other kinds are ignored.
   * @throws AppError `not-found` for a window that is not configured, `config` for hours that no schedule has
   */
  at(window: WindowId | SubjectId, at: EventMs, registered?: readonly DutySpan[]): Expectation;
}

/** How far ahead the next change is looked for: longer than any holiday. */
const HORIZON_DAYS = 40;
const PLANS_KEPT = 4096;

/** Makes the roster from the configuration. Pure but for a cache of days. */
export function openingHours(
  config: CalendarConfig & { windows: readonly WindowConfig[] },
  holidays: HolidayCalendar = chineseHolidays,
): OpeningHours {
  const windows = new Map<string, WindowConfig>(config.windows.map((window) => [window.id, window]));
  const plans = new Map<string, PlannedSpan[]>();
  const planFor = (window: WindowConfig, day: LocalDay): PlannedSpan[] => {
    // Windows of the same hours and lunch rota share their plans.
    const key = `${window.hours} ${canonicalJson(window.lunch)} ${day}`;
    const known = plans.get(key);
    if (known) return known;
    if (plans.size >= PLANS_KEPT) plans.clear();
    const made = planOf(window, day, { config, holidays });
    plans.set(key, made);
    return made;
  };
  /** The planned spans from the one that holds at an instant onwards. */
  function* plannedFrom(window: WindowConfig, at: EventMs): Generator<PlannedSpan> {
    const today = dayOf(at, config.site.timeZone);
    for (let ahead = 0; ahead <= HORIZON_DAYS; ahead++) {
      for (const span of planFor(window, addDays(today, ahead))) if (span.to > at) yield span;
    }
  }

  return {
    at(id, at, registered = []) {
      const window = windows.get(id);
      if (!window) throw new AppError('not-found', `opening hours of ${id}: no such window`);
      if (window.standby) return { expected: false, reason: 'standby', until: undefined };
      const standbys = registered.filter((span) => span.kind === 'standby' && span.subject === id);
      const standbyUntil = endOfStandby(standbys, at);
      if (standbyUntil !== undefined) return { expected: false, reason: 'standby', until: finite(standbyUntil) };
      const planned = expectationFrom(plannedFrom(window, at));
      const next = Math.min(...standbys.filter((span) => span.from > at).map((span) => span.from));
      return next < (planned.until ?? Number.POSITIVE_INFINITY) ? { ...planned, until: next as EventMs } : planned;
    },
  };
}

const finite = (at: number): EventMs | undefined => (Number.isFinite(at) ? (at as EventMs) : undefined);

/** The instant at which all standbys that hold at `at`, and those that follow without a gap, are over. */
function endOfStandby(standbys: readonly DutySpan[], at: EventMs): number | undefined {
  let until: number | undefined;
  for (const span of [...standbys].sort((a, b) => a.from - b.from)) {
    const to = span.to ?? Number.POSITIVE_INFINITY;
    if (span.from <= (until ?? at) && to > (until ?? at)) until = to;
  }
  return until;
}

function expectationFrom(spans: Iterable<PlannedSpan>): Expectation {
  let held: PlannedSpan | undefined;
  for (const span of spans) {
    held ??= span;
    if (span.expected !== held.expected || span.reason !== held.reason) return expectationOf(held, span.from);
  }
  return expectationOf(held!, undefined);
}

const expectationOf = ({ expected, reason, note }: PlannedSpan, until: EventMs | undefined): Expectation => ({
  expected,
  reason,
  until,
  ...(note === undefined ? {} : { note }),
});
