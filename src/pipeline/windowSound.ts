import type { Clock, Timer } from '../core/clock.js';
import type { Config } from '../core/config/schema.js';
import type { CourtesyOutcome } from '../core/courtesy.js';
import { messageOf } from '../core/errors.js';
import { roomId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import type { ServiceSession } from '../core/service.js';
import type { SpeechEngine, SpeechEvent } from '../core/speech.js';
import { type EventMs, eventMs, plusMs } from '../core/time.js';
import { judgeCourtesy } from '../detectors/speech/courtesy.js';
import type { AudioSource } from '../ingest/audio.js';
import { initialSoundHealth, isPoorSound, type SoundHealth, stepSoundHealth } from '../ingest/health/soundHealth.js';

export interface HallCourtesyOptions {
  config: Config;
  engine: SpeechEngine;
  /** Opens the sound of the camera that hears a window. */
  openSound(camera: string): AudioSource | undefined;
  keep(outcome: CourtesyOutcome): void;
  clock: Clock;
  log: Logger;
}

/** What listens at windows for polite phrases. Nothing that was said there is written anywhere. */
export interface HallCourtesy {
  /** A session is over: it is judged once what was said after it is known. */
  sessionEnded(session: ServiceSession): void;
  close(): Promise<void>;
}

/** What was said is forgotten after this: longer than a service with its judging. */
const REMEMBERED_MS = 45 * 60_000;
/** Transcripts come after their sound. */
const JUDGE_AFTER_MS = 30_000;
/** The demonstration engine writes pinyin, which tells no phrase: its listening counts for nothing here. */
const writesCharacters = (engine: SpeechEngine): boolean => engine.name !== 'builtin' && engine.name !== 'none';

interface Ear {
  source: AudioSource;
  said: SpeechEvent[];
  listened: Array<{ start: EventMs; end: EventMs }>;
  done: Promise<void>;
}

/** Listens at every window that names its sound, where the hall has switched courtesy on and hung its notice. */
export function hallCourtesy(options: HallCourtesyOptions): HallCourtesy {
  const { config, engine, keep, clock, log } = options;
  const { courtesy } = config.rules;
  const ears = new Map<string, Ear>();
  const timers = new Set<Timer>();
  const listening = courtesy.enabled ? config.windows.filter(({ audio }) => audio !== undefined) : [];
  for (const { id, audio } of listening) {
    const source = options.openSound(audio!);
    if (source) ears.set(id, openEar(id, source, engine, log));
  }

  const judge = ({ window, start, end, waitMs }: ServiceSession): void => {
    const ear = ears.get(window);
    if (!ear) return;
    const heard = writesCharacters(engine) ? { said: ear.said, listened: ear.listened } : { said: [], listened: [] };
    try {
      keep(judgeCourtesy({ window, start, end, waited: waitMs > courtesy.within }, heard, courtesy));
    } catch (error) {
      log.error({ window, error: messageOf(error) }, 'courtesy of a session could not be kept');
    }
  };

  return {
    sessionEnded(session) {
      if (session.kind !== 'served' || !ears.has(session.window)) return;
      const timer = clock.after(JUDGE_AFTER_MS, () => {
        timers.delete(timer);
        judge(session);
      });
      timers.add(timer);
    },
    async close() {
      for (const timer of timers) timer.cancel();
      await Promise.all([...ears.values()].map(({ source, done }) => source.close().then(() => done)));
    },
  };
}

function openEar(window: string, source: AudioSource, engine: SpeechEngine, log: Logger): Ear {
  const stream = engine.open(roomId(`window.${window}`), { keywords: [] });
  const ear: Ear = { source, said: [], listened: [], done: Promise.resolve() };

  const forget = (at: EventMs): void => {
    const since = plusMs(at, -REMEMBERED_MS);
    ear.said = ear.said.filter(({ end }) => end > since);
    ear.listened = ear.listened.filter(({ end }) => end > since);
  };
  const hear = async (): Promise<void> => {
    for await (const event of stream.events()) ear.said.push(event);
  };
  const run = async (): Promise<void> => {
    const hearing = hear();
    let health: SoundHealth = initialSoundHealth;
    try {
      for await (const item of source.items()) {
        if (item.type !== 'audio') continue;
        const { at, samples, sampleRate } = item.chunk;
        const end = eventMs(Math.round(at + (samples.length * 1000) / sampleRate));
        [health] = stepSoundHealth(health, item.chunk);
        stream.write(item.chunk);
        // What nobody could have understood was not listened to: a phrase in it is unknown, never missing.
        if (isPoorSound(health)) continue;
        const last = ear.listened.at(-1);
        if (last && Math.abs(at - last.end) < 500) last.end = end;
        else {
          forget(at);
          ear.listened.push({ start: at, end });
        }
      }
    } catch (error) {
      log.error({ window, error: messageOf(error) }, 'sound of a window ended');
    }
    await stream.close();
    await hearing;
  };
  ear.done = run();
  return ear;
}
