import type { Clock, Timer } from '../../core/clock.js';
import type { Logger } from '../../core/log.js';
import type { Picture } from '../ffmpeg/decoder.js';
import { type DecodeUnitsOptions, decodeUnitsCommand } from '../ffmpeg/ffmpegCommand.js';
import { type FfmpegChild, lastWords, type StartFfmpeg } from '../ffmpeg/ffmpegProcess.js';
import { ivfFrameHeader, ivfHeader } from '../ffmpeg/ivf.js';
import { type OutputPair, outputPair } from '../ffmpeg/outputPair.js';
import type { PictureMemory } from './pictureMemory.js';
import { planesReader } from './planesReader.js';

/** One camera that lets its key frames be decoded here. */
export interface DecoderClient {
  onPicture(picture: Picture): void;
  /** A key frame gave no picture. */
  onDamage(): void;
  /** A key frame was replaced by a newer one before the decoder took it. */
  onDropped(): void;
  /** The decoder ended while it had a key frame of this camera in hand. */
  onCrash(): void;
}

/** One child that decodes the key frames of several cameras in turns. */
export interface KeyframeDecoder {
  /** Decodes `data` (Annex B with its parameter sets); the picture comes to the client with this time stamp. */
  decode(client: DecoderClient, unit: { ptsMs: number; data: Uint8Array }): void;
  /** Forgets what waits of a client. */
  leave(client: DecoderClient): void;
  /** Ends the child and waits for its exit. */
  close(): Promise<void>;
}

export interface KeyframeDecoderOptions extends DecodeUnitsOptions {
  start: StartFfmpeg;
  /** Memory for the pictures, which threads share. */
  memory: PictureMemory;
  clock: Clock;
  log: Logger;
}

interface Unit {
  client: DecoderClient;
  ptsMs: number;
  data: Uint8Array;
}

interface Sent extends Unit {
  serial: number;
  sentMs: number;
}

/** Units that the child has and has not answered: enough to keep it busy, few enough to know which one ended it. */
const IN_FLIGHT = 3;
const BEAT_MS = 200;
/**
 * ffmpeg holds the first picture back until it has seen a second one, and so does a stream that reorders its pictures. Where
 * nothing follows, the same unit is sent once more; the second picture of it is thrown away.
 */
const NUDGE_AFTER_MS = 300;
const MOST_NUDGES = 3;
/** A unit that is still unanswered then is damaged, or the child hangs; on a machine that is too busy neither is true sooner. */
const GIVE_UP_AFTER_MS = 10_000;
/** A beat that is this late says that this process stood still, not the child. */
const LATE_BEAT_MS = 1000;
const FIRST_RESTART_MS = 50;
const LONGEST_RESTART_MS = 5000;
/** A child that lived this long was a good one. */
const GOOD_AFTER_MS = 60_000;

/** Makes a decoder; its child is started with the first unit and started again when it ends. */
export function keyframeDecoder(options: KeyframeDecoderOptions): KeyframeDecoder {
  const { clock, log } = options;
  const waiting = new Map<DecoderClient, Unit>();
  let sent: Sent[] = [];
  let child: FfmpegChild | undefined;
  let starting: Promise<void> | undefined;
  let startedMs = 0;
  let crashes = 0;
  let restart: Timer | undefined;
  let serial = 0;
  let nudgedMs = 0;
  let nudges = 0;
  let beatMs = clock.monotonicMs();
  let answered = true;
  let hung = false;
  let closed = false;

  const write = (data: Uint8Array): number => {
    serial += 1;
    // One call of the system for both.
    child!.stdin.cork();
    child!.stdin.write(ivfFrameHeader(data.length, serial));
    child!.stdin.write(data);
    child!.stdin.uncork();
    return serial;
  };

  const pump = (): void => {
    if (closed || restart || starting || waiting.size === 0) return;
    if (!child) {
      starting = startChild().then(pump);
      return;
    }
    while (waiting.size > 0 && sent.length < IN_FLIGHT) {
      const unit = waiting.values().next().value!;
      waiting.delete(unit.client);
      sent.push({ ...unit, serial: write(unit.data), sentMs: clock.monotonicMs() });
    }
  };

  /** Units are answered in their order: one that was passed over gave no picture. */
  const answer = (number: number, planes: Uint8Array): void => {
    const at = sent.findIndex((unit) => unit.serial === number);
    if (at < 0) return;
    const done = sent.splice(0, at + 1);
    const { client, ptsMs } = done.pop()!;
    answered = true;
    nudges = 0;
    for (const unit of done) unit.client.onDamage();
    const { width, height } = options.size;
    client.onPicture({ ptsMs, width, height, yuv: planes });
    pump();
  };

  const gone = (ended: FfmpegChild, words: string): void => {
    if (child !== ended) return;
    child = undefined;
    // A child that hung was stopped by us: nobody's picture ended it.
    const blamed = hung ? undefined : sent[0];
    const others = hung ? sent : sent.slice(1);
    sent = [];
    hung = false;
    answered = true;
    // Those behind it are tried again, unless their cameras have given something newer.
    for (const unit of others) if (!waiting.has(unit.client)) waiting.set(unit.client, unit);
    if (closed) return;
    crashes = clock.monotonicMs() - startedMs > GOOD_AFTER_MS ? 1 : crashes + 1;
    log.warn({ words, crashes }, 'key frame decoder ended, starting again');
    blamed?.client.onCrash();
    // The last client may have gone with its picture.
    if (closed) return;
    restart = clock.after(Math.min(LONGEST_RESTART_MS, FIRST_RESTART_MS * 2 ** (crashes - 1)), () => {
      restart = undefined;
      pump();
    });
  };

  const startChild = async (): Promise<void> => {
    let words: string | undefined;
    const planes = planesReader({
      ...{ size: options.size, memory: options.memory, onPicture: answer },
      onLost(why) {
        words = why;
        void child?.stop();
      },
    });
    const output = await outputPair(planes).catch((error: Error) => {
      log.warn({ error: error.message }, 'no socket for decoded pictures: read from a pipe, which costs more');
      return undefined;
    });
    starting = undefined;
    if (closed) return discard(output);
    const started = options.start(decodeUnitsCommand(options), {
      ...{ clock, log, onStderr: (line) => log.debug({ line }, 'key frame decoder') },
      ...(output ? { output } : {}),
    });
    child = started;
    startedMs = clock.monotonicMs();
    started.stdin.on('error', () => undefined);
    started.stdin.write(ivfHeader(options));
    if (!output) started.stdout.on('data', planes.push);
    const ended = new Promise<void>((resolve) => {
      started.stdout.once('close', resolve);
    });
    void ended.then(() => started.stop()).then((exit) => gone(started, words ?? lastWords(exit)));
  };

  const watch = (): void => {
    const now = clock.monotonicMs();
    const stoodStill = now - beatMs > BEAT_MS + LATE_BEAT_MS;
    beatMs = now;
    if (stoodStill) for (const unit of sent) unit.sentMs = now;
    const [oldest] = sent;
    if (!oldest || !child) return;
    if (now - oldest.sentMs >= GIVE_UP_AFTER_MS) {
      // Later units were answered meanwhile: the child works, this unit does not.
      if (answered) {
        sent.shift();
        oldest.client.onDamage();
        answered = false;
        pump();
      } else {
        hung = true;
        void child.stop();
      }
    } else if (
      nudges < MOST_NUDGES &&
      waiting.size === 0 &&
      now - Math.max(oldest.sentMs, nudgedMs) >= NUDGE_AFTER_MS
    ) {
      nudgedMs = now;
      nudges += 1;
      write(sent.at(-1)!.data);
    }
  };
  const beat = clock.every(BEAT_MS, watch);

  return {
    decode(client, unit) {
      if (closed) return;
      if (waiting.delete(client)) client.onDropped();
      waiting.set(client, { client, ...unit });
      pump();
    },
    leave: (client) => void waiting.delete(client),
    async close() {
      closed = true;
      beat.cancel();
      restart?.cancel();
      waiting.clear();
      await starting;
      // At the end of its input it ends by itself; a child that reads does not hear SIGTERM until something comes.
      child?.stdin.end();
      await child?.stop();
    },
  };
}

function discard(output: OutputPair | undefined): void {
  output?.childEnd.destroy();
  output?.ourEnd.destroy();
}
