import type { SiteFacts, SubjectFacts } from '../alerts/outbox/messages.js';
import type { Config } from '../core/config/schema.js';

/** What every message says of the site and its subjects. */
export function siteFacts({ site, windows, rooms }: Pick<Config, 'site' | 'windows' | 'rooms'>): SiteFacts {
  const subjects = new Map<string, SubjectFacts>();
  for (const { id, name, department, area } of windows) {
    subjects.set(id, { type: 'window', name: name ?? id, department, ...(area === '' ? {} : { area }) });
  }
  for (const { id, name } of rooms) subjects.set(id, { type: 'room', name: name ?? id, department: '' });
  return { site: site.id, district: site.district, subjects };
}
