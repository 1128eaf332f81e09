import type { CameraConfig } from '../core/config/schema.js';
import type { Detector } from '../core/detector.js';
import { messageOf } from '../core/errors.js';
import type { Frame } from '../core/frame.js';
import type { CameraFinding } from '../core/health.js';
import { type CameraId, cameraId } from '../core/ids.js';
import type { LiveHub } from '../core/live.js';
import type { Logger } from '../core/log.js';
import type { CameraSource } from '../core/source.js';
import type { EventMs } from '../core/time.js';
import { cameraLoop } from './cameraLoop.js';
import type { HallRecorder } from './hallRecorder.js';
import type { Judge } from './judge.js';
import type { Sighting } from './observeCamera.js';
import type { HallSources } from './openHallCameras.js';

export interface HallLoopsOptions {
  sources: Pick<HallSources, 'open' | 'forget'>;
  /** What looks at a camera's pictures by the configuration as it stands. */
  detectorsOf(camera: CameraId): Detector[];
  /** How wide a camera's picture must be for the faces in it, pixels; undefined where none is looked for. */
  leastWidthOf?(camera: CameraId): number | undefined;
  judge: Judge;
  recorder: HallRecorder;
  hub: LiveHub;
  /** The newest picture of each camera. */
  pictures: Map<string, Frame>;
  log: Logger;
  signal: AbortSignal;
  onSighting(sighting: Sighting): void;
}

/** The cameras that run now, each with its loop from the source to the ledger. */
export interface HallLoops {
  readonly sources: CameraSource[];
  findingsOf(camera: CameraId): Set<CameraFinding>;
  open(camera: CameraConfig): void;
  /**
   * Closes a camera and waits for it. From the last moment that it gave on its subjects are unknown, and what was found
   * wrong with it is found no more.
   */
  close(camera: string): Promise<void>;
  /** Looks at a camera's next picture by the zones as they are drawn now. */
  redraw(camera: string): void;
  /** Waits for all loops, once the signal has fired. */
  closeAll(): Promise<void>;
}

interface Running {
  source: CameraSource;
  detectors: Detector[];
  done: Promise<EventMs | undefined>;
}

/** Makes the loops; nothing runs before a camera is opened. */
export function hallLoops(options: HallLoopsOptions): HallLoops {
  const { sources, detectorsOf, leastWidthOf, judge, recorder, hub, pictures, log, signal, onSighting } = options;
  const running = new Map<string, Running>();
  // Kept over a reopening: what listens to a camera's sound holds the same set.
  const findings = new Map<string, Set<CameraFinding>>();
  const findingsOf = (camera: CameraId): Set<CameraFinding> => {
    const known = findings.get(camera) ?? new Set<CameraFinding>();
    findings.set(camera, known);
    return known;
  };

  const loop = async (id: CameraId, own: Running): Promise<EventMs | undefined> => {
    try {
      return await cameraLoop({
        ...{ source: own.source, detectors: () => own.detectors, judge, recorder, hub, pictures },
        ...{ findings: findingsOf(id), leastWidth: leastWidthOf?.(id), log, signal, onSighting },
      });
    } catch (error) {
      if (!signal.aborted) log.error({ camera: id, error: messageOf(error) }, 'camera loop ended');
      return undefined;
    }
  };

  /** What nobody looks at any more is not known any more. */
  const leave = async (camera: CameraId, at: EventMs): Promise<void> => {
    const open = findingsOf(camera);
    for (const finding of open) recorder.health({ camera, finding, state: 'cleared', at });
    open.clear();
    recorder.camera(camera, [], at);
    const nothing = { findings: [], lastFrameAt: undefined, keyframeIntervalS: undefined, reconnects: 0, dropped: 0 };
    hub.publish({ type: 'camera', camera: { id: camera, ...nothing } }, at);
    recorder.keep(await judge.feed({ type: 'blind', camera, at, reason: 'offline' }), at);
    pictures.delete(camera);
  };

  return {
    get sources() {
      return [...running.values()].map(({ source }) => source);
    },
    findingsOf,
    open(camera) {
      const id = cameraId(camera.id);
      const own: Running = {
        source: sources.open(camera),
        detectors: detectorsOf(id),
        done: Promise.resolve(undefined),
      };
      own.done = loop(id, own);
      running.set(camera.id, own);
    },
    async close(camera) {
      const own = running.get(camera);
      if (!own) return;
      running.delete(camera);
      await own.source.close();
      const reached = await own.done;
      await sources.forget(camera);
      if (reached !== undefined && !signal.aborted) await leave(cameraId(camera), reached);
    },
    redraw(camera) {
      const own = running.get(camera);
      if (own) own.detectors = detectorsOf(cameraId(camera));
    },
    async closeAll() {
      await Promise.all([...running.values()].map(({ source }) => source.close()));
      await Promise.all([...running.values()].map(({ done }) => done));
    },
  };
}
