import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PackageDeps } from '../alerts/evidence/package/packageDeps.js';
import type { HeldLookup } from '../alerts/evidence/retention/units.js';
import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { Clock } from '../core/clock.js';
import type { Config } from '../core/config/schema.js';
import { type EvaluationSession, evaluationId } from '../core/evaluation.js';
import { type CameraId, cameraId, type IncidentId, roomId } from '../core/ids.js';
import type { RecordedFile } from '../core/recording.js';
import type { EventMs } from '../core/time.js';
import { describeFile } from '../ingest/recording/describe.js';
import { spanAt } from '../ingest/recording/layout.js';

/** Cameras of a room, the one with its sound too. */
export function camerasOfRoom(config: Config, room: string): string[] {
  const found = config.rooms.find(({ id }) => id === room);
  if (!found) return [];
  return [...new Set([...found.cameras, ...(found.audio === undefined ? [] : [found.audio])])];
}

/** Finds the evaluations of a camera's rooms. */
export function sessionFinder(config: Config, ledger: Pick<Ledger, 'evaluations'>) {
  const roomsOf = (camera: CameraId): string[] =>
    config.rooms.flatMap(({ id }) => (camerasOfRoom(config, id).includes(camera) ? [id] : []));
  return {
    /** The one that was open at some time of a span. */
    within(camera: CameraId, from: EventMs, to: EventMs): string | undefined {
      for (const room of roomsOf(camera)) {
        const found = ledger.evaluations.list({ room: roomId(room), from, to }).find((one) => wasOpen(one, from, to));
        if (found) return found.id;
      }
      return undefined;
    },
    /** When the one that is open now was opened. */
    openSince: (camera: CameraId): EventMs | undefined =>
      roomsOf(camera)
        .flatMap((room) => ledger.evaluations.list({ room: roomId(room), state: 'open' }))
        .flatMap(({ openedAt }) => openedAt ?? [])[0],
  };
}

const wasOpen = ({ openedAt, closedAt }: EvaluationSession, from: EventMs, to: EventMs): boolean =>
  openedAt !== undefined && openedAt < to && (closedAt ?? Number.POSITIVE_INFINITY) > from;

/** Where what is locked was seen. */
export function evidenceLookup(
  config: Config,
  ledger: Pick<Ledger, 'incidents' | 'evaluations'>,
  eventNow: () => EventMs,
): HeldLookup {
  return {
    incident(id) {
      const incident = ledger.incidents.get(id as IncidentId);
      if (!incident) return undefined;
      const cameras = incident.camera === undefined ? [] : [incident.camera];
      return { cameras, from: incident.start, to: incident.end ?? eventNow() };
    },
    evaluation(id) {
      const session = ledger.evaluations.get(evaluationId(id));
      if (session?.openedAt === undefined) return undefined;
      const [from, to] = [session.openedAt, session.closedAt ?? eventNow()];
      const rooms = session.rooms.map(({ room }) => room);
      const { items } = ledger.incidents.list({ subjects: rooms, from, to }, { limit: 500 });
      const cameras = rooms.flatMap((room) => camerasOfRoom(config, room));
      return { cameras, from, to, incidents: items.map((one) => one.id) };
    },
  };
}

/** What fsck asks about a file below the recordings folder. */
export const describeRecording =
  (folder: string, clock: Clock) =>
  (path: string): RecordedFile | undefined => {
    const span = spanAt(path);
    const now = clock.now();
    return span && describeFile(span, readFileSync(join(folder, path)), { wallStart: now, wallEnd: now, notes: [] });
  };

/** What packages are made from. */
export function packageDeps({
  config,
  data,
  ledger,
  manifests,
  version,
  hasRoom,
}: Pick<PackageDeps, 'data' | 'ledger' | 'manifests' | 'version' | 'hasRoom'> & { config: Config }): PackageDeps {
  const names = new Map<string, string>();
  for (const { id, name } of [...config.cameras, ...config.windows, ...config.rooms]) names.set(id, name ?? id);
  const { id, name, timeZone } = config.site;
  return {
    ...{ data, ledger, manifests, version, site: { id, name, timeZone } },
    ...(hasRoom ? { hasRoom } : {}),
    digest: config.evidence.digest,
    blur: config.evidence.blurExports,
    camerasOf: (room) => camerasOfRoom(config, room).map(cameraId),
    nameOf: (subject) => names.get(subject) ?? subject,
    staffZones: (camera) =>
      config.windows.filter((window) => window.camera === camera).map(({ staffZone }) => staffZone),
  };
}
