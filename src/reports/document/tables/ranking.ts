import type { GroupFigures } from '../../figures/groupFigures.js';
import type { Place } from '../../figures/ranking.js';
import { count, hours, type ReportCell, type ReportSection, text } from '../document.js';
import { coverage, interval, NAME, right, type Say, section, share } from './tableParts.js';

/** 排名: departments or windows by their rate, those that must not be compared after them with the reason. */
export function places(
  name: 'departments' | 'windows',
  list: Place[],
  groups: GroupFigures[],
  say: Say,
): ReportSection {
  const byKey = new Map(groups.map((group) => [group.key, group]));
  const rows = list.map((place): ReportCell[] => {
    const { time: own, clean, incidents, windows } = byKey.get(place.key)!;
    return [
      place.place === null ? text(say(`report.unranked.${place.unranked!}`)) : count(place.place),
      text(place.name),
      ...(name === 'departments' ? [count(windows)] : []),
      count(clean.whole),
      share(clean, say),
      interval(clean, say),
      coverage(own.coverage, say),
      share(own.presence, say),
      hours(own.unexcusedS),
      count(incidents.counts.confirmed),
    ];
  });
  return section(say, name, {
    columns: [
      ['place', 'center', 1.2],
      NAME,
      ...(name === 'departments' ? [right('windows', 0.8)] : []),
      right('days', 1.1),
      right('clean'),
      ['interval', 'center', 1.7],
      right('coverage'),
      right('presence'),
      right('unexcused'),
      right('confirmed', 1.1),
    ],
    rows,
    notes: ['rank', 'clean', 'coverage'],
  });
}
