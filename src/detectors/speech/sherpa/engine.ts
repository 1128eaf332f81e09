import type { Clock } from '../../../core/clock.js';
import type { RoomId } from '../../../core/ids.js';
import type { Logger } from '../../../core/log.js';
import type { Keyword, SpeechEngine, SpeechStream } from '../../../core/speech.js';
import { eventMs } from '../../../core/time.js';
import { keywordLines } from './keywordLines.js';
import { type SherpaProcess, sherpaProcess } from './process.js';
import type { FromSherpa, SherpaModels } from './protocol.js';
import { type RoomBacklog, roomBacklog } from './roomBacklog.js';

export interface SherpaEngineOptions {
  /** Processes over which the rooms are spread, at least 1. */
  processes: number;
  clock: Clock;
  log: Logger;
  /** Compares the files with their hashes and reads the table of tokens. @throws AppError `model` where one must not be loaded */
  models(): Promise<{ models: SherpaModels; tokens: ReadonlySet<string> }>;
  entry?: string;
}

/** How long a room's last words may take when it is closed. */
const CLOSE_LIMIT_MS = 5000;

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
      const shard = shards.reduce((least, one) => (one.rooms.size < least.rooms.size ? one : least));
      shardOf.set(room, shard);
      return shard.open(room, keywords);
    },
    health(room) {
      const shard = room === undefined ? shards.find((one) => !one.process.ready) : shardOf.get(room);
      if (shard && !shard.process.ready) return { listening: false, reason: shard.process.reason };
      // Such a word is still found in the transcript, which the room's page must say.
      const partly = room !== undefined && shard?.hasUnknown(room);
      return partly ? { listening: true, reason: 'unknown-token' } : { listening: true };
    },
    load: () => shards.flatMap((shard) => shard.load()),
    pids: () => shards.flatMap((shard) => shard.process.pid ?? []),
    close: async () => {
      await Promise.all(shards.map((shard) => shard.process.close()));
    },
  };
}

interface Room {
  backlog: RoomBacklog;
  keywords: readonly Keyword[];
  /** Time it took to listen, and the length of what was listened to. */
  busyMs: number;
  soundMs: number;
  /** Told when the process has said its last of the room, or is gone. */
  closed: (() => void) | undefined;
}

function openShard(options: SherpaEngineOptions) {
  const rooms = new Map<string, Room>();
  const keywords = shardKeywords(rooms, options.log);

  const drain = (name: string, { backlog }: Room): void =>
    backlog.drain(process, ({ at, samples }) => void process.send({ type: 'sound', room: name, at, samples }));

  const onMessage = (message: FromSherpa): void => {
    const room = 'room' in message ? rooms.get(message.room) : undefined;
    if (!room) return;
    if (message.type === 'event') room.backlog.events.push(message.event);
    else if (message.type === 'closed') room.closed?.();
    else if (message.type === 'heard') {
      room.backlog.heardUpTo(eventMs(message.until), eventMs(message.settled));
      room.busyMs += message.busyMs;
      room.soundMs += message.soundMs;
      drain(message.room, room);
    }
  };

  const process: SherpaProcess = sherpaProcess({
    ...{ clock: options.clock, log: options.log, onMessage },
    ...(options.entry === undefined ? {} : { entry: options.entry }),
    async prepare() {
      const { models, tokens } = await options.models();
      return { type: 'load', models, lines: keywords.know(tokens) };
    },
    onLost(reason) {
      for (const room of rooms.values()) {
        room.backlog.lost(reason);
        room.closed?.();
      }
    },
    onReady() {
      for (const [name, room] of rooms) {
        process.send({ type: 'open', room: name });
        drain(name, room);
      }
    },
  });
  const relist = (): void => keywords.tell((lines) => process.send({ type: 'relist', lines }));

  const openRoom = (name: RoomId, words: readonly Keyword[]): SpeechStream => {
    const room: Room = { backlog: roomBacklog(), keywords: words, busyMs: 0, soundMs: 0, closed: undefined };
    rooms.set(name, room);
    process.send({ type: 'open', room: name });
    relist();
    return {
      write(chunk) {
        room.backlog.push(chunk);
        drain(name, room);
      },
      relist(next) {
        room.keywords = next;
        relist();
      },
      events: () => room.backlog.events,
      async close() {
        if (rooms.get(name) !== room) return;
        if (process.send({ type: 'close', room: name })) await closedOrLate(room, options.clock);
        room.backlog.finish(process.ready ? 'overload' : process.reason);
        rooms.delete(name);
      },
    };
  };

  return {
    rooms,
    process,
    open: openRoom,
    /** Whether the keyword network cannot spell a word of the room. */
    hasUnknown: (room: string): boolean =>
      rooms.get(room)?.keywords.some(({ word }) => keywords.isUnknown(word)) ?? false,
    load: (): SherpaLoad[] =>
      [...rooms].map(([room, { busyMs, soundMs }]) => ({
        ...{ room, pid: process.pid, realTimeFactor: soundMs > 0 ? busyMs / soundMs : 0 },
      })),
  };
}

/** The words of all rooms of a process: it has one list, and each room picks its own out of what is found. */
function shardKeywords(rooms: ReadonlyMap<string, Room>, log: Logger) {
  let tokens: ReadonlySet<string> | undefined;
  let told = '';
  let unknownWords = new Set<string>();
  const linesNow = (): string[] => {
    if (!tokens) return [];
    const all = new Map([...rooms.values()].flatMap((room) => room.keywords.map((one) => [one.word, one] as const)));
    const { lines, unknown } = keywordLines([...all.values()], tokens);
    unknownWords = new Set(unknown.map(({ word }) => word));
    // Words never stand in a log: their number does.
    if (unknown.length > 0) log.warn({ words: unknown.length }, 'words that the keyword network cannot spell');
    return lines;
  };
  return {
    isUnknown: (word: string): boolean => unknownWords.has(word),
    /** A process starts with this table of tokens; the lines it is given. */
    know(table: ReadonlySet<string>): string[] {
      tokens = table;
      const lines = linesNow();
      told = lines.join('\n');
      return lines;
    },
    /** Loading keywords takes a moment: only where they changed. */
    tell(send: (lines: string[]) => boolean): void {
      const lines = linesNow();
      const text = lines.join('\n');
      if (text !== told && send(lines)) told = text;
    },
  };
}

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
