import type { TextKey } from '../locales/all.js';
import type { EditedZone } from '../zones/ZoneCanvas.vue';
import type { AreaKind } from './plan.js';

export const kindText: Record<AreaKind, TextKey> = {
  door: 'areas.kindDoor',
  room: 'areas.kindRoom',
  corridor: 'areas.kindCorridor',
  lounge: 'areas.kindLounge',
};

/** Colours of the canvas: doors yellow, rooms violet, corridors blue, lounges green. */
export const zoneKind: Record<AreaKind, EditedZone['kind']> = {
  door: 'desk',
  room: 'room',
  corridor: 'citizen',
  lounge: 'staff',
};
