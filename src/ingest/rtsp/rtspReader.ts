import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Clock, Timer } from '../../core/clock.js';
import { AppError, errnoOf, messageOf } from '../../core/errors.js';
import type { FfmpegInput } from '../ffmpeg/ffmpegCommand.js';
import { doorOf } from '../live/knock.js';
import { authorization, type Challenge, chooseChallenge } from './authorization.js';
import { type KeyUnit, keyframeReader } from './keyframes.js';
import { type VideoTrack, videoTrack } from './sdp.js';
import { type RtspReply, rtspWire } from './wire.js';

/** A network address as ffmpeg's commands take it. */
export type NetworkInput = FfmpegInput & { kind: 'network' };

export interface RtspReaderOptions {
  input: NetworkInput;
  clock: Clock;
  /** Ends the connection when it fires. */
  signal: AbortSignal;
  /** Takes part in the common rhythm of reading: see `readRhythm`. */
  rhythm: ReadRhythm;
  onTrack(track: VideoTrack): void;
  onKeyframe(unit: KeyUnit): void;
}

/** Cameras end a session without a sign of life after 60 s unless they say otherwise (RFC 2326, 12.37). */
const SESSION_TIMEOUT_S = 60;

/**
 * Reads the key frames of one RTSP camera over TCP (RFC 2326 with RTP interleaved), until the signal fires.
 * @throws AppError `unreachable` (no connection, silence, refusal), `auth-failed`, `protocol`, or `unsupported` for a stream
 * that this reader does not take and ffmpeg may; the message is in ffmpeg's words, by which causes are told apart
 */
export async function readRtsp(options: RtspReaderOptions): Promise<void> {
  const { input, signal } = options;
  if (signal.aborted) return;
  const line = openLine(options);
  try {
    const track = await describe(line, input);
    options.onTrack(track);
    await play(line, track, options);
    await line.closed;
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    line.close();
  }
}

/** Asks what the camera gives. */
async function describe(line: Line, { url }: NetworkInput): Promise<VideoTrack> {
  const reply = await line.ask('DESCRIBE', url, { Accept: 'application/sdp' });
  const base = reply.headers.get('content-base') ?? reply.headers.get('content-location') ?? url;
  // An address that the camera gives may name the host as it knows itself; we stay where we are connected.
  const track = videoTrack(reply.body, samePlace(base, url));
  if (!track) throw new AppError('unsupported', 'rtsp: neither H.264 nor H.265 in the description');
  return track;
}

async function play(line: Line, track: VideoTrack, { clock, onKeyframe }: RtspReaderOptions): Promise<void> {
  const setup = await line.ask('SETUP', track.control, { Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' });
  const [id = '', ...rest] = (setup.headers.get('session') ?? '').split(';');
  if (id === '') throw new AppError('protocol', 'rtsp: invalid data: SETUP gave no session', { retryable: true });
  const channel = Number(/interleaved=(\d+)/.exec(setup.headers.get('transport') ?? '')?.[1] ?? 0);
  const read = keyframeReader(track.codec, track.parameterSets);
  line.onPacket = (from, data) => {
    if (from === channel) for (const unit of read(data)) onKeyframe(unit);
  };
  const session = { Session: id.trim() };
  await line.ask('PLAY', track.aggregate, { ...session, Range: 'npt=0.000-' });
  const seconds = Number(/timeout=(\d+)/.exec(rest.join(';'))?.[1] ?? SESSION_TIMEOUT_S);
  const alive = clock.every((Math.max(10, seconds) * 1000) / 2.5, () => {
    line.ask('OPTIONS', track.aggregate, session).catch(() => undefined);
  });
  line.onClose(() => alive.cancel());
}

/** Path and query of an address at the place of another one. */
function samePlace(address: string, at: string): string {
  if (!URL.canParse(address)) return at;
  const { pathname, search } = new URL(address);
  const { protocol, host } = new URL(at);
  return `${protocol}//${host}${pathname}${search}`;
}

/** A connection on which questions are answered in order. */
interface Line {
  /** Asks; a challenge is answered once. @throws AppError for any status but 200 */
  ask(method: string, uri: string, headers: Record<string, string>): Promise<RtspReply>;
  onPacket: (channel: number, data: Uint8Array) => void;
  onClose(run: () => void): void;
  /** Rejects with the reason; resolves where we closed it. */
  closed: Promise<void>;
  close(): void;
}

interface Waiting {
  resolve(reply: RtspReply): void;
  reject(error: Error): void;
}

function openLine({ input, clock, signal, rhythm }: RtspReaderOptions): Line {
  const waiting: Waiting[] = [];
  const afterwards: Array<() => void> = [];
  let challenge: Challenge | undefined;
  let sequence = 0;
  let nonceCount = 0;
  let ended = false;
  let settle: { resolve(): void; reject(error: Error): void };
  const closed = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // Whoever waits for an answer is told as well; nobody may be waiting here yet.
  closed.catch(() => undefined);

  const end = (error?: Error): void => {
    if (ended) return;
    ended = true;
    silence.cancel();
    signal.removeEventListener('abort', stop);
    rhythm.leave(socket);
    socket.destroy();
    const reason = error ?? new AppError('cancelled', 'rtsp: closed');
    for (const each of waiting.splice(0)) each.reject(reason);
    for (const run of afterwards) run();
    if (error) settle.reject(error);
    else settle.resolve();
  };
  const stop = (): void => end();
  const silence = patience(clock, input.timeoutMs, () =>
    end(new AppError('unreachable', 'rtsp: connection timed out', { retryable: true })),
  );
  const take = rtspWire({
    onReply: (reply) => waiting.shift()?.resolve(reply),
    onPacket: (channel, data) => line.onPacket(channel, data),
  });
  const read = (chunk: Uint8Array): void => {
    silence.heard();
    try {
      take(chunk);
    } catch (error) {
      end(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const socket = openSocket(input, rhythm, read);
  socket.on('error', (error) => end(unreachable(error)));
  socket.on('close', () => end(new AppError('unreachable', 'rtsp: the stream ended', { retryable: true })));
  signal.addEventListener('abort', stop, { once: true });

  const send = (method: string, uri: string, headers: Record<string, string>): Promise<RtspReply> => {
    const fields: Record<string, string> = { CSeq: String(++sequence), 'User-Agent': 'Hallwatch', ...headers };
    if (challenge && input.credentials) {
      fields.Authorization = authorization(challenge, input.credentials, { method, uri, nonceCount: ++nonceCount });
    }
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    return new Promise((resolve, reject) => {
      if (ended) return void closed.then(() => reject(new AppError('cancelled', 'rtsp: closed')), reject);
      waiting.push({ resolve, reject });
      socket.write(`${method} ${uri} RTSP/1.0\r\n${lines.join('')}\r\n`);
    });
  };

  const line: Line = {
    onPacket: () => undefined,
    onClose: (run) => void (ended ? run() : afterwards.push(run)),
    closed,
    close: stop,
    async ask(method, uri, headers) {
      let reply = await send(method, uri, headers);
      if (reply.status === 401 && input.credentials) {
        challenge = chooseChallenge(reply.all('www-authenticate'));
        nonceCount = 0;
        if (challenge) reply = await send(method, uri, headers);
      }
      if (reply.status !== 200) throw refused(method, reply);
      return reply;
    },
  };
  return line;
}

/** Bytes of all connections come into one buffer: each reader copies what it keeps before the next one reads. */
const shared = Buffer.alloc(256 * 1024);

function openSocket({ url }: NetworkInput, rhythm: ReadRhythm, read: (chunk: Uint8Array) => void): Socket {
  const door = doorOf(url)!;
  if (url.startsWith('rtsps:')) {
    // Cameras sign their certificates themselves; ffmpeg does not check them either.
    const socket = connectTls({ ...door, rejectUnauthorized: false });
    return socket.on('data', read);
  }
  const callback = (bytes: number, buffer: Uint8Array): boolean => {
    read(buffer.subarray(0, bytes));
    return rhythm.mayGoOn(socket, bytes === buffer.length);
  };
  const socket: Socket = connectTcp({ ...door, noDelay: true, onread: { buffer: shared, callback } });
  return socket;
}

/** A common rhythm in which sockets are read, so that 25 small packets a second do not wake the loop 25 times. */
export interface ReadRhythm {
  /** Asked after each read: false pauses the socket until the next beat. */
  mayGoOn(socket: Socket, more: boolean): boolean;
  leave(socket: Socket): void;
  close(): void;
}

/** Makes a rhythm: every socket is read once in `everyMs`, and on at once where more was waiting than one read takes. */
export function readRhythm(clock: Clock, everyMs: number): ReadRhythm {
  const resting = new Set<Socket>();
  const beat = clock.every(everyMs, () => {
    const due = [...resting];
    resting.clear();
    for (const socket of due) socket.resume();
  });
  return {
    mayGoOn(socket, more) {
      if (more) return true;
      resting.add(socket);
      return false;
    },
    leave: (socket) => void resting.delete(socket),
    close: () => beat.cancel(),
  };
}

/** A beat that is this late says that this process stood still: what the camera sent meanwhile is not read yet. */
const LATE_BEAT_MS = 1000;

/** Calls `ranOut` where nothing is heard for `ms`. A look at the time each second costs less than a timer for each packet. */
function patience(clock: Clock, ms: number, ranOut: () => void): { heard(): void; cancel(): void } {
  const everyMs = Math.min(1000, ms);
  let last = clock.monotonicMs();
  let beat = last;
  const timer: Timer = clock.every(everyMs, () => {
    const now = clock.monotonicMs();
    if (now - beat > everyMs + LATE_BEAT_MS) last = now;
    beat = now;
    if (now - last >= ms) ranOut();
  });
  return {
    heard() {
      last = clock.monotonicMs();
    },
    cancel: () => timer.cancel(),
  };
}

function refused(method: string, { status, reason }: RtspReply): AppError {
  const words = `rtsp: method ${method} failed: ${status} ${reason}`;
  if (status === 401) return new AppError('auth-failed', `${words}: Unauthorized`, { retryable: true });
  if (status === 403) return new AppError('auth-failed', `${words}: Forbidden`, { retryable: true });
  return new AppError('unreachable', `${words}: server returned an error`, { retryable: true });
}

function unreachable(cause: unknown): AppError {
  const words: Record<string, string> = {
    ECONNREFUSED: 'Connection refused',
    ECONNRESET: 'Connection reset by peer',
    ETIMEDOUT: 'Connection timed out',
    EHOSTUNREACH: 'No route to host',
    ENETUNREACH: 'Network unreachable',
    ENOTFOUND: 'host name not known',
    EPIPE: 'Broken pipe',
  };
  const why = words[errnoOf(cause) ?? ''] ?? `input/output error: ${messageOf(cause)}`;
  return new AppError('unreachable', `rtsp: ${why}`, { cause, retryable: true });
}
