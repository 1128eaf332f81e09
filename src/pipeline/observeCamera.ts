import type { Detector } from '../core/detector.js';
import type { Frame } from '../core/frame.js';
import { blinds, type CameraFinding, type HealthEvent } from '../core/health.js';
import type { CameraId } from '../core/ids.js';
import { mapOrdered } from '../core/mapOrdered.js';
import type { Observation } from '../core/observation.js';
import type { CameraSource, SourceItem } from '../core/source.js';
import type { EventMs } from '../core/time.js';

/** What one camera contributed at one moment, in event-time order. */
export type Sighting =
  | { type: 'look'; camera: CameraId; at: EventMs; frame: Frame; observations: Observation[] }
  | { type: 'blind'; camera: CameraId; at: EventMs; reason: CameraFinding }
  | { type: 'health'; camera: CameraId; at: EventMs; event: HealthEvent }
  | { type: 'tick'; camera: CameraId; at: EventMs }
  | { type: 'end'; camera: CameraId; at: EventMs; truncated: boolean };

export interface ObserveOptions {
  /** Asked for each picture. */
  detectors: () => Detector[];
  signal: AbortSignal;
  /** Looks under way at once; more than one only where the source waits for us (recordings). */
  ahead: number;
}

type Gated = Exclude<SourceItem, { type: 'frame' } | { type: 'audio' }> | { type: 'look'; frame: Frame } | Blind;
type Blind = { type: 'blind'; camera: CameraId; at: EventMs; reason: CameraFinding };

/**
 * Runs the detectors over a source. While a blinding finding is raised no network runs: the frame becomes `blind`, so
 * that a covered lens reads as unknown and never as an empty seat.
 */
export async function* observeCamera(source: CameraSource, options: ObserveOptions): AsyncGenerator<Sighting> {
  yield* mapOrdered(gate(source), (item) => see(item, options), options.ahead);
}

async function* gate(source: CameraSource): AsyncGenerator<Gated> {
  const blinding = new Set<CameraFinding>();
  for await (const item of source.items()) {
    if (item.type === 'audio') continue;
    if (item.type === 'frame') {
      const [reason] = blinding;
      const { camera, at } = item.frame;
      yield reason === undefined ? { type: 'look', frame: item.frame } : { type: 'blind', camera, at, reason };
      continue;
    }
    yield item;
    if (item.type !== 'health' || !blinds(item.event.finding)) continue;
    const { camera, at, finding, state } = item.event;
    if (state === 'raised') {
      blinding.add(finding);
      yield { type: 'blind', camera, at, reason: finding };
    } else blinding.delete(finding);
  }
}

async function see(item: Gated, { detectors, signal }: ObserveOptions): Promise<Sighting> {
  if (item.type === 'health')
    return { type: 'health', camera: item.event.camera, at: item.event.at, event: item.event };
  if (item.type !== 'look') return item;
  const { frame } = item;
  const found = await Promise.all(detectors().map((detector) => detector.observe(frame, signal)));
  return { type: 'look', camera: frame.camera, at: frame.at, frame, observations: found.flat() };
}
