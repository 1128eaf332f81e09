import { z } from 'zod';
import type { Clock } from '../core/clock.js';
import { AppError, messageOf } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import { type FfmpegInput, probeFactsCommand, probePacketsCommand } from './ffmpeg/ffmpegCommand.js';
import { lastWords, runFfmpeg, type StartFfmpeg, startFfmpeg } from './ffmpeg/ffmpegProcess.js';

export interface VideoFacts {
  codec: string;
  /** Pixels as coded. */
  width: number;
  height: number;
  /** Width divided by height as shown, with non-square pixels and rotation applied. */
  aspect: number;
  /** Pictures a second as declared; undefined where the container does not say. */
  fps: number | undefined;
}

export interface AudioFacts {
  codec: string;
  sampleRate: number;
  channels: number;
}

export interface StreamFacts {
  video: VideoFacts | undefined;
  audio: AudioFacts[];
  /** Declared length of the video, seconds; undefined for a live stream or where the container does not say. */
  durationS: number | undefined;
}

/** What the packets of the first video stream tell without decoding one. */
export interface PacketFacts {
  packets: number;
  /** Time stamps of key frames, milliseconds of stream time, ascending. */
  keyframesMs: number[];
  /** Least and greatest time stamp, milliseconds; undefined where no packet carries one. */
  firstMs: number | undefined;
  lastMs: number | undefined;
  /** Packets whose time stamp is missing, or far behind an earlier one. */
  untimed: number;
  /** Longest distance of two key frames, seconds; undefined below two. */
  keyframeIntervalS: number | undefined;
  /** True where the container says that its file breaks off. */
  brokeOff: boolean;
}

export interface ProbeDeps {
  clock: Clock;
  log: Logger;
  signal?: AbortSignal;
  start?: StartFfmpeg;
}

const rate = z.string().transform((text) => {
  const [num, den] = text.split('/').map(Number);
  const value = num! / (den ?? 1);
  return Number.isFinite(value) && value > 0 ? value : undefined;
});

const stream = z.object({
  codec_type: z.string().optional(),
  codec_name: z.string().default('unknown'),
  width: z.number().optional(),
  height: z.number().optional(),
  sample_aspect_ratio: z.string().optional(),
  avg_frame_rate: rate.optional(),
  sample_rate: z.coerce.number().default(0),
  channels: z.number().default(0),
  duration: z.coerce.number().optional(),
  disposition: z.object({ attached_pic: z.number().default(0) }).optional(),
  tags: z.record(z.string(), z.string()).optional(),
  side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
});

const answer = z.object({
  streams: z.array(stream).default([]),
  format: z.object({ duration: z.coerce.number().optional() }).default({}),
});

/**
 * Codec, size, rate, length and sound of a stream or file.
 * @throws AppError `bad-input` where it cannot be read as video or sound, naming `what` and the reason
 */
export async function probeFacts(input: FfmpegInput, what: string, deps: ProbeDeps): Promise<StreamFacts> {
  const parsed = answer.safeParse(await probeJson(input, what, deps));
  if (!parsed.success) throw new AppError('protocol', `${what}: ffprobe answers in an unknown form`);
  const { streams, format } = parsed.data;
  const video = streams.find((one) => one.codec_type === 'video' && !one.disposition?.attached_pic && one.width);
  const audio = streams.filter((one) => one.codec_type === 'audio');
  const declared = video?.duration ?? taggedSeconds(video?.tags) ?? format.duration;
  return {
    video: video ? videoFacts(video) : undefined,
    audio: audio.map((one) => ({ codec: one.codec_name, sampleRate: one.sample_rate, channels: one.channels })),
    durationS: declared !== undefined && declared > 0 ? declared : undefined,
  };
}

async function probeJson(input: FfmpegInput, what: string, deps: ProbeDeps): Promise<unknown> {
  const { start: _start, ...options } = deps;
  try {
    return JSON.parse((await runFfmpeg(probeFactsCommand(input), options)).toString('utf8'));
  } catch (error) {
    if (error instanceof AppError && error.code !== 'process') throw error;
    if (error instanceof AppError && error.hint !== undefined) throw error;
    const said = error instanceof AppError ? `${messageOf(error.cause)}\n${error.message}` : messageOf(error);
    throw new AppError('bad-input', `${what}: cannot be read as video: ${reasonOf(said)}`, { cause: error });
  }
}

/** ffmpeg's own words, in those of a reader who does not know ffmpeg, for what happens often. */
function reasonOf(said: string): string {
  const message = said.slice(said.lastIndexOf('\n') + 1);
  if (/moov atom not found/.test(said)) return 'its index (moov) is missing: the recording broke off';
  if (/not on whitelist/.test(said)) return 'not a video container';
  if (/Invalid data found/.test(said)) return 'no video or sound inside, or damaged from the start';
  return message.replace(/^ff(mpeg|probe): /, '');
}

function videoFacts(one: z.output<typeof stream>): VideoFacts {
  const [width, height] = [one.width!, one.height ?? one.width!];
  const [num, den] = (one.sample_aspect_ratio ?? '1:1').split(':').map(Number);
  const pixelAspect = num && den ? num / den : 1;
  const turned = (one.side_data_list ?? []).some((side) => Math.abs(side.rotation ?? 0) % 180 === 90);
  const aspect = (width / height) * pixelAspect;
  return { codec: one.codec_name, width, height, aspect: turned ? 1 / aspect : aspect, fps: one.avg_frame_rate };
}

/** Matroska keeps a track's length as a tag, `00:23:50.000000000`. */
function taggedSeconds(tags: Record<string, string> | undefined): number | undefined {
  const match = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(tags?.DURATION ?? '');
  return match ? Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]) : undefined;
}

/**
 * Reads the packets of the first video stream, all or the first `seconds`, without decoding.
 * @throws AppError `process` where ffprobe cannot be started, `cancelled` when the signal fires
 */
export async function probePackets(input: FfmpegInput, deps: ProbeDeps, seconds?: number): Promise<PacketFacts> {
  const { start = startFfmpeg, ...options } = deps;
  const child = start(probePacketsCommand(input, seconds), options);
  const count = packetCounter();
  let rest = '';
  try {
    for await (const chunk of child.stdout) {
      const lines = (rest + chunk.toString('latin1')).split('\n');
      rest = lines.pop()!;
      lines.forEach(count.line);
    }
  } catch (error) {
    await child.stop();
    if (!deps.signal?.aborted) throw error;
  }
  const exit = await child.exited;
  if (deps.signal?.aborted) throw new AppError('cancelled', 'ffprobe: stopped');
  if (exit.failure) throw exit.failure;
  deps.log.debug({ packets: count.facts().packets, said: lastWords(exit) }, 'packets probed');
  return { ...count.facts(), brokeOff: exit.stderrTail.some((line) => BROKE_OFF.test(line)) };
}

/** B-frames are stored after pictures that are shown later, but never by as much. */
const REORDER_MS = 3000;

/** What ffmpeg's readers of MP4 and Matroska say where the file is shorter than its tables. */
const BROKE_OFF = /partial file|ended prematurely|truncat/i;

function packetCounter() {
  const facts = { packets: 0, untimed: 0, first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY };
  const keys: number[] = [];
  return {
    line(text: string): void {
      const [time, flags] = text.trim().split(',');
      // D: decoded only as a beginning for what follows, as in a clip that was cut without encoding it anew.
      if (flags === undefined || flags.includes('D')) return;
      facts.packets += 1;
      const ms = Number(time) * 1000;
      if (!Number.isFinite(ms) || ms < facts.last - REORDER_MS) facts.untimed += 1;
      if (!Number.isFinite(ms)) return;
      facts.first = Math.min(facts.first, ms);
      facts.last = Math.max(facts.last, ms);
      if (flags.includes('K')) keys.push(ms);
    },
    facts(): Omit<PacketFacts, 'brokeOff'> {
      const keyframesMs = [...keys].sort((a, b) => a - b);
      const steps = keyframesMs.slice(1).map((ms, i) => ms - keyframesMs[i]!);
      const timed = facts.packets > facts.untimed;
      return {
        packets: facts.packets,
        untimed: facts.untimed,
        keyframesMs,
        firstMs: timed ? facts.first : undefined,
        lastMs: timed ? facts.last : undefined,
        keyframeIntervalS: steps.length > 0 ? steps.reduce((a, b) => Math.max(a, b)) / 1000 : undefined,
      };
    },
  };
}
