import type { Clock } from '../../core/clock.js';
import { cameraId } from '../../core/ids.js';
import { redact, rememberSecret } from '../../core/secrets.js';
import { authorize } from '../access/authorize.js';
import type { cameraRoutes } from '../api/contract/cameras.js';
import type { ConfigFile } from '../configEdit/configFile.js';
import type { Hall } from '../hall/hall.js';
import type { CameraView, LiveView } from '../hall/liveView.js';
import { ApiError } from '../http/apiError.js';
import type { Call, HandlersOf } from '../http/call.js';
import { type CallerDeps, stillSignedIn } from '../http/caller.js';
import { sendVideo } from '../http/sendVideo.js';
import type { CameraPort, SystemPort } from '../ports.js';
import type { ViewRegister } from '../viewRegister.js';
import { cameraEdits } from './cameraEdits.js';
import { type CameraRow, isBound, kindOf } from './cameraRow.js';

export interface CameraAreaDeps {
  hall: () => Hall;
  liveView: LiveView;
  cameras: CameraPort;
  system: SystemPort;
  configFile: ConfigFile;
  views: ViewRegister;
  clock: Clock;
  /** Asked anew while video goes out. */
  caller: CallerDeps;
  /** Folder for camera passwords, one file each. */
  secretsFolder: string;
}

type CameraRoutes = Omit<typeof cameraRoutes, 'listZones' | 'getZones' | 'putZones'>;

/** Cameras: health, pictures, trying and adding. */
export function cameraArea(deps: CameraAreaDeps): HandlersOf<CameraRoutes> {
  const { hall, liveView, cameras, system, views } = deps;
  const objectOf = ({ id }: { id: string }) => {
    if (!hall().camera(id)) throw new ApiError('not-found');
    return { kind: 'camera', id, seesRoom: hall().seesRoom(id) } as const;
  };
  /** Whoever looks into an evaluation room is written down. */
  const register = (call: Pick<Call<'getCameraPicture'>, 'object' | 'principal'>): void => {
    if (call.object.kind === 'camera' && call.object.seesRoom) views.note(call.principal, `camera:${call.object.id}`);
  };
  return {
    listCameras: {
      handle: () => ({ items: liveView.all().cameras.map((live) => rowOf(live, deps)) }),
    },
    getCamera: {
      object: objectOf,
      handle: ({ params: { id } }) => ({
        camera: liveOf(id, deps)!,
        history: system.healthHistory?.(cameraId(id)) ?? [],
        video: cameras.video !== undefined && hasStream(hall().camera(id)?.source ?? ''),
      }),
    },
    getCameraPicture: {
      object: objectOf,
      async handle(call) {
        const picture = await cameras.picture(cameraId(call.params.id), call.signal);
        if (!picture) throw new ApiError('not-found');
        register(call);
        call.response.setHeader('X-Captured-At', String(picture.at));
        call.response.setHeader('Cache-Control', 'no-store');
        call.response.type('image/jpeg').send(Buffer.from(picture.jpeg));
      },
    },
    getCameraVideo: {
      object: objectOf,
      async handle(call) {
        if (!cameras.video) throw new ApiError('unavailable');
        register(call);
        const video = await cameras.video(cameraId(call.params.id), call.signal);
        const allowed = (): boolean =>
          stillSignedIn(call, deps.caller) &&
          authorize(call.principal, 'camera.picture', objectOf(call.params)).allowed;
        await sendVideo(call.response, video, { clock: deps.clock, allowed });
      },
    },
    acceptView: {
      object: objectOf,
      handle({ params: { id } }) {
        if (!cameras.acceptView?.(cameraId(id))) throw new ApiError('unavailable');
        return { ok: true };
      },
    },
    lookNow: {
      object: objectOf,
      async handle(call) {
        if (!cameras.look) throw new ApiError('unavailable');
        register(call);
        const seen = await cameras.look(cameraId(call.params.id), call.body.zones, call.signal);
        return {
          at: seen.at,
          boxes: seen.boxes.map((box) => ({ ...box, box: [...box.box] })),
          zones: seen.zones.map((zone) => ({ ...zone, boxes: zone.boxes.map((box) => [...box]) })),
        };
      },
    },
    ...findingHandlers(deps),
    ...cameraEdits(deps, (id) => liveOf(id, deps)),
  };
}

function findingHandlers(deps: CameraAreaDeps) {
  const { hall, cameras } = deps;
  const handlers: Pick<HandlersOf<CameraRoutes>, 'discoverCameras' | 'probeCamera'> = {
    discoverCameras: {
      async handle({ signal }) {
        if (!cameras.discover) throw new ApiError('unavailable');
        const found = await cameras.discover(signal);
        const known = hall().config.cameras.map((camera) => camera.source);
        return {
          found: found.map(({ address, name, model }) => ({
            address,
            name,
            model,
            known: known.some((source) => source.includes(`//${hostOf(address)}`)),
          })),
        };
      },
    },
    probeCamera: {
      async handle({ body, signal }) {
        if (!cameras.probe) throw new ApiError('unavailable');
        if (body.password !== undefined) rememberSecret(body.password);
        const { jpeg, ...facts } = await cameras.probe(body, signal);
        return {
          ...facts,
          keyframeIntervalS: facts.keyframeIntervalS ?? null,
          clockOffsetS: facts.clockOffsetS ?? null,
          picture: jpeg ? `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}` : null,
        };
      },
    },
  };
  return handlers;
}

/** What stands behind the scheme of a discovered address, up to the first slash. */
const hostOf = (address: string): string => address.replace(/^[a-z]+:\/\//, '').split('/', 1)[0]!;

/** A file and a simulated camera have pictures, but no stream of their own. */
const hasStream = (source: string): boolean => !['file', 'sim'].includes(kindOf(source));

function liveOf(id: string, deps: CameraAreaDeps): CameraRow | undefined {
  const live = deps.liveView.all().cameras.find((camera) => camera.id === id);
  return live && rowOf(live, deps);
}

function rowOf(live: CameraView, { hall, clock, configFile }: CameraAreaDeps): CameraRow {
  const now = hall();
  const { id } = live;
  const configured = now.camera(id);
  if (!configured) throw new ApiError('not-found');
  return {
    id,
    name: configured.name ?? id,
    kind: kindOf(configured.source),
    source: redact(configured.source),
    hasCredentials: configured.credentials !== undefined,
    findings: live.findings,
    lastFrameAt: live.lastFrameAt,
    frameAgeMs: live.lastFrameAt === null ? null : Math.max(0, Math.round(clock.now() - live.lastFrameAt)),
    keyframeIntervalS: live.keyframeIntervalS,
    reconnects: live.reconnects,
    dropped: live.dropped,
    windows: now.windowsOf(id),
    rooms: now.roomsOf(id),
    restartNeeded: configFile.restartNeeded && live.lastFrameAt === null && isBound(configured.source),
  };
}
