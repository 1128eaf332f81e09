import { boundedQueue } from '../../../core/boundedQueue.js';
import type { Clock } from '../../../core/clock.js';
import type { AudioChunk } from '../../../core/frame.js';
import type { RoomId } from '../../../core/ids.js';
import type { Logger } from '../../../core/log.js';
import type { Keyword, SpeechEngine, SpeechEvent, SpeechStream } from '../../../core/speech.js';
import { type EventMs, eventMs, plusMs } from '../../../core/time.js';
import { keywordLines } from './keywordLines.js';
import { type SherpaProcess, sherpaProcess } from './process.js';
import type { FromSherpa, SherpaModels } from './protocol.js';

export interface SherpaEngineOptions {
  /** Processes over which the rooms are spread, at least 1. */
  processes: number;
  clock: Clock;
  log: Logger;
  /** Compares the files with their hashes and reads the table of tokens. @throws AppError `model` where one must not be loaded */
  models(): Promise<{ models: SherpaModels; tokens: ReadonlySet<string> }>;
  entry?: string;
}

/** Sound that waits for a process at most; then the oldest is a gap. */
const BACKLOG_MS = 20_000;
const TELL_GAP_MS = 10_000;
/** How long a room's last words may take when it is closed. */
const CLOSE_LIMIT_MS = 5000;

interface Room {
  events: ReturnType<typeof boundedQueue<SpeechEvent>>;
  keywords: readonly Keyword[];
  /** Sound up to here was listened to, and up to here it was sent. */
  heard: EventMs | undefined;
  sent: EventMs | undefined;
  /** Sound that waits for its process: one that is started again within seconds loses none of it. */
  waiting: AudioChunk[];
  /** Sound that goes nowhere, not told yet. */
  gap: { start: EventMs; end: EventMs; reason: string } | undefined;
  /** Time it took to listen, and the length of what was listened to. */
  busyMs: number;
  soundMs: number;
  closed: (() => void) | undefined;
}

/** How much each process has to do: listening time over sound time, and the room's own share. */
export interface SherpaLoad {
  room: string;
  pid: number | undefined;
  realTimeFactor: number;
}

/** The engine of installed networks. `load()` is for measurements. */
export type SherpaEngine = SpeechEngine & { load(): SherpaLoad[]; pids(): number[] };

/**
 * Listens in child processes, rooms spread over them. A process that crashes, hangs or is too slow costs its rooms a gap,
 * with its reason, and is started again; nothing of it reaches this process.
 */
export function sherpaEngine(options: SherpaEngineOptions): SherpaEngine {
  const shards = Array.from({ length: Math.max(1, options.processes) }, () => openShard(options));
  const shardOf = new Map<string, ReturnType<typeof openShard>>();
  return {
    name: 'sherpa',
    open(room, { keywords }) {
      const shard = shards.reduce((least, one) => (one.size < least.size ? one : least));
      shardOf.set(room, shard);
      return shard.open(room, keywords);
    },
    health(room) {
      const shard = room === undefined ? shards.find((one) => !one.ready) : shardOf.get(room);
      return shard && !shard.ready ? { listening: false, reason: shard.reason } : { listening: true };
    },
    load: () => shards.flatMap((shard) => shard.load()),
    pids: () => shards.flatMap((shard) => shard.pid ?? []),
    close: async () => {
      await Promise.all(shards.map((shard) => shard.close()));
    },
  };
}

function openShard({ clock, log, models, entry }: SherpaEngineOptions) {
  const rooms = new Map<string, Room>();
  const allKeywords = (): Keyword[] => [
    ...new Map([...rooms.values()].flatMap((room) => room.keywords.map((k) => [k.word, k] as const))).values(),
  ];
  let tokens: ReadonlySet<string> = new Set();
  let told = '';

  const linesNow = (): string[] => {
    const { lines, unknown } = keywordLines(allKeywords(), tokens);
    // Words never stand in a log: their number does.
    if (unknown.length > 0)
      log.warn({ words: unknown.length }, 'words with sounds that the keyword network does not know');
    return lines;
  };

  const onMessage = (message: FromSherpa): void => {
    if (!('room' in message)) return;
    const room = rooms.get(message.room);
    if (!room) return;
    if (message.type === 'event') room.events.push(message.event);
    else if (message.type === 'heard') {
      room.heard = eventMs(message.until);
      room.busyMs += message.busyMs;
      room.soundMs += message.soundMs;
      drain(message.room, room);
    } else room.closed?.();
  };

  /** Everything that was sent and not yet listened to is lost with the process; what waits here is not. */
  const onLost = (reason: string): void => {
    for (const room of rooms.values()) {
      if (room.heard !== undefined && room.sent !== undefined && room.sent > room.heard) {
        room.events.push({ type: 'gap', start: room.heard, end: room.sent, reason });
      }
      room.heard = room.sent;
      room.closed?.();
    }
  };

  const process: SherpaProcess = sherpaProcess({
    ...{ clock, log, onMessage, onLost },
    ...(entry === undefined ? {} : { entry }),
    async prepare() {
      const ready = await models();
      tokens = ready.tokens;
      const lines = linesNow();
      told = lines.join('\n');
      return { type: 'load', models: ready.models, lines };
    },
    onReady() {
      for (const [name, room] of rooms) {
        process.send({ type: 'open', room: name });
        drain(name, room);
      }
    },
  });

  /** Loading keywords takes a moment: only where they changed. */
  const relist = (): void => {
    const lines = linesNow();
    const text = lines.join('\n');
    if (text !== told && process.send({ type: 'relist', lines })) told = text;
  };

  const tellGap = (room: Room): void => {
    if (room.gap) room.events.push({ type: 'gap', ...room.gap });
    room.gap = undefined;
  };

  const lose = (room: Room, chunk: AudioChunk, reason: string): void => {
    const end = endOf(chunk);
    if (room.gap && room.gap.reason === reason) room.gap.end = end;
    else {
      tellGap(room);
      room.gap = { start: chunk.at, end, reason };
    }
    // A long gap is told while it lasts, so that the page shows it.
    if (room.gap && room.gap.end - room.gap.start >= TELL_GAP_MS) tellGap(room);
  };

  const behindMs = ({ sent, heard }: Room): number => (sent !== undefined && heard !== undefined ? sent - heard : 0);

  /** Sends what the process can take; what waits too long is lost. */
  const drain = (name: string, room: Room): void => {
    while (room.waiting.length > 0 && process.ready && behindMs(room) <= BACKLOG_MS) {
      const chunk = room.waiting.shift()!;
      tellGap(room);
      room.heard ??= chunk.at;
      process.send({ type: 'sound', room: name, at: chunk.at, samples: chunk.samples });
      room.sent = endOf(chunk);
    }
    while (room.waiting.length > 1 && endOf(room.waiting.at(-1)!) - room.waiting[0]!.at > BACKLOG_MS) {
      lose(room, room.waiting.shift()!, process.ready ? 'overload' : process.reason);
    }
  };

  return {
    get size() {
      return rooms.size;
    },
    get ready() {
      return process.ready;
    },
    get reason() {
      return process.reason;
    },
    get pid() {
      return process.pid;
    },
    load: (): SherpaLoad[] =>
      [...rooms].map(([room, { busyMs, soundMs }]) => ({
        ...{ room, pid: process.pid, realTimeFactor: soundMs > 0 ? busyMs / soundMs : 0 },
      })),
    open(name: RoomId, keywords: readonly Keyword[]): SpeechStream {
      const events = boundedQueue<SpeechEvent>({ capacity: 10_000 });
      const room: Room = {
        ...{
          events,
          keywords,
          heard: undefined,
          sent: undefined,
          gap: undefined,
          waiting: [],
          busyMs: 0,
          soundMs: 0,
          closed: undefined,
        },
      };
      rooms.set(name, room);
      process.send({ type: 'open', room: name });
      relist();
      return {
        write(chunk) {
          room.waiting.push(chunk);
          drain(name, room);
        },
        relist(next) {
          room.keywords = next;
          relist();
        },
        events: () => events,
        async close() {
          if (!rooms.has(name)) return;
          if (process.send({ type: 'close', room: name })) await closedOrLate(room, clock);
          for (const chunk of room.waiting) lose(room, chunk, process.ready ? 'overload' : process.reason);
          tellGap(room);
          rooms.delete(name);
          events.end();
        },
      };
    },
    close: () => process.close(),
  };
}

const endOf = ({ at, samples, sampleRate }: AudioChunk): EventMs =>
  plusMs(at, Math.round((samples.length / sampleRate) * 1000));

/** Resolves once the process has said its last of a room, or after the limit. */
function closedOrLate(room: Room, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(CLOSE_LIMIT_MS, resolve);
    room.closed = () => {
      timer.cancel();
      resolve();
    };
  });
}
