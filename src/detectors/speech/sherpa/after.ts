import { type ChildProcess, fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../../core/clock.js';
import { AppError, errnoOf } from '../../../core/errors.js';
import type { AfterSpeech } from '../../../core/speech.js';
import { checkInstalled } from '../models/installed.js';
import { readSpeechManifest, type SpeechNetwork } from '../models/speechManifest.js';
import { isSherpaInstalled } from './library.js';
import { compiledEntry } from './process.js';
import type { FromAfter, ToAfter } from './protocol.js';

export interface SherpaAfterOptions {
  /** Folder of the site's speech networks. */
  root: string;
  clock: Clock;
  networks?: readonly SpeechNetwork[];
}

type Job =
  | { type: 'punctuate'; model: string; texts: string[] }
  | { type: 'voices'; model: string; sounds: Float32Array[] };

/** One request may take this long: loading, and minutes of sound. */
const ANSWER_LIMIT_MS = 120_000;
/** Listening goes first. */
const NICE = 10;

/**
 * Punctuation and voices by the site's networks, in a process of its own: it is started when something is asked, and what
 * happens in it ends no other. Asked again after its end, it is started anew.
 */
export function sherpaAfter({ root, clock, networks = readSpeechManifest() }: SherpaAfterOptions): AfterSpeech {
  let child: ChildProcess | undefined;
  let count = 0;
  const waiting = new Map<number, { resolve: (answer: FromAfter) => void; reject: (error: AppError) => void }>();

  /** Compared byte by byte once for each process that loads them. */
  const compared = new Map<SpeechNetwork['role'], string>();

  const modelOf = async (role: SpeechNetwork['role']): Promise<string> => {
    const network = networks.find((one) => one.role === role);
    const found = network ? await checkInstalled(root, network) : { state: 'missing' as const };
    if (found.state === 'ok') return join(found.folder, network!.files[0]!.path);
    throw found.state === 'damaged'
      ? new AppError('model', `speech network ${network!.name}: ${found.reason}`, {
          hint: 'run `hallwatch models verify`',
        })
      : new AppError('not-found', `speech network for ${role}: none is installed`, {
          hint: 'run `hallwatch models fetch`',
        });
  };

  const stateOf = async (role: SpeechNetwork['role']): Promise<string> => {
    if (!isSherpaInstalled()) return 'no-model';
    try {
      await modelOf(role);
      return 'ready';
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return error.code === 'model' ? 'model-damaged' : 'no-model';
    }
  };

  const comparedModel = async (role: SpeechNetwork['role']): Promise<string> => {
    const known = child && compared.get(role);
    if (known !== undefined) return known;
    const path = await modelOf(role);
    compared.set(role, path);
    return path;
  };

  const start = (): ChildProcess => {
    const started = fork(compiledEntry('afterChild', import.meta.url), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    yieldTo(started);
    started.on('message', (answer: FromAfter) => waiting.get(answer.id)?.resolve(answer));
    const lost = (why: string): void => {
      if (child === started) {
        child = undefined;
        compared.clear();
      }
      for (const { reject } of [...waiting.values()]) {
        reject(new AppError('internal', `after-speech process: ${why}`, { retryable: true }));
      }
    };
    // One that never came to be has no end.
    started.on('error', (error) => lost(error.message));
    started.once('exit', (code, signal) => lost(`ended with ${signal ?? code}`));
    return started;
  };

  const ask = (job: Job): Promise<FromAfter> =>
    new Promise<FromAfter>((resolve, reject) => {
      child ??= start();
      const id = ++count;
      const asked = child;
      const timer = clock.after(ANSWER_LIMIT_MS, () => asked.kill('SIGKILL'));
      const settled = () => {
        timer.cancel();
        waiting.delete(id);
      };
      waiting.set(id, {
        resolve: (answer) => {
          settled();
          resolve(answer);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
      child.send({ id, ...job } satisfies ToAfter, () => undefined);
    });

  return {
    can: async () => ({ punctuation: await stateOf('punctuation'), speakers: await stateOf('speakers') }),
    async punctuate(texts) {
      const answer = await ask({ type: 'punctuate', model: await comparedModel('punctuation'), texts: [...texts] });
      if ('texts' in answer) return answer.texts;
      throw failure(answer);
    },
    async voices(sounds) {
      const answer = await ask({ type: 'voices', model: await comparedModel('speakers'), sounds: [...sounds] });
      if ('voices' in answer) return answer.voices;
      throw failure(answer);
    },
    async rest() {
      const last = child;
      child = undefined;
      compared.clear();
      if (!last || last.exitCode !== null || last.signalCode !== null) return;
      const ended = new Promise((resolve) => last.once('exit', resolve));
      last.kill('SIGKILL');
      await ended;
    },
  };
}

const failure = (answer: FromAfter): AppError =>
  new AppError('internal', `after-speech process: ${'failed' in answer ? answer.failed : 'answered something else'}`);

function yieldTo(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    setPriority(child.pid, NICE);
  } catch (error) {
    // A process that is gone already, or a machine that forbids it: only the order of work is at stake.
    if (errnoOf(error) === undefined) throw error;
  }
}
