import type { Clock } from '../core/clock.js';
import type { CameraConfig, Config } from '../core/config/schema.js';
import { AppError, messageOf } from '../core/errors.js';
import type { CameraFinding } from '../core/health.js';
import type { Logger } from '../core/log.js';
import { type RgbPicture, videoDecoder } from './ffmpeg/decoder.js';
import { type Credentials, decodeVideoCommand, type FfmpegInput } from './ffmpeg/ffmpegCommand.js';
import { lastWords, startFfmpeg } from './ffmpeg/ffmpegProcess.js';
import { glance } from './health/pictureHealth.js';
import { blackoutOf } from './live/linkHealth.js';
import { connectOnvif, type OnvifCamera } from './onvif/connectOnvif.js';
import { smallGray } from './pictures.js';
import { probeFacts, probePackets, type StreamFacts, type VideoFacts } from './probe.js';

export interface ProbeFinding {
  finding: CameraFinding;
  /** A short fact, free of secrets. */
  detail?: string;
}

/** What one look at a camera tells before it is put to use. */
export interface CameraProbe {
  /** Address that was read, without a password. */
  url: string;
  video: VideoFacts;
  audio: StreamFacts['audio'];
  /** Measured, seconds; undefined where fewer than two key frames came while it was watched. */
  keyframeIntervalS: number | undefined;
  /** What ONVIF tells; undefined for other sources. */
  onvif: Omit<OnvifCamera, 'presets' | 'gotoPreset'> | undefined;
  /** The first picture at analysis size. */
  picture: RgbPicture;
  /** What would be found at once. `frozen`, `moved` and `out-of-focus` need time and are not among them. */
  findings: ProbeFinding[];
}

export interface ProbeCameraDeps {
  clock: Clock;
  log: Logger;
  ingest: Config['ingest'];
  signal: AbortSignal;
  credentials?: Credentials | undefined;
  /** How long key frames are counted, seconds. */
  watchS?: number;
}

const WATCH_S = 10;
/** Room for connecting three times and for a key frame to come, beside the watching, ms. */
const PATIENCE_MS = 30_000;
/** As `clock` is found while a camera runs. */
const CLOCK_OFF_MS = 2000;

/**
 * Looks once at a camera (rtsp, rtsps, http, https, onvif or file): its stream's facts, the distance of its key frames,
 * one picture, and what is wrong at first sight.
 * @throws AppError `unsupported` for a simulated scene, `auth-failed`, `unreachable`, `timeout`, `bad-input`, and what
 *   `connectOnvif` throws
 */
export async function probeCamera(camera: CameraConfig, deps: ProbeCameraDeps): Promise<CameraProbe> {
  const { clock, log, ingest, credentials, watchS = WATCH_S } = deps;
  const limit = new AbortController();
  const timer = clock.after(watchS * 1000 + PATIENCE_MS, () => limit.abort());
  const signal = AbortSignal.any([deps.signal, limit.signal]);
  const what = `camera ${camera.id}`;
  try {
    const onvif = camera.source.startsWith('onvif:')
      ? await connectOnvif({ url: camera.source, credentials, clock, log, signal })
      : undefined;
    const { input, url } = inputOf(onvif?.substream.url ?? camera.source, ingest.offlineAfter, credentials);
    const tools = { clock, log, signal };
    const facts = await probeFacts(input, what, tools);
    if (!facts.video) throw new AppError('bad-input', `${what}: ${url}: no video stream inside`);
    const packets = await probePackets(input, tools, watchS);
    const picture = await firstPicture(input, { what, maxWidth: camera.analysisWidth, ...tools });
    const { keyframeIntervalS } = packets;
    const findings = findingsOf(picture, { keyframeIntervalS, onvif, ingest });
    return { url, video: facts.video, audio: facts.audio, keyframeIntervalS, onvif: told(onvif), picture, findings };
  } catch (error) {
    throw explained(error, { what, stopped: deps.signal.aborted, late: limit.signal.aborted });
  } finally {
    timer.cancel();
  }
}

function told(onvif: OnvifCamera | undefined): CameraProbe['onvif'] {
  if (!onvif) return undefined;
  const { presets: _presets, gotoPreset: _gotoPreset, ...facts } = onvif;
  return facts;
}

function inputOf(
  source: string,
  timeoutMs: number,
  credentials: Credentials | undefined,
): { input: FfmpegInput; url: string } {
  if (source.startsWith('file:')) return { input: { kind: 'file', path: source.slice('file:'.length) }, url: source };
  if (/^(rtsps?|https?):/.test(source)) {
    return { input: { kind: 'network', url: source, timeoutMs, ...(credentials ? { credentials } : {}) }, url: source };
  }
  const scheme = source.slice(0, source.indexOf(':'));
  throw new AppError('unsupported', `probe: ${scheme} source: it is no camera`, {
    hint: 'probe rtsp, http, onvif or file sources',
  });
}

async function firstPicture(
  input: FfmpegInput,
  options: { what: string; maxWidth: number; clock: Clock; log: Logger; signal: AbortSignal },
): Promise<RgbPicture> {
  const { what, maxWidth, ...tools } = options;
  const command = decodeVideoCommand(input, {
    size: { maxWidth },
    keyframesOnly: true,
    pick: { kind: 'all' },
    threads: 1,
  });
  const decoder = videoDecoder(startFfmpeg)(command, tools);
  for await (const picture of decoder.items) {
    await decoder.stop();
    return picture;
  }
  throw new AppError('bad-input', `${what}: no picture could be decoded: ${lastWords(await decoder.exited)}`);
}

interface Seen {
  keyframeIntervalS: number | undefined;
  onvif: OnvifCamera | undefined;
  ingest: Config['ingest'];
}

function findingsOf({ rgb, width, height }: RgbPicture, { keyframeIntervalS, onvif, ingest }: Seen): ProbeFinding[] {
  const findings: ProbeFinding[] = glance(smallGray(rgb, width, height)).map(({ finding, detail }) =>
    detail === undefined ? { finding } : { finding, detail },
  );
  if (keyframeIntervalS !== undefined && keyframeIntervalS * 1000 > ingest.sparseKeyframes) {
    findings.push({ finding: 'long-gop', detail: `${keyframeIntervalS.toFixed(1)} s` });
  }
  const offsetMs = onvif?.deviceClockOffsetMs ?? 0;
  if (Math.abs(offsetMs) > CLOCK_OFF_MS)
    findings.push({ finding: 'clock', detail: `${(offsetMs / 1000).toFixed(0)} s` });
  return findings;
}

/** ffprobe says of everything that it cannot be read; what stands behind it decides what the reader can do. */
function explained(
  error: unknown,
  { what, stopped, late }: { what: string; stopped: boolean; late: boolean },
): unknown {
  if (!stopped && late)
    return new AppError('timeout', `${what}: not through in time`, { cause: error, retryable: true });
  if (!(error instanceof AppError) || (error.code !== 'bad-input' && error.code !== 'process')) return error;
  switch (blackoutOf([error.message, messageOf(error.cause)])) {
    case 'auth-failed':
      return new AppError('auth-failed', `${what}: user or password refused`, {
        cause: error,
        hint: 'check the entry under credentials that the camera names',
      });
    case 'offline':
      return /refused|timed out|no route|unreachable|resolve|not known/i.test(
        `${error.message} ${messageOf(error.cause)}`,
      )
        ? new AppError('unreachable', error.message, { cause: error, retryable: true })
        : error;
    case 'garbage':
      return error;
  }
}
