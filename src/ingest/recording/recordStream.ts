import type { CameraId } from '../../core/ids.js';
import { fragmentReader, type StreamedFragment } from '../../core/mp4/reader.js';
import { plusMs } from '../../core/time.js';
import { initialEventClock, reconnectedEventClock, stepEventClock } from '../eventClock.js';
import type { Decoder, StartDecoder } from '../ffmpeg/decoder.js';
import { recordCommand } from '../ffmpeg/ffmpegCommand.js';
import type { FfmpegChild, StartFfmpeg } from '../ffmpeg/ffmpegProcess.js';
import type { LiveInput } from '../live/liveInput.js';
import type { RecorderClock } from '../live/recorderClock.js';
import { runSession, type SessionEnd } from '../live/session.js';
import type { Link, LinkStream } from '../live/supervise.js';
import type { TimedFragment } from './fileWriter.js';

export interface RecordStreamOptions {
  camera: CameraId;
  /** The clock of the analysis, so that a picture has one time on both ways. */
  recorder: RecorderClock;
  start: StartFfmpeg;
  /** A connection begins to give; `notes` say what was done to its sound. */
  onBegin(notes: readonly string[]): void;
  onFragment(fragment: TimedFragment): void;
  onEnd(end: SessionEnd): void;
}

/** What ffmpeg says of sound that MP4 cannot hold: G.711 and other telephone codings. */
const UNFIT_SOUND = /not currently supported in container|Could not find tag for codec|codec not supported/i;
const ENCODED_SOUND = 'sound-encoded-as-aac';

/** Copies the pictures and the sound of one camera across its connections. */
export function recordStream(link: Link, options: RecordStreamOptions): LinkStream {
  const { camera, recorder } = options;
  let sound: 'copy' | 'aac' = 'copy';
  let clockState = initialEventClock();
  let gave = false;

  const take = (fragment: StreamedFragment): boolean => {
    // Held against the clock at its end: only when the next picture is there does ffmpeg let a fragment go.
    const ptsMs = fragment.startMs + fragment.durationMs;
    const [next, { at: end }] = stepEventClock(clockState, { ptsMs, receivedAt: recorder.now() });
    clockState = next;
    if (!gave) options.onBegin(sound === 'aac' ? [ENCODED_SOUND] : []);
    gave = true;
    options.onFragment({ ...fragment, at: plusMs(end, -Math.round(fragment.durationMs)) });
    return true;
  };

  return {
    get gave() {
      return gave;
    },
    async run({ input, finite }: LiveInput): Promise<SessionEnd> {
      gave = false;
      clockState = reconnectedEventClock(clockState);
      const { clock, log, signal, ingest, fleet } = link;
      let unfit = false;
      const end = await runSession<StreamedFragment>({
        ...{ clock, log, signal, finite, startDecoder: fragmentDecoder(options.start) },
        changeMode: new AbortController().signal,
        command: recordCommand(input, sound),
        // The first fragment takes a key frame, a second of pictures, and what ffmpeg studies before it begins.
        firstWithinMs: 3 * ingest.offlineAfter,
        nextWithinMs: ingest.offlineAfter,
        onSilence: () => 'lost',
        mayWait: (silentMs) => fleet?.stalled(silentMs) ?? false,
        onItem: take,
        onStderr: (line) => {
          unfit ||= UNFIT_SOUND.test(line);
          log.debug({ camera, line }, 'ffmpeg recording');
        },
      });
      if (!gave && unfit && sound === 'copy') {
        sound = 'aac';
        return { kind: 'other-mode' };
      }
      options.onEnd(end);
      return end;
    },
  };
}

/** Makes the function that starts `recordCommand` and cuts its output into fragments. */
export const fragmentDecoder =
  (start: StartFfmpeg): StartDecoder<StreamedFragment> =>
  (command, options): Decoder<StreamedFragment> => {
    const child = start(command, options);
    return { items: fragmentsOf(child), exited: child.exited, stop: child.stop };
  };

async function* fragmentsOf(child: FfmpegChild): AsyncGenerator<StreamedFragment> {
  const reader = fragmentReader();
  try {
    for await (const chunk of child.stdout) yield* reader.push(chunk);
  } catch (error) {
    // Stopping destroys the pipe under the reader; that is an end and no fault.
    if (!child.stdout.destroyed) throw error;
  } finally {
    void child.stop();
  }
}
