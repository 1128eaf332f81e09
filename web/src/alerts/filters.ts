import type { LocationQuery } from 'vue-router';
import type { QueryIn } from '../../../src/board/api/contract.js';
import { dayAfter, dayStart } from '../text/time.js';

/** What the server is asked for, without its pages. */
export type AlertQuery = Omit<QueryIn<'listIncidents'>, 'offset' | 'limit'>;

/** The filter as people see it. It lives in the address, so a list can be sent to a colleague. */
export interface Filters {
  q: string;
  view: 'unfinished' | 'active' | 'all';
  rule: string;
  area: string;
  verdict: string;
  high: boolean;
  overdue: boolean;
  mine: boolean;
  appeal: boolean;
  /** First and last day, `YYYY-MM-DD` of the hall; empty for all. */
  from: string;
  to: string;
  sort: 'urgent' | 'newest' | 'oldest' | 'longest';
}

export const noFilters: Filters = {
  q: '',
  view: 'unfinished',
  rule: '',
  area: '',
  verdict: '',
  high: false,
  overdue: false,
  mine: false,
  appeal: false,
  from: '',
  to: '',
  sort: 'urgent',
};

/** Reads the filter from the address; what is not understood is left at its start. */
export function filtersFrom(query: LocationQuery): Filters {
  const text = (key: string): string => {
    const value = query[key];
    return typeof value === 'string' ? value : '';
  };
  const oneOf = <T extends string>(key: string, allowed: readonly T[], start: T): T =>
    allowed.find((value) => value === text(key)) ?? start;
  return {
    q: text('q'),
    view: oneOf('view', ['unfinished', 'active', 'all'], noFilters.view),
    rule: text('rule'),
    area: text('area'),
    verdict: text('verdict'),
    high: text('high') === '1',
    overdue: text('overdue') === '1',
    mine: text('mine') === '1',
    appeal: text('appeal') === '1',
    from: text('from'),
    to: text('to'),
    sort: oneOf('sort', ['urgent', 'newest', 'oldest', 'longest'], noFilters.sort),
  };
}

/** The filter as an address, what is at its start left out. */
export function addressQuery(filters: Filters): Record<string, string> {
  const entries = Object.entries(filters).filter(([key, value]) => value !== noFilters[key as keyof Filters]);
  return Object.fromEntries(entries.map(([key, value]) => [key, value === true ? '1' : String(value)]));
}

/** The filter as the server wants it. Days are days of the hall. */
export function serverQuery(filters: Filters, zone: string): AlertQuery {
  return {
    ...(filters.q ? { q: filters.q } : {}),
    ...(filters.view === 'unfinished' ? { workflow: 'unfinished' } : {}),
    ...(filters.view === 'active' ? { state: 'active' } : {}),
    ...(filters.rule ? { rule: filters.rule } : {}),
    ...(filters.area ? { area: filters.area } : {}),
    ...(filters.verdict ? { verdict: filters.verdict as NonNullable<AlertQuery['verdict']> } : {}),
    ...(filters.high ? { priority: 'high' } : {}),
    ...(filters.overdue ? { overdue: 'true' as never } : {}),
    ...(filters.mine ? { assignee: 'me' } : {}),
    ...(filters.appeal ? { appeal: 'open' } : {}),
    ...(filters.from ? { from: dayStart(filters.from, zone) } : {}),
    ...(filters.to ? { to: dayStart(dayAfter(filters.to), zone) } : {}),
    sort: filters.sort,
  };
}
