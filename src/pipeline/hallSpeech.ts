import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { Clock } from '../core/clock.js';
import type { Config, RoomConfig } from '../core/config/schema.js';
import type { CameraFinding } from '../core/health.js';
import { type CameraId, roomId } from '../core/ids.js';
import type { AlertStep } from '../core/incident.js';
import type { Logger } from '../core/log.js';
import type { Observation } from '../core/observation.js';
import type { SpeechEngine } from '../core/speech.js';
import type { EventMs } from '../core/time.js';
import type { AudioSource } from '../ingest/audio.js';
import type { SoundChange } from '../ingest/health/soundHealth.js';
import type { HallRecorder } from './hallRecorder.js';
import type { Judge } from './judge.js';
import { type RoomSound, roomSound } from './roomSound.js';
import { endOwedClips, type SoundClipsOptions } from './speechClips.js';
import type { HallWords } from './speechWords.js';

export interface HallSpeechOptions {
  config: Config;
  engine: SpeechEngine;
  words: HallWords;
  ledger: Pick<Ledger, 'transcripts' | 'snapshots' | 'soundClips'>;
  judge: Judge;
  recorder: HallRecorder;
  /** Folder of the evidence. */
  evidenceFolder: string;
  /** Told of each sound clip, so that it is signed for, and of those that could not be written. */
  clips?: Pick<SoundClipsOptions, 'onFile' | 'onFailure'>;
  /** Opens the sound of a room; undefined where it has none. */
  openSound(room: RoomConfig): { source: AudioSource; now?: () => EventMs } | undefined;
  /** Findings of each camera, shared with what watches its pictures. */
  findings(camera: CameraId): Set<CameraFinding>;
  clock: Clock;
  log: Logger;
}

/** Everything that listens in the hall. */
export interface HallSpeech {
  engine: SpeechEngine;
  /** A step is in the ledger. */
  onStep(step: AlertStep): void;
  levelDb(room: string): number | undefined;
  close(): Promise<void>;
}

/** What rooms say of themselves but the ledger keeps elsewhere: words in incidents, text in transcripts. */
const KEPT_ELSEWHERE = new Set<string>(['speech', 'transcript']);

/** Listens to every room that has sound, each by itself: one that fails leaves the others alone. */
export function hallSpeech(options: HallSpeechOptions): HallSpeech {
  const { config, engine, words, ledger, judge, recorder, clock, log } = options;

  const hear = async (observations: Observation[], at: EventMs): Promise<void> => {
    const judgement = await judge.hear(observations);
    const kept = judgement.observations.filter(({ kind }) => !KEPT_ELSEWHERE.has(kind));
    recorder.keep({ ...judgement, observations: kept }, at);
  };
  const health = (camera: CameraId, { finding, state, at }: SoundChange): void => {
    const findings = options.findings(camera);
    if (state === 'raised') findings.add(finding);
    else findings.delete(finding);
    log.info({ camera, finding, state, at }, 'sound health');
    recorder.health({ camera, finding, state, at });
    recorder.camera(camera, [...findings], at);
  };

  endOwedClips(ledger);
  const rooms = new Map<string, RoomSound>();
  if (config.rules.speech.enabled) {
    for (const room of config.rooms) {
      const opened = options.openSound(room);
      if (!opened) continue;
      const clips = { folder: options.evidenceFolder, ledger, log, ...options.clips };
      const { fuzzy } = config.rules.speech;
      const parts = { engine, words, ledger, clips, fuzzy, clock, hear, health, ...opened };
      rooms.set(room.id, roomSound({ room: roomId(room.id), log: log.child({ room: room.id }), ...parts }));
    }
  }

  return {
    engine,
    onStep(step) {
      if (step.rule === 'speech') rooms.get(step.subject)?.onStep(step);
    },
    levelDb: (room) => rooms.get(room)?.levelDb(),
    async close() {
      await Promise.all([...rooms.values()].map((room) => room.close()));
      await engine.close();
    },
  };
}
