import type { EventMs } from '../../core/time.js';
import type { JudgedIncident, MonthSource, PostSpan } from '../month/source.js';
import { type GroupFigures, groupFigures, type Summand } from './groupFigures.js';
import { intersect, lengthOf, type Span, union } from './spans.js';
import { sumUp, type WindowMonth } from './windowFigures.js';
import type { DividedTime } from './windowTime.js';

/** Collects what people's posts come to, window by window, so that no window's spans are kept longer than needed. */
export interface PersonBook {
  add(month: WindowMonth, edges: readonly EventMs[]): void;
  /** By name; only people who had a post in the month. */
  figures(): GroupFigures[];
}

/** Makes the book. Two people at one window at the same time both stand for it, as they do in appeals. */
export function personBook(source: MonthSource): PersonBook {
  const posts = new Map<string, PostSpan[]>();
  for (const post of source.posts()) posts.set(post.window, [...(posts.get(post.window) ?? []), post]);
  const summands = new Map<string, Summand[]>();
  return {
    add(month, edges) {
      const here = posts.get(month.window.id) ?? [];
      for (const user of new Set(here.map((post) => post.user))) {
        const served = intersect(
          union(
            here
              .filter((post) => post.user === user)
              .map(({ from, to }) => ({ from, to: to ?? Number.POSITIVE_INFINITY })),
          ),
          [month.watched],
        );
        if (served.length === 0) continue;
        summands.set(user, [...(summands.get(user) ?? []), shareOfPerson(month, served, edges)]);
      }
    },
    figures: () =>
      [...summands]
        .map(([user, list]) => groupFigures(user, source.personName(user), list))
        .sort((a, b) => (a.key < b.key ? -1 : 1)),
  };
}

function shareOfPerson(month: WindowMonth, served: readonly Span[], edges: readonly EventMs[]): Summand {
  const { divided } = month;
  const clipped: DividedTime = {
    scheduled: intersect(divided.scheduled, served),
    present: intersect(divided.present, served),
    absent: intersect(divided.absent, served),
    excused: intersect(divided.excused, served),
    unexcused: intersect(divided.unexcused, served),
  };
  const incidents = month.incidents.filter((incident) => overlaps(incident, served));
  const { sums, days } = sumUp(clipped, incidents, edges);
  sums.exemptMs = lengthOf(served) - sums.scheduledMs;
  return { sums, days, incidents };
}

const overlaps = ({ start, end }: JudgedIncident, served: readonly Span[]): boolean =>
  served.some(({ from, to }) => start < to && Math.max(end, start + 1) > from);
