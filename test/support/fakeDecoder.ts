import { boundedQueue } from '../../src/core/boundedQueue.js';
import { AppError } from '../../src/core/errors.js';
import type { Decoder, StartDecoder } from '../../src/ingest/ffmpeg/decoder.js';
import type { ToolCommand } from '../../src/ingest/ffmpeg/ffmpegCommand.js';
import type { ChildExit, StartOptions } from '../../src/ingest/ffmpeg/ffmpegProcess.js';

/** One decoder that was started, driven by the test. */
export interface FakeSession<T> {
  command: ToolCommand;
  /** True once the supervision asked it to stop. */
  stopped(): boolean;
  give(item: T): void;
  /** The child says something on standard error. */
  say(line: string): void;
  /** The child ends by itself. */
  end(exit?: Partial<ChildExit>): void;
  /** The output makes no sense: what the decoder throws where a picture changes its size. */
  confuse(): void;
}

/** Decoders that a test drives; `sessions` holds all that were started, oldest first. */
export function fakeDecoders<T>(): { start: StartDecoder<T>; sessions: FakeSession<T>[]; last(): FakeSession<T> } {
  const sessions: FakeSession<T>[] = [];
  const start: StartDecoder<T> = (command, options) => {
    const { decoder, session } = fakeDecoder<T>(command, options);
    sessions.push(session);
    return decoder;
  };
  return { start, sessions, last: () => sessions.at(-1)! };
}

function fakeDecoder<T>(command: ToolCommand, options: StartOptions): { decoder: Decoder<T>; session: FakeSession<T> } {
  const queue = boundedQueue<T | AppError>({ capacity: 1000 });
  const said: string[] = [];
  let stopped = false;
  let resolve: (exit: ChildExit) => void = () => undefined;
  const exited = new Promise<ChildExit>((settle) => {
    resolve = settle;
  });
  const end = (exit: Partial<ChildExit> = {}): void => {
    options.signal?.removeEventListener('abort', stop);
    resolve({ code: 0, signal: null, stopped, stderrTail: [...said], ...exit });
    queue.end();
  };
  const stop = (): Promise<ChildExit> => {
    stopped = true;
    end({ code: null, signal: 'SIGTERM' });
    return exited;
  };
  options.signal?.addEventListener('abort', stop, { once: true });

  async function* items(): AsyncGenerator<T> {
    for await (const item of queue) {
      if (item instanceof AppError) throw item;
      yield item;
    }
  }
  const session: FakeSession<T> = {
    command,
    stopped: () => stopped,
    give: (item) => queue.push(item),
    say(line) {
      said.push(line);
      options.onStderr?.(line);
    },
    end,
    confuse: () => queue.push(new AppError('protocol', 'video: its size changed', { retryable: true })),
  };
  return { decoder: { items: items(), exited, stop }, session };
}
