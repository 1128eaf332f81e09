import type { cameraRoutes } from '../api/contract/cameras.js';
import type { AnswerOf } from '../api/contract.js';
import type { ConfigFile } from '../configEdit/configFile.js';
import type { Hall, Subject } from '../hall/hall.js';
import { ApiError } from '../http/apiError.js';
import type { HandlersOf } from '../http/call.js';
import { rounded } from './drawing.js';

export interface ZoneAreaDeps {
  hall: () => Hall;
  configFile: ConfigFile;
}

type ZoneSet = AnswerOf<'getZones'>;
type Polygons = ZoneSet['zones'];

const WINDOW_ZONES: readonly string[] = ['staffZone', 'citizenZone', 'deskZone'];
const ROOM_ZONES: readonly string[] = ['zone'];

/** Polygons of windows and rooms. The configuration file stays their source; the editor edits the file. */
export function zoneArea(
  deps: ZoneAreaDeps,
): HandlersOf<Pick<typeof cameraRoutes, 'listZones' | 'getZones' | 'putZones'>> {
  const { hall, configFile } = deps;
  const objectOf = ({ id }: { id: string }) => {
    const { kind } = hall().subject(id);
    if (kind === 'unknown') throw new ApiError('not-found');
    return { kind: 'subject', id, subjectKind: kind } as const;
  };
  const setOf = (subject: Subject): ZoneSet => ({
    subject: subject.id,
    name: subject.name,
    kind: subject.kind === 'room' ? 'room' : 'window',
    cameras: subject.cameras,
    zones: polygonsOf(subject, hall()),
    etag: configFile.etag(),
  });
  return {
    listZones: { handle: () => ({ items: hall().subjects.map(setOf) }) },
    getZones: { object: objectOf, handle: ({ params }) => setOf(hall().subject(params.id)) },
    putZones: {
      object: objectOf,
      handle({ params, body }) {
        const subject = hall().subject(params.id);
        const names = subject.kind === 'room' ? ROOM_ZONES : WINDOW_ZONES;
        const strange = Object.keys(body.zones).find((name) => !names.includes(name));
        if (strange)
          throw new ApiError('bad-input', { fields: [{ path: `zones.${strange}`, message: 'unknown zone' }] });
        const list = subject.kind === 'room' ? 'rooms' : 'windows';
        const effect = configFile.edit(body.etag, (written) => {
          const index = written.indexOf(list, subject.id);
          return Object.entries(body.zones).map(([name, polygon]) => ({
            path: [list, index, name],
            value: (polygon ?? []).map(rounded),
          }));
        });
        const zones = { ...setOf(subject), zones: { ...polygonsOf(subject, hall()), ...body.zones } };
        return { zones, effect };
      },
    },
  };
}

function polygonsOf(subject: Subject, hall: Hall): Polygons {
  const window = hall.window(subject.id);
  if (window) return { staffZone: window.staffZone, citizenZone: window.citizenZone, deskZone: window.deskZone };
  return { zone: hall.room(subject.id)?.zone ?? [] };
}
