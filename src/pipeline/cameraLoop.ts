import type { Detector } from '../core/detector.js';
import { messageOf } from '../core/errors.js';
import type { Frame } from '../core/frame.js';
import type { CameraFinding, HealthEvent } from '../core/health.js';
import type { CameraLive, LiveHub } from '../core/live.js';
import type { Logger } from '../core/log.js';
import type { CameraSource } from '../core/source.js';
import { type EventMs, eventMs } from '../core/time.js';
import type { HallRecorder } from './hallRecorder.js';
import type { Judge } from './judge.js';
import { notBehind, stepBehind } from './looks/behind.js';
import { observeCamera, type Sighting } from './observeCamera.js';

export interface CameraLoopOptions {
  source: CameraSource;
  /** What looks at the next picture; another list once zones were redrawn. */
  detectors: () => Detector[];
  judge: Judge;
  recorder: HallRecorder;
  hub: LiveHub;
  /** The newest picture of each camera, for snapshots and the board. */
  pictures: Map<string, Frame>;
  /** Findings of this camera, shared with what listens to its sound. */
  findings?: Set<CameraFinding>;
  log: Logger;
  signal: AbortSignal;
  /** The picture must be this wide for the faces that are looked for in it, pixels; less is a finding. */
  leastWidth?: number | undefined;
  onSighting?: ((sighting: Sighting) => void) | undefined;
}

/** Ticks come so far apart; what falls due before the next one asks for a tick of its own. */
const TICK_MS = 1000;

/** How often a healthy camera's facts are told to the board, ms of event time. */
const TELL_EVERY_MS = 10_000;

/**
 * One camera from its source to the ledger. Its items are handled one after the other, so that a slow look delays and
 * never reorders. Resolves when the source ends or the signal fires, with the event time it came to;
 * a look that fails turns its subjects unknown.
 */
export async function cameraLoop(options: CameraLoopOptions): Promise<EventMs | undefined> {
  const { source, judge, recorder, hub, pictures, log, signal } = options;
  const findings = options.findings ?? new Set<CameraFinding>();
  let toldAt = eventMs(0);

  const tell = (at: EventMs): void => {
    const { lastFrameAt, keyframeIntervalS, reconnects, dropped } = source.stats();
    const camera: CameraLive = {
      ...{ id: source.camera, findings: [...findings], lastFrameAt, keyframeIntervalS, reconnects, dropped },
    };
    hub.publish({ type: 'camera', camera }, at);
    toldAt = at;
  };

  const note = (event: HealthEvent): void => {
    if (event.state === 'raised') findings.add(event.finding);
    else findings.delete(event.finding);
    log.info({ ...event }, 'camera health');
    recorder.health(event);
    recorder.camera(source.camera, [...findings], event.at);
    tell(event.at);
  };

  /** Told, but the camera is not blind: what it sees late is still seen, and what is too old turns unknown by itself. */
  let late = notBehind;
  const watchDrops = (at: EventMs): void => {
    const [next, changed] = stepBehind(late, { at, dropped: source.stats().dropped });
    late = next;
    const state = changed ? 'raised' : 'cleared';
    if (changed !== undefined) note({ camera: source.camera, finding: 'detector-behind', state, at });
  };

  const watchWidth = ({ width, at }: Frame): void => {
    const small = width < (options.leastWidth ?? 0);
    if (small === findings.has('small-faces')) return;
    const detail = `${width} px wide, ${options.leastWidth} needed`;
    note({ camera: source.camera, finding: 'small-faces', state: small ? 'raised' : 'cleared', at, detail });
  };

  let reached: EventMs | undefined;
  const looking = { detectors: carefully(options.detectors, log), signal, ahead: 1 };
  for await (const sighting of observeCamera(source, looking)) {
    if (signal.aborted) return reached;
    reached = sighting.at;
    if (sighting.type === 'look') {
      pictures.set(source.camera, sighting.frame);
      watchWidth(sighting.frame);
    }
    if (sighting.type === 'tick') watchDrops(sighting.at);
    if (sighting.type === 'health') note(sighting.event);
    else if (sighting.at - toldAt >= TELL_EVERY_MS) tell(sighting.at);
    recorder.keep(await judge.feed(sighting), sighting.at);
    if (sighting.type === 'tick' && source.wake) {
      for (const instant of judge.due(source.camera, sighting.at, TICK_MS)) source.wake(instant);
    }
    options.onSighting?.(sighting);
  }
  return reached;
}

/** The detectors as they are now, each made forgiving once. */
function carefully(detectors: () => Detector[], log: Logger): () => Detector[] {
  let made: Detector[] | undefined;
  let careful: Detector[] = [];
  return () => {
    const now = detectors();
    if (now !== made) careful = now.map((detector) => forgiving(detector, log));
    made = now;
    return careful;
  };
}

/** A detector whose failure costs one look and not the camera: no observation, so that the value goes stale. */
function forgiving(detector: Detector, log: Logger): Detector {
  return {
    kind: detector.kind,
    async observe(frame, signal) {
      try {
        return await detector.observe(frame, signal);
      } catch (error) {
        if (!signal.aborted)
          log.warn({ camera: frame.camera, detector: detector.kind, error: messageOf(error) }, 'look failed');
        return [];
      }
    },
  };
}
