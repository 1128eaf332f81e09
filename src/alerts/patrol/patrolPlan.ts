import { addDays, dayOf, instantOf, weekdayOf } from '../../core/calendar/localDay.js';
import type { PatrolConfig } from '../../core/config/schema.js';
import { type EventMs, eventMs, plusMs } from '../../core/time.js';

/** One round of a plan: every point is to be visited at or after `begin` and before `deadline`. */
export interface PatrolRound {
  plan: PatrolConfig;
  begin: EventMs;
  deadline: EventMs;
}

/** What is to be done about one point of a round now. */
export type PatrolTask = { type: 'visit' | 'miss'; round: PatrolRound; point: PatrolConfig['points'][number] };

/** Rounds that began longer ago are not looked at: a hall that was off for a week has one finding, not hundreds. */
const LOOK_BACK_MS = 24 * 3_600_000;

/**
 * The rounds of a plan that began in `from < begin <= to`, oldest first: from the start of its part of the day, each
 * `every`, up to and including its end; on its weekdays, on the hall's clock. Pure.
 */
export function roundsBetween(plan: PatrolConfig, from: EventMs, to: EventMs, timeZone: string): PatrolRound[] {
  const rounds: PatrolRound[] = [];
  const last = dayOf(to, timeZone);
  for (let day = dayOf(from, timeZone); day <= last; day = addDays(day, 1)) {
    if (!plan.days.includes(weekdayOf(day))) continue;
    const end = instantOf(day, plan.between.to, timeZone);
    for (let begin = instantOf(day, plan.between.from, timeZone); begin <= end; begin = plusMs(begin, plan.every)) {
      if (begin > from && begin <= to) rounds.push(roundAt(plan, begin));
    }
  }
  return rounds;
}

/** A round that somebody starts by hand. */
export const roundAt = (plan: PatrolConfig, begin: EventMs): PatrolRound => ({
  plan,
  begin,
  deadline: plusMs(begin, plan.within),
});

/** The next round after an instant, within a week; undefined where the plan has none. */
export const nextRound = (plan: PatrolConfig, at: EventMs, timeZone: string): EventMs | undefined =>
  roundsBetween(plan, at, plusMs(at, 8 * 24 * 3_600_000), timeZone)[0]?.begin;

/**
 * What the rounds ask for now: points without a record are visited until the deadline and missed after it. Misses come
 * first, then visits, older rounds first, points in the plan's order. Pure.
 */
export function dueTasks(
  rounds: readonly PatrolRound[],
  at: EventMs,
  recorded: (round: PatrolRound) => readonly string[],
): PatrolTask[] {
  const tasks = rounds
    .filter(({ begin }) => begin <= at)
    .flatMap((round) => {
      const done = recorded(round);
      const type = at < round.deadline ? ('visit' as const) : ('miss' as const);
      return round.plan.points
        .filter((point) => !done.includes(point.id))
        .map((point): PatrolTask => ({ type, round, point }));
    });
  return [...tasks.filter(({ type }) => type === 'miss'), ...tasks.filter(({ type }) => type === 'visit')];
}

/** From when on the rounds of a plan count: a day back at most, and never before the plan was first seen. */
export const roundsSince = (at: EventMs, firstSeen: EventMs): EventMs =>
  eventMs(Math.max(at - LOOK_BACK_MS, firstSeen));
