import { fileURLToPath } from 'node:url';
import type { Clock } from '../../core/clock.js';
import type { CameraConfig } from '../../core/config/schema.js';
import { parseDuration } from '../../core/duration.js';
import { AppError } from '../../core/errors.js';
import { cameraId } from '../../core/ids.js';
import type { Logger } from '../../core/log.js';
import { type EventMs, plusMs } from '../../core/time.js';
import type { AudioSource } from '../audio.js';
import { audioDecoder } from '../ffmpeg/decoder.js';
import { decodeAudioCommand } from '../ffmpeg/ffmpegCommand.js';
import { lastWords, startFfmpeg } from '../ffmpeg/ffmpegProcess.js';
import { type AudioItem, SAMPLE_RATE } from '../soundChunks.js';
import type { Pacer } from './pacer.js';
import { loopOffset, type Scene } from './script.js';

export interface SceneSoundDeps {
  scene: Scene;
  /** Event time of the first sample. */
  startAt: EventMs;
  /** Event time at which a loop of the scene began. */
  anchorAt: EventMs;
  pacer: Pacer;
  clock: Clock;
  log: Logger;
  signal?: AbortSignal;
}

const CHUNK_MS = 200;
const CHUNK = (SAMPLE_RATE * CHUNK_MS) / 1000;
/** A quiet room: noise of about -60 dB of full scale. */
const NOISE = 0.0017;
const voiceFolder = fileURLToPath(new URL('./voice/', import.meta.url));

/**
 * The sound of a simulated room: a quiet room in which the lines of its script are said, in event time, paced with the
 * pictures. A hall scene has only its noise. `items()` throws AppError `bad-input` where a line's sound cannot be read.
 */
export function openSceneSound(camera: CameraConfig, deps: SceneSoundDeps): AudioSource {
  const id = cameraId(camera.id);
  // A pace of its own: pictures and sound of one camera are two streams.
  const pace = cameraId(`${camera.id}.sound`);
  const stop = new AbortController();
  const signal = deps.signal ? AbortSignal.any([deps.signal, stop.signal]) : stop.signal;
  const { scene, startAt, anchorAt, pacer } = deps;

  async function* read(): AsyncGenerator<AudioItem> {
    try {
      const said = scene.kind === 'room' ? await readLines(scene.speech, deps, signal) : [];
      const noise = roomNoise();
      for (let at = startAt; !signal.aborted; at = plusMs(at, CHUNK_MS)) {
        const samples = mixed(noise, said, loopOffset(scene, at - anchorAt));
        // Sound exists once its last sample has been said.
        await pacer.reach(pace, plusMs(at, CHUNK_MS), signal);
        if (signal.aborted) return;
        yield { type: 'audio', chunk: { camera: id, at, sampleRate: SAMPLE_RATE, samples } };
      }
    } finally {
      pacer.leave(pace);
    }
  }

  return {
    camera: id,
    items: read,
    close: async () => stop.abort(),
  };
}

/** A line with its sound and its first sample in the loop. */
interface Said {
  first: number;
  samples: Float32Array;
}

async function readLines(
  lines: ReadonlyArray<{ at: string; line: string }>,
  { clock, log }: Pick<SceneSoundDeps, 'clock' | 'log'>,
  signal: AbortSignal,
): Promise<Said[]> {
  const sounds = new Map<string, Float32Array>();
  for (const { line } of lines) {
    if (!sounds.has(line)) sounds.set(line, await decodeLine(`${voiceFolder}${line}.ogg`, { clock, log, signal }));
  }
  return lines.map(({ at, line }) => ({
    first: Math.round((parseDuration(at) * SAMPLE_RATE) / 1000),
    samples: sounds.get(line)!,
  }));
}

async function decodeLine(
  path: string,
  options: { clock: Clock; log: Logger; signal: AbortSignal },
): Promise<Float32Array> {
  const decoder = audioDecoder(startFfmpeg)(decodeAudioCommand({ kind: 'file', path }, SAMPLE_RATE), options);
  const parts: Float32Array[] = [];
  for await (const { samples } of decoder.items) parts.push(samples);
  const exit = await decoder.exited;
  if (parts.length === 0 && !options.signal.aborted) {
    throw exit.failure ?? new AppError('bad-input', `simulator voice ${path}: ${lastWords(exit)}`);
  }
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A second of noise, always the same (linear congruential generator of Numerical Recipes). */
function roomNoise(): Float32Array {
  let state = 1;
  return Float32Array.from({ length: SAMPLE_RATE }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) * NOISE;
  });
}

/** One chunk of the loop: what is said at that place, on the noise. */
function mixed(noise: Float32Array, said: readonly Said[], offsetMs: number): Float32Array {
  const first = Math.round((offsetMs * SAMPLE_RATE) / 1000);
  const chunk = new Float32Array(CHUNK);
  for (let i = 0; i < CHUNK; i += 1) chunk[i] = noise[(first + i) % noise.length]!;
  for (const line of said) {
    const from = Math.max(first, line.first);
    const to = Math.min(first + CHUNK, line.first + line.samples.length);
    for (let i = from; i < to; i += 1) chunk[i - first]! += line.samples[i - line.first]!;
  }
  return chunk;
}
