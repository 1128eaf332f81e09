import { boundedQueue } from '../../core/boundedQueue.js';
import type { Clock } from '../../core/clock.js';
import { AppError, messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import type { Decoder, Picture } from '../ffmpeg/decoder.js';
import type { ChildExit, StartFfmpeg, StartOptions } from '../ffmpeg/ffmpegProcess.js';
import { analysisSize } from '../recordingPlan.js';
import type { KeyUnit } from '../rtsp/keyframes.js';
import { type PictureFormat, pictureFormat } from '../rtsp/pictureFormat.js';
import { type NetworkInput, type ReadRhythm, readRhythm, readRtsp } from '../rtsp/rtspReader.js';
import type { VideoTrack } from '../rtsp/sdp.js';
import { type DecoderClient, type KeyframeDecoder, keyframeDecoder } from './keyframeDecoder.js';
import { pictureMemory } from './pictureMemory.js';

export interface KeyframeRequest {
  /** Camera id: one whose pictures have ended a decoder is given one of its own. */
  camera: string;
  input: NetworkInput;
  /** Widest picture wanted, pixels. */
  maxWidth: number;
  /** Key frames closer than this to the one before are not decoded, seconds. */
  minApartS: number;
  /** A picture was replaced by a newer one before it was decoded. */
  onDropped(): void;
}

/** Reads RTSP cameras and decodes their key frames, many cameras to one decoder. Make one for all cameras. */
export interface KeyframeHub {
  /**
   * Opens one camera, in the shape of a decoder of its own. `exited` tells `unsupported` as a failure where the stream is
   * one for ffmpeg's own reader.
   */
  open(request: KeyframeRequest, options: StartOptions): Decoder<Picture>;
  /** Children that run now. */
  readonly decoders: number;
}

export interface KeyframeHubOptions {
  start: StartFfmpeg;
  clock: Clock;
  log: Logger;
  /** Cameras that share one decoder. Default 50: docs/density.md has the measurement. */
  camerasADecoder?: number;
}

/** Sockets are read this often: a picture is judged some tenths of a second later anyhow, and each round of reading has its price. */
const READ_EVERY_MS = 200;
/** A camera on which a decoder ended this often is decoded alone from then on. */
const CRASHES_ALONE = 2;
/** A key frame that came within this time and is not decoded yet is on its way. */
const UNDECODED_MS = 5000;
/**
 * Places for pictures a camera: the newest one, one on its way, and twice as many that are gone and not collected yet. Docs/density.md
 * has what it saves.
 */
const PLACES_A_CAMERA = 4;
/** Pictures that wait for a slow taker. */
const WAITING = 4;

interface Lane {
  decoder: KeyframeDecoder;
  clients: Set<DecoderClient>;
}

/** Makes the hub. Nothing is started before the first camera is opened, and nothing is left when the last one is closed. */
export function keyframeHub({ start, clock, log, camerasADecoder = 50 }: KeyframeHubOptions): KeyframeHub {
  const lanes = new Map<string, Lane[]>();
  const crashes = new Map<string, number>();
  let open = 0;
  const memory = pictureMemory({ most: () => open * PLACES_A_CAMERA });
  let rhythm: ReadRhythm | undefined;

  /** A decoder for these pictures with a place free. */
  const join = (format: PictureFormat, request: KeyframeRequest, client: DecoderClient): Lane => {
    const size = analysisSize({ ...format, codec: format.codec, fps: undefined }, request.maxWidth);
    const alone = (crashes.get(request.camera) ?? 0) >= CRASHES_ALONE ? ` ${request.camera}` : '';
    const key = `${format.kind} ${size.width}x${size.height}${alone}`;
    const same = lanes.get(key) ?? [];
    lanes.set(key, same);
    let lane = same.find(({ clients }) => clients.size < camerasADecoder);
    if (!lane) {
      lane = { decoder: keyframeDecoder({ codec: format.codec, size, start, memory, clock, log }), clients: new Set() };
      same.push(lane);
    }
    lane.clients.add(client);
    return lane;
  };

  const leave = async (lane: Lane, client: DecoderClient): Promise<void> => {
    lane.decoder.leave(client);
    lane.clients.delete(client);
    if (lane.clients.size > 0) return;
    for (const [key, same] of lanes) {
      if (!same.includes(lane)) continue;
      same.splice(same.indexOf(lane), 1);
      if (same.length === 0) lanes.delete(key);
    }
    await lane.decoder.close();
  };

  return {
    get decoders() {
      return [...lanes.values()].reduce((sum, same) => sum + same.length, 0);
    },
    open(request, options) {
      open += 1;
      rhythm ??= readRhythm(clock, READ_EVERY_MS);
      const places: Places = {
        join: (format, client) => join(format, request, client),
        leave,
        crashed: () => void crashes.set(request.camera, (crashes.get(request.camera) ?? 0) + 1),
      };
      const session = openSession(request, options, { rhythm, places });
      void session.exited.then(() => {
        open -= 1;
        if (open > 0) return;
        rhythm?.close();
        rhythm = undefined;
      });
      return session;
    },
  };
}

/** What a session needs of the hub. */
interface Places {
  join(format: PictureFormat, client: DecoderClient): Lane;
  /** Resolves when a decoder that nobody needs any more has ended. */
  leave(lane: Lane, client: DecoderClient): Promise<void>;
  crashed(): void;
}

/** Words by which a damaged picture is known, as ffmpeg says them. */
const DAMAGED = 'Error while decoding: Invalid data found when processing input';

function openSession(
  request: KeyframeRequest,
  { clock, signal: outer, onStderr }: StartOptions,
  { rhythm, places }: { rhythm: ReadRhythm; places: Places },
): Decoder<Picture> {
  const over = new AbortController();
  const signal = outer ? AbortSignal.any([outer, over.signal]) : over.signal;
  const queue = boundedQueue<Picture>({ capacity: WAITING });
  let track: VideoTrack | undefined;
  let format: PictureFormat | undefined;
  let sps: Uint8Array = new Uint8Array(0);
  let lane: Lane | undefined;
  let failure: unknown;
  let lastTicks: number | undefined;
  let undecodedSinceMs: number | undefined;

  const client: DecoderClient = {
    onPicture(picture) {
      undecodedSinceMs = undefined;
      queue.push(picture);
    },
    onDamage: () => onStderr?.(DAMAGED),
    onDropped: request.onDropped,
    onCrash() {
      places.crashed();
      // The next key frame finds its decoder anew, perhaps one of its own.
      if (lane) void places.leave(lane, client);
      lane = undefined;
      onStderr?.(DAMAGED);
    },
  };

  const decode = ({ ticks, data, sps: found }: KeyUnit): void => {
    const rate = track!.clockRate;
    if (lastTicks !== undefined && Math.abs(ticks - lastTicks) < request.minApartS * rate) return;
    lastTicks = ticks;
    if (!format || Buffer.compare(sps, found) !== 0) {
      const next = pictureFormat(track!.codec, found);
      sps = found;
      if (next.kind !== format?.kind && lane) {
        void places.leave(lane, client);
        lane = undefined;
      }
      format = next;
    }
    lane ??= places.join(format, client);
    undecodedSinceMs = clock.monotonicMs();
    lane.decoder.decode(client, { ptsMs: (ticks / rate) * 1000, data });
  };

  const run = async (): Promise<ChildExit> => {
    try {
      await readRtsp({
        ...{ input: request.input, clock, signal, rhythm },
        onTrack(found) {
          track = found;
        },
        onKeyframe(unit) {
          try {
            decode(unit);
          } catch (error) {
            failure ??= error;
            over.abort();
          }
        },
      });
    } catch (error) {
      failure ??= error;
    }
    if (lane) await places.leave(lane, client);
    queue.end();
    return exitOf(failure, signal.aborted);
  };
  const exited = run();

  return {
    items: queue,
    exited,
    behind: () => undecodedSinceMs !== undefined && clock.monotonicMs() - undecodedSinceMs < UNDECODED_MS,
    stop() {
      over.abort();
      return exited;
    },
  };
}

/** How a connection ended, in the shape of a child's end. */
function exitOf(failure: unknown, stopped: boolean): ChildExit {
  if (failure === undefined) return { code: 0, signal: null, stopped, stderrTail: [] };
  const unsupported = failure instanceof AppError && failure.code === 'unsupported' ? { failure } : {};
  return { code: 1, signal: null, stopped: false, stderrTail: [messageOf(failure)], ...unsupported };
}
