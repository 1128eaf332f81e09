import type { Polygon } from '../../../src/core/geometry.js';
import { call } from '../api/call.js';
import type { ZoneSet } from '../api/types.js';
import type { TextKey } from '../locales/all.js';
import { clockwise, type faultOf } from './edit.js';
import type { EditedZone } from './ZoneCanvas.vue';

const ZONES_OF = { window: ['staffZone', 'citizenZone', 'deskZone'], room: ['zone'] } as const;
type ZoneName = (typeof ZONES_OF)['window' | 'room'][number];

const KINDS: Record<ZoneName, EditedZone['kind']> = {
  staffZone: 'staff',
  citizenZone: 'citizen',
  deskZone: 'desk',
  zone: 'room',
};

export const zoneText: Record<EditedZone['kind'], TextKey> = {
  staff: 'cameras.zoneStaff',
  citizen: 'cameras.zoneCitizen',
  desk: 'cameras.zoneDesk',
  room: 'cameras.zoneRoom',
};

export const faultText: Record<NonNullable<ReturnType<typeof faultOf>>, TextKey> = {
  few: 'cameras.faultFew',
  crossed: 'cameras.faultCrossed',
  small: 'cameras.faultSmall',
};

const keyOf = (subject: string, name: ZoneName): string => `${subject}/${name}`;

/** Every zone of the subjects as the editor handles it, drawn or not. */
export const zonesOf = (sets: readonly ZoneSet[]): EditedZone[] =>
  sets.flatMap((set) =>
    ZONES_OF[set.kind].map((name) => ({
      key: keyOf(set.subject, name),
      label: set.name,
      kind: KINDS[name],
      polygon: set.zones[name] ?? [],
    })),
  );

/**
 * Saves the subjects whose zones changed. Each write gives a new `etag`, which the next one must send.
 * @returns what became of the edit: in force, or after a restart
 */
export async function saveZones(
  sets: readonly ZoneSet[],
  { before, after }: { before: readonly EditedZone[]; after: readonly EditedZone[] },
): Promise<'reloaded' | 'restart-needed'> {
  let effect: 'reloaded' | 'restart-needed' = 'reloaded';
  let etag = sets[0]?.etag ?? '';
  for (const set of sets) {
    const changed = ZONES_OF[set.kind].filter((name) => {
      const key = keyOf(set.subject, name);
      return after.find((zone) => zone.key === key)?.polygon !== before.find((zone) => zone.key === key)?.polygon;
    });
    if (changed.length === 0) continue;
    const polygon = (name: ZoneName): Polygon =>
      clockwise(after.find((zone) => zone.key === keyOf(set.subject, name))?.polygon ?? []);
    const zones = Object.fromEntries(
      changed.map((name) => [name, polygon(name).map(([x, y]) => [x, y] as [number, number])]),
    );
    const answer = await call('putZones', { params: { id: set.subject }, body: { zones, etag } });
    etag = answer.zones.etag;
    if (answer.effect === 'restart-needed') effect = answer.effect;
  }
  return effect;
}
