import type { Config, WindowConfig } from '../core/config/schema.js';
import type { Detector } from '../core/detector.js';
import type { Frame } from '../core/frame.js';
import type { Box } from '../core/geometry.js';
import type { CameraId, SubjectId } from '../core/ids.js';
import type { Observation } from '../core/observation.js';
import { type DeskSource, deskDetector } from '../detectors/desk/deskDetector.js';
import { faceFinder } from '../detectors/faces/faceFinder.js';
import { faceNetworks } from '../detectors/faces/findFaces.js';
import { limitsFrom } from '../detectors/faces/match.js';
import type { InferencePool } from '../detectors/inference/pool.js';
import type { ObjectFinder } from '../detectors/persons/detectObjects.js';
import { stillFinder } from '../detectors/persons/finders.js';
import { roomDetector } from '../detectors/roomDetector.js';
import { CLAIM_OPTIONS } from '../detectors/sealed/claim.js';
import type { GalleryOf } from '../detectors/sealed/gallery.js';
import { type PersonWatch, personWatch } from '../detectors/sealed/personWatch.js';
import { staffWatch } from '../detectors/service/staffWatch.js';
import { windowDetector } from '../detectors/windowDetector.js';
import { plainDesks } from './deskFolders.js';
import { deskSettingsOf } from './deskWindow.js';
import { around, type HallLooks, type LookPool, looksAlone } from './looks/hallLooks.js';

export interface HallDetectors {
  /** What looks at a camera's pictures, by the zones as they are drawn now; empty where no window and no room uses it. */
  detectorsOf(camera: CameraId): Detector[];
  /** A thorough second look at one window, for the moment before an incident opens. */
  confirm(subject: SubjectId, frame: Frame, signal: AbortSignal): Promise<Observation[]>;
}

/** What following persons needs of the inference pool beside finding them. */
export type HallPool = LookPool & Pick<InferencePool, 'network'>;

export interface HallDetectorOptions {
  /** The persons of rooms are followed, and their faces compared; without it they are counted. */
  galleryOf?: GalleryOf;
  /** How pictures are looked at. Default: each by itself, as recordings are. */
  looks?: HallLooks;
  /** What desks are judged by. Default: the default standard, and nothing to compare with. */
  desks?: DeskSource;
}

/** Seats and rooms want different input sizes; the second look takes its time. */
export function hallDetectors(
  config: Config,
  pool: HallPool,
  { galleryOf, looks = looksAlone(pool), desks = plainDesks() }: HallDetectorOptions = {},
): HallDetectors {
  const { minScore } = config.inference;
  const watchOf = galleryOf && config.rules.sealedRoom.enabled ? roomWatch(config, pool, galleryOf) : undefined;
  const still = stillFinder(pool);
  // Asked anew each time: zones are redrawn while the hall runs.
  const drawn = () => config.windows.filter(watched);

  return {
    detectorsOf(camera) {
      const detectors: Detector[] = [];
      const windows = drawn();
      const own = windows.filter((window) => window.camera === camera);
      if (own.length > 0) {
        const { find, gated } = looks.seats(own);
        detectors.push(gated(windowDetector({ camera, windows, objects: find, minScore })));
      }
      if (config.rooms.some((room) => room.cameras.includes(camera))) {
        const watching = watchOf ? { watchOf } : {};
        detectors.push(roomDetector({ camera, rooms: config.rooms, find: looks.room(), minScore, ...watching }));
      }
      return [...detectors, ...slowLooks(config, pool, { still, desks })(camera)];
    },
    async confirm(subject, frame, signal) {
      const windows = drawn();
      const window = windows.find((candidate) => candidate.id === subject);
      if (!window) return [];
      const objects = within(still, around(window.staffZone));
      const detector = windowDetector({ camera: window.camera, windows, objects, minScore });
      const seen = await detector.observe(frame, signal);
      return seen.filter((observation) => observation.subject === subject && observation.kind === 'staff');
    },
  };
}

/** Desks, smiles, phones: looked at every half minute or so, and not through the gate of the seats. */
function slowLooks(config: Config, pool: HallPool, { still, desks }: { still: ObjectFinder; desks: DeskSource }) {
  const { service, phoneUse, sleeping } = config.rules;
  const watchedDesks = config.windows
    .map((window) => ({ ...window, ...deskSettingsOf(config, window) }))
    .filter((window) => window.enabled && window.deskZone.length > 0);
  const smile =
    service.enabled && service.smile.enabled ? { every: service.smile.every, find: faceFinder(pool) } : undefined;
  const posture =
    phoneUse.enabled || sleeping.enabled
      ? { every: phoneUse.every, find: still, phone: phoneUse.enabled, asleep: sleeping.enabled }
      : undefined;
  const staff = {
    windows: config.windows,
    minScore: config.inference.minScore,
    ...(smile && { smile }),
    ...(posture && { posture }),
  };
  return (camera: CameraId): Detector[] => [
    ...(watchedDesks.some((window) => window.camera === camera)
      ? [deskDetector({ camera, desks: watchedDesks, source: desks, find: still })]
      : []),
    ...((smile || posture) && config.windows.some((window) => window.camera === camera)
      ? [staffWatch({ camera, ...staff })]
      : []),
  ];
}

/** How long a person may be hidden before they are followed no more, ms. */
const FORGET_AFTER_MS = 9000;

/** Follows the persons of a room; each camera of it has a watch of its own. */
function roomWatch(config: Config, pool: HallPool, galleryOf: GalleryOf): (room: string) => PersonWatch {
  const { staleAfter, recheckEvery, faces, faceLimit } = config.rules.sealedRoom;
  const { minScore } = config.inference;
  const tracking = { sureScore: minScore, forgetAfterMs: FORGET_AFTER_MS, staleAfterMs: staleAfter };
  const networks = faceNetworks(pool);
  const claims = { ...CLAIM_OPTIONS, limits: limitsFrom(faceLimit) };
  const comparing = { networks, galleryOf, claims, recheckMs: recheckEvery };
  const used = faces && config.faces.enabled;
  return (room) => personWatch({ room, tracking, ...(used ? { faces: comparing } : {}) });
}

/** A finder that looks at a part of the picture alone. */
const within =
  (find: ObjectFinder, region: Box): ObjectFinder =>
  (picture, options, signal) =>
    find(picture, { ...options, region }, signal);

/** A window whose staff zone is not drawn yet cannot be judged: it stays unknown. */
const watched = (window: WindowConfig): boolean => window.staffZone.length > 0;
