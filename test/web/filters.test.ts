import { describe, expect, it } from 'vitest';
import { routes } from '../../src/board/api/contract.js';
import { addressQuery, type Filters, filtersFrom, noFilters, serverQuery } from '../../web/src/alerts/filters.js';

const filled: Filters = {
  ...noFilters,
  q: 'A03',
  view: 'all',
  rule: 'absence',
  high: true,
  overdue: true,
  mine: true,
  appeal: true,
  from: '2026-10-01',
  to: '2026-10-08',
  sort: 'longest',
};

describe('filters of the alert list', () => {
  it('survive the way through the address', () => {
    expect(filtersFrom(addressQuery(filled))).toEqual(filled);
    expect(addressQuery(noFilters)).toEqual({});
    expect(filtersFrom({ view: 'nonsense', sort: ['a'] })).toEqual(noFilters);
  });

  it('are what the contract takes', () => {
    const sent = Object.fromEntries(
      Object.entries(serverQuery(filled, 'Asia/Shanghai')).map(([k, v]) => [k, String(v)]),
    );
    const parsed = routes.listIncidents.query.parse(sent);
    expect(parsed.overdue).toBe(true);
    expect(new Date(parsed.from!).toISOString()).toBe('2026-09-30T16:00:00.000Z');
    expect(new Date(parsed.to!).toISOString()).toBe('2026-10-08T16:00:00.000Z');
  });
});
