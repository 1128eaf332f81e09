import type { Clock, Timer } from '../../core/clock.js';
import { AppError } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import type { StartDecoder } from '../ffmpeg/decoder.js';
import type { ToolCommand } from '../ffmpeg/ffmpegCommand.js';
import { type ChildExit, lastWords } from '../ffmpeg/ffmpegProcess.js';
import { type Blackout, blackoutOf } from './linkHealth.js';

/** How one connection ended. */
export type SessionEnd =
  /** The pictures to decode should be chosen in another way: key frames only, or all. */
  | { kind: 'other-mode' }
  /** The picture changed its size, or the decoder's output made no sense: start again at once. */
  | { kind: 'changed'; detail: string }
  /** No picture for too long, or the connection ended. */
  | { kind: 'lost'; cause: Blackout; detail: string }
  /** A file that was played to its end. */
  | { kind: 'finished' }
  | { kind: 'stopped' };

export interface SessionOptions<T> {
  command: ToolCommand;
  startDecoder: StartDecoder<T>;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
  /** Patience before the first picture and between two, milliseconds. */
  firstWithinMs: number;
  nextWithinMs: number;
  /** What running out of patience means: `other-mode` where key frames may only be rarer than was thought. */
  onSilence: () => 'other-mode' | 'lost';
  /** True where others have been silent for `silentMs` too, so that starting anew would not help. */
  mayWait: (silentMs: number) => boolean;
  /** True for a file, whose end is no fault. */
  finite: boolean;
  /** Ends the session as `other-mode` when it fires. */
  changeMode: AbortSignal;
  /** Return false to end the session as `other-mode`. */
  onItem: (item: T) => boolean;
  onStderr: (line: string) => void;
}

/** The part that tells how long to wait for what. */
type Patience = Pick<SessionOptions<unknown>, 'clock' | 'firstWithinMs' | 'nextWithinMs' | 'onSilence' | 'mayWait'>;

/** Longer than this a silent decoder is not waited for, whatever the cause. */
const LONGEST_WAIT_MS = 60_000;
/** Others fell silent within the same key-frame interval, so their silence is somewhat shorter. */
const SHARED_SHARE = 0.6;
/** A timer that is this late says that this process stood still, not the camera. */
const LATE_TIMER_MS = 2000;

/**
 * Runs one connection from its start to its end. The decoder has exited when it returns.
 * @throws AppError `process` where ffmpeg cannot be started at all
 */
export async function runSession<T>(options: SessionOptions<T>): Promise<SessionEnd> {
  const { clock, log, signal, onStderr } = options;
  const decoder = options.startDecoder(options.command, { clock, log, signal, onStderr });
  let early: SessionEnd | undefined;
  const finish = (end: SessionEnd): void => {
    early ??= end;
    void decoder.stop();
  };
  options.changeMode.addEventListener('abort', () => finish({ kind: 'other-mode' }), { once: true });
  const behind = (): boolean => decoder.behind?.() ?? false;
  const patience = watchSilence({ ...options, behind }, () => finish(silence(options)));
  let items = 0;
  try {
    for await (const item of decoder.items) {
      if (early) break;
      items += 1;
      patience.restart();
      if (!options.onItem(item)) finish({ kind: 'other-mode' });
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    finish({ kind: 'changed', detail: error.message });
  } finally {
    patience.cancel();
  }
  const exit = await decoder.exited;
  if (signal.aborted) return { kind: 'stopped' };
  if (exit.failure && !exit.failure.retryable) throw exit.failure;
  if (early) return early.kind === 'lost' ? { ...early, cause: blackoutOf(exit.stderrTail) } : early;
  if (options.finite && items > 0) return { kind: 'finished' };
  return { kind: 'lost', cause: blackoutOf(exit.stderrTail), detail: endWords(exit) };
}

/** Why the decoder ended, for an operator who does not know ffmpeg. */
function endWords(exit: ChildExit): string {
  // A camera that hangs up leaves a decoder that ended well and said nothing.
  if (exit.code === 0 && exit.stderrTail.length === 0) return 'the stream ended';
  const unopened = exit.stderrTail.some((line) => line.includes('Impossible to open'));
  const words = lastWords(exit).replace(/^pipe:0: /, '');
  return unopened && words.startsWith('Invalid data') ? 'connected, but no valid answer' : words;
}

function silence(options: Patience): SessionEnd {
  if (options.onSilence() === 'other-mode') return { kind: 'other-mode' };
  return { kind: 'lost', cause: 'offline', detail: `nothing for ${options.nextWithinMs / 1000} s` };
}

/** Calls `ranOut` when no picture came in time and waiting on is no use. */
function watchSilence(
  options: Patience & { behind(): boolean },
  ranOut: () => void,
): { restart(): void; cancel(): void } {
  const { clock } = options;
  let timer: Timer | undefined;
  let since = clock.monotonicMs();
  let cancelled = false;

  const arm = (ms: number): void => {
    timer?.cancel();
    if (cancelled) return;
    const due = clock.monotonicMs() + ms;
    timer = clock.after(ms, () => {
      const now = clock.monotonicMs();
      const stoodStill = now - due > LATE_TIMER_MS;
      if (
        stoodStill ||
        options.behind() ||
        (options.mayWait(options.nextWithinMs * SHARED_SHARE) && now - since < LONGEST_WAIT_MS)
      )
        arm(options.nextWithinMs);
      else ranOut();
    });
  };

  arm(options.firstWithinMs);
  return {
    restart() {
      since = clock.monotonicMs();
      arm(options.nextWithinMs);
    },
    cancel() {
      cancelled = true;
      timer?.cancel();
    },
  };
}
