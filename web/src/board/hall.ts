import { computed } from 'vue';
import type { Incident, WindowRow } from '../api/types.js';
import { incidents, windows } from '../live/store.js';
import { LOOKS, type Look, lookOf } from '../text/states.js';

/** A window with what it looks like. */
export interface Seat {
  row: WindowRow;
  look: Look;
}

const byName = new Intl.Collator('zh-CN', { numeric: true });

/** What a window looks like, with the priority of its open incident. */
export const lookOfWindow = (row: WindowRow): Look =>
  lookOf(row.state, row.incident ? incidents.get(row.incident)?.priority : undefined);

/** All windows in the order of their areas and ids: a window never changes its place on the page. */
export const seats = computed<Seat[]>(() =>
  [...windows.values()]
    .sort((a, b) => byName.compare(a.area, b.area) || byName.compare(a.id, b.id))
    .map((row) => ({ row, look: lookOfWindow(row) })),
);

export interface Area {
  name: string;
  seats: Seat[];
}

/** Windows by area, kept in order. */
export function byArea(all: readonly Seat[]): Area[] {
  const areas = new Map<string, Seat[]>();
  for (const seat of all) areas.set(seat.row.area, [...(areas.get(seat.row.area) ?? []), seat]);
  return [...areas].map(([name, list]) => ({ name, seats: list }));
}

/** How many windows look like what; every look is present, also with 0. */
export function countLooks(all: readonly Seat[]): Record<Look, number> {
  const counts = Object.fromEntries(LOOKS.map((look) => [look, 0])) as Record<Look, number>;
  for (const seat of all) counts[seat.look] += 1;
  return counts;
}

const rank = (incident: Incident): number =>
  (incident.state === 'ended' ? 4 : 0) +
  (incident.priority === 'high' ? 0 : 2) +
  (incident.workflow.state === 'found' ? 0 : 1);

/** Most pressing first: open before ended, urgent before normal, untouched before taken up, then the newest. */
export const compareIncidents = (a: Incident, b: Incident): number =>
  rank(a) - rank(b) || (b.end ?? b.start) - (a.end ?? a.start) || (a.id < b.id ? -1 : 1);

export const feed = computed<Incident[]>(() => [...incidents.values()].sort(compareIncidents));
