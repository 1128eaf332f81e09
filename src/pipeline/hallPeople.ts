import { join } from 'node:path';
import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { BoardDeps } from '../board/createBoard.js';
import type { Clock } from '../core/clock.js';
import type { Config } from '../core/config/schema.js';
import type { Detector } from '../core/detector.js';
import { evaluationId, STAFF_LIST } from '../core/evaluation.js';
import type { CameraId } from '../core/ids.js';
import type { LiveHub } from '../core/live.js';
import type { Logger } from '../core/log.js';
import { eventMs } from '../core/time.js';
import { faceNetworks } from '../detectors/faces/findFaces.js';
import { limitsFrom } from '../detectors/faces/match.js';
import type { InferencePool } from '../detectors/inference/pool.js';
import { arrivalPhotos } from './arrivalPhotos.js';
import { facesPort } from './facesPort.js';
import { type FaceVault, faceVault } from './faceVault.js';
import { hashedFiles } from './hashedFiles.js';
import { keepFor } from './keepFor.js';
import { punchWatch } from './punchWatch.js';
import { roomsPort } from './roomsPort.js';
import { shredOnClose } from './shredOnClose.js';
import { signInWatch } from './signInWatch.js';
import { defaultKeyFolder, templateKeys } from './templateKeys.js';

export interface HallPeopleOptions {
  config: Config;
  ledger: Ledger;
  live: LiveHub;
  pool: InferencePool;
  /** Data folder. */
  data: string;
  clock: Clock;
  log: Logger;
}

/** Everything about persons: their templates, their rooms, their sign-ins. */
export interface HallPeople {
  vault: FaceVault;
  /** What looks at a camera for arrivals; empty where nobody signs in there, or faces are not used. */
  signInDetectors(camera: CameraId): Detector[];
  /** For the board. */
  ports: Required<Pick<BoardDeps, 'rooms' | 'faces' | 'arrivalPhotos'>>;
  close(): void;
}

/** Wires evaluations to faces and rooms. @throws AppError `config` where the keys would lie with the data */
export function hallPeople({ config, ledger, live, pool, data, clock, log }: HallPeopleOptions): HallPeople {
  const keys = templateKeys(config.faces.keys ?? defaultKeyFolder(config.site.id), data);
  const vault = faceVault(ledger, keys);
  const signIns = hashedFiles(join(data, 'sign-ins'));
  const stopSweeping = keepFor(signIns, config.evidence.keep.session, { clock, log, what: 'sign-ins' });
  const stopShredding = shredOnClose(ledger, vault, log);
  const networks = faceNetworks(pool);
  const limits = limitsFrom(config.rules.sealedRoom.faceLimit);
  const signsIn = (camera: CameraId): boolean => config.rooms.some(({ signIn }) => signIn?.camera === camera);
  return {
    vault,
    signInDetectors: (camera) => [
      ...(config.faces.enabled && signsIn(camera)
        ? [signInWatch({ camera, rooms: config.rooms, networks, limits, vault, ledger })]
        : []),
      ...(config.faces.enabled && config.attendance.enabled && config.attendance.camera === camera
        ? [punchWatch({ config, networks, limits, vault, ledger })]
        : []),
    ],
    ports: {
      rooms: roomsPort({ ledger, live, now: () => eventMs(clock.now()) }),
      faces: facesPort(pool, {
        ...{ vault, limits },
        enabled: () => config.faces.enabled,
        isOver: (list) => list !== STAFF_LIST && ledger.evaluations.get(evaluationId(list))?.state === 'closed',
      }),
      arrivalPhotos: arrivalPhotos(signIns),
    },
    close() {
      stopSweeping();
      stopShredding();
    },
  };
}
