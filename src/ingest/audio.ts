import { boundedQueue } from '../core/boundedQueue.js';
import type { CameraConfig } from '../core/config/schema.js';
import { AppError, messageOf } from '../core/errors.js';
import { type CameraId, cameraId } from '../core/ids.js';
import type { EventMs } from '../core/time.js';
import { initialEventClock, reconnectedEventClock, stepEventClock } from './eventClock.js';
import { audioDecoder, type Decoder, type Sound, type StartDecoder } from './ffmpeg/decoder.js';
import { decodeAudioCommand } from './ffmpeg/ffmpegCommand.js';
import { lastWords, startFfmpeg } from './ffmpeg/ffmpegProcess.js';
import { knockByTcp } from './live/knock.js';
import type { LiveInput } from './live/liveInput.js';
import { recorderClock } from './live/recorderClock.js';
import { runSession, type SessionEnd } from './live/session.js';
import { type Link, type LinkStream, supervise } from './live/supervise.js';
import type { CameraDeps } from './openCamera.js';
import type { RecordingDeps } from './openRecording.js';
import { type AudioItem, flushSound, freshSound, SAMPLE_RATE, type SoundState, stepSound } from './soundChunks.js';

/** The sound of one camera: mono, 16 kHz, whatever the camera sends (AAC, G.711, ...). */
export interface AudioSource {
  camera: CameraId;
  /** Iterate once. */
  items(): AsyncIterable<AudioItem>;
  /** Stops the decoder and waits for its exit. Idempotent. */
  close(): Promise<void>;
}

export type AudioDeps = Omit<CameraDeps, 'startDecoder' | 'measureGop' | 'openScene' | 'pictureHealth'> & {
  startDecoder?: StartDecoder<Sound>;
};

/** A minute of sound waits for a slow listener; then the oldest goes, which shows as a gap in event time. */
const WAITING_CHUNKS = 300;

/**
 * Opens the sound of a live camera over a connection of its own, supervised like its pictures. A camera without sound
 * gives `listening: false` with the reason, and is asked again by the ladder.
 */
export function openAudio(camera: CameraConfig, deps: AudioDeps): AudioSource {
  const id = cameraId(camera.id);
  const stop = new AbortController();
  const signal = deps.signal ? AbortSignal.any([deps.signal, stop.signal]) : stop.signal;
  const queue = boundedQueue<AudioItem>({ capacity: WAITING_CHUNKS, canDrop: (item) => item.type === 'audio' });
  const recorder = deps.recorder ?? recorderClock(deps.clock);
  let running: Promise<void> | undefined;
  let failure: unknown;
  let heard: boolean | undefined;

  const tell = (listening: boolean, reason?: string): void => {
    if (heard === listening) return;
    heard = listening;
    queue.push({ type: 'state', camera: id, at: recorder.now(), listening, ...(reason ? { reason } : {}) });
  };

  const run = async (): Promise<void> => {
    const link: Link = {
      ...{ config: camera, clock: deps.clock, log: deps.log, ingest: deps.ingest, signal, fleet: deps.fleet },
      stats: { frames: 0, dropped: 0, reconnects: 0, lastFrameAt: undefined, keyframeIntervalS: undefined },
      // The link's own health is told by the camera's pictures.
      health: { blame: (_cause, detail) => tell(false, reasonOf(detail)), lost: () => {}, deviceClock: () => {} },
      resolveOnvif: deps.resolveOnvif,
      credentials: deps.credentials ?? (() => undefined),
      random: deps.random ?? Math.random,
      knock: deps.knock ?? knockByTcp,
    };
    const startDecoder = deps.startDecoder ?? audioDecoder(startFfmpeg);
    const settings = { id, startDecoder, now: recorder.now, push: queue.push, heard: () => tell(true) };
    try {
      await supervise(link, soundStream(link, settings));
      if (!signal.aborted) queue.push({ type: 'end', camera: id, at: recorder.now() });
    } catch (error) {
      failure = error;
    }
    queue.end();
  };

  return {
    camera: id,
    async *items() {
      running ??= run();
      yield* queue;
      if (failure) throw failure;
    },
    async close() {
      stop.abort();
      queue.end();
      await running;
    },
  };
}

interface SoundSettings {
  id: CameraId;
  startDecoder: StartDecoder<Sound>;
  now: () => EventMs;
  push: (item: AudioItem) => void;
  heard: () => void;
}

function soundStream(link: Link, { id, startDecoder, now, push, heard }: SoundSettings): LinkStream {
  let clockState = initialEventClock();
  let state: SoundState = freshSound;
  let gave = false;

  const take = ({ ptsMs, samples }: Sound): boolean => {
    const [next, { at }] = stepEventClock(clockState, { ptsMs, receivedAt: now() });
    clockState = next;
    const [sound, items] = stepSound(state, { at, samples }, id);
    state = sound;
    gave = true;
    heard();
    items.forEach(push);
    return true;
  };

  return {
    get gave() {
      return gave;
    },
    run({ input, finite }: LiveInput): Promise<SessionEnd> {
      gave = false;
      clockState = reconnectedEventClock(clockState);
      const { clock, log, signal, ingest } = link;
      return runSession<Sound>({
        ...{ clock, log, signal, startDecoder, finite, changeMode: new AbortController().signal },
        command: decodeAudioCommand(input, SAMPLE_RATE),
        firstWithinMs: 2 * ingest.offlineAfter,
        nextWithinMs: ingest.offlineAfter,
        onSilence: () => 'lost',
        mayWait: (silentMs) => link.fleet?.stalled(silentMs) ?? false,
        onItem: take,
        onStderr: (line) => log.debug({ camera: id, line }, 'ffmpeg sound'),
      });
    },
  };
}

/**
 * Opens the sound of a recorded file, as fast as it is taken, none dropped, the same items on every run. The first sample
 * stands at `startAt`.
 * `items()` throws AppError `bad-input` where the file has no sound that can be decoded.
 */
export function openRecordedAudio(
  camera: CameraConfig,
  path: string,
  startAt: EventMs,
  deps: Omit<RecordingDeps, 'ingest' | 'pictureHealth'>,
): AudioSource {
  const id = cameraId(camera.id);
  const stop = new AbortController();
  const signal = deps.signal ? AbortSignal.any([deps.signal, stop.signal]) : stop.signal;
  let decoder: Decoder<Sound> | undefined;

  async function* read(): AsyncGenerator<AudioItem> {
    const command = decodeAudioCommand({ kind: 'file', path }, SAMPLE_RATE);
    decoder = audioDecoder(startFfmpeg)(command, { clock: deps.clock, log: deps.log, signal });
    let clockState: ReturnType<typeof initialEventClock> | undefined;
    let state: SoundState = freshSound;
    for await (const { ptsMs, samples } of decoder.items) {
      const [next, { at }] = stepEventClock(clockState ?? initialEventClock({ ptsMs, at: startAt }), { ptsMs });
      clockState = next;
      const [sound, items] = stepSound(state, { at, samples }, id);
      state = sound;
      yield* items;
    }
    const exit = await decoder.exited;
    if (signal.aborted) return;
    if (exit.failure) throw exit.failure;
    if (!clockState) throw new AppError('bad-input', `recording ${path}: no sound: ${reasonOf(lastWords(exit))}`);
    yield* flushSound(state, id)[1];
    yield { type: 'end', camera: id, at: state.until ?? startAt };
  }

  return {
    camera: id,
    items: read,
    async close() {
      stop.abort();
      await decoder?.stop();
    },
  };
}

/** ffmpeg's words for a camera without a microphone, in plain ones. */
const reasonOf = (detail: string): string => (/matches no streams/.test(detail) ? 'no sound track' : messageOf(detail));
