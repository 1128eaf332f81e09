import { type Clock, sleep } from '../../core/clock.js';
import type { AppError } from '../../core/errors.js';
import type { Delivered } from '../../core/sink.js';
import type { AlertSink, MessageKind } from '../outbox/alertSink.js';
import { alertText, type ChatPayload, type ChatTextOptions, cameraText, deadlineText, digestText } from './chatText.js';
import { isReadable, type ReadableRow, readRow, refusals } from './payload.js';

/** What a chat group's robot answered. `later` and `away` are tried again: nobody's message is lost to a busy robot. */
export type RobotAnswer = { type: 'sent' } | { type: 'later'; error: AppError };

/** The robot of a chat group. */
export interface ChatRobot {
  /** Sends one text; never throws. */
  post(text: string, signal: AbortSignal): Promise<RobotAnswer>;
}

export interface ChatSinkOptions extends ChatTextOptions {
  /** Name of the sink. */
  name: string;
  robot: ChatRobot;
  clock: Clock;
  /** Messages a minute that the chat allows its robots. Default 20, of WeCom and DingTalk alike. */
  perMinute?: number;
}

const WANTS: readonly MessageKind[] = ['alert', 'camera', 'deadline', 'notice'];
/** A little over a minute: the chat's own minute begins elsewhere than ours. */
const MINUTE_MS = 61_000;
/** Of a minute's messages these are kept for digests, one every ten seconds. */
const KEPT_FOR_DIGESTS = 6;
const DIGEST_EVERY_MS = 10_000;
/** Texts beyond this are cut, UTF-8 bytes: WeCom refuses more than 2048. */
const LONGEST_TEXT = 2000;
/** Told messages that are remembered, for rows that come again. */
const REMEMBERED = 5000;

type ChatRow = ReadableRow & { payload: ChatPayload };

/**
 * Tells a chat group each alert in a message of its own while there are few, and in digests while there are many, never
 * more than the chat allows: a storm becomes a message every ten seconds that says how many of what and where.
 */
export function chatSink(options: ChatSinkOptions): AlertSink {
  const { name, robot, clock, perMinute = 20 } = options;
  const told = new Set<string>();
  let sentMs: number[] = [];

  const spare = (): number => {
    const now = clock.monotonicMs();
    sentMs = sentMs.filter((at) => now - at < MINUTE_MS);
    return perMinute - sentMs.length;
  };
  const post = async (text: string, signal: AbortSignal): Promise<AppError | undefined> => {
    // Counted before the answer: a message whose answer is lost may have arrived.
    sentMs.push(clock.monotonicMs());
    const answer = await robot.post(cut(text), signal);
    return answer.type === 'sent' ? undefined : answer.error;
  };
  const remember = (row: ChatRow): void => {
    told.add(keyOf(row));
    if (told.size > REMEMBERED) told.delete(told.values().next().value!);
  };

  /** One by one; returns what stopped it. */
  const tellEach = async (rows: ChatRow[], accepted: number[], signal: AbortSignal): Promise<AppError | undefined> => {
    for (const row of rows) {
      if (signal.aborted) return undefined;
      const problem = await post(textOf(row.payload, options), signal);
      if (problem) return problem;
      remember(row);
      accepted.push(row.row.id);
    }
    return undefined;
  };

  const tellTogether = async (
    rows: ChatRow[],
    accepted: number[],
    signal: AbortSignal,
  ): Promise<AppError | undefined> => {
    while (!signal.aborted) {
      const sinceLastMs = clock.monotonicMs() - (sentMs.at(-1) ?? Number.NEGATIVE_INFINITY);
      const waitMs = spare() > 0 ? DIGEST_EVERY_MS - sinceLastMs : MINUTE_MS - (clock.monotonicMs() - sentMs[0]!);
      if (waitMs <= 0) break;
      await sleep(clock, waitMs, signal);
    }
    if (signal.aborted) return undefined;
    const payloads = rows.map((row) => row.payload);
    const problem = await post(digestText(payloads, options), signal);
    if (problem) return problem;
    rows.forEach(remember);
    accepted.push(...rows.map((row) => row.row.id));
    return undefined;
  };

  return {
    ...{ name, wants: WANTS, batchSize: 2000, lingerMs: 1000 },
    async deliver(batch, signal) {
      const reads = batch.map((row) => readRow(row, WANTS));
      const readable = reads.filter(isReadable).filter(isForChat);
      const fresh = readable.filter((row) => !told.has(keyOf(row)));
      const accepted = readable.filter((row) => told.has(keyOf(row))).map(({ row }) => row.id);
      const delivered: Delivered = { accepted, rejected: refusals(reads), retry: [] };
      const tell = fresh.length <= spare() - KEPT_FOR_DIGESTS || fresh.length === 1 ? tellEach : tellTogether;
      const problem = fresh.length > 0 ? await tell(fresh, accepted, signal) : undefined;
      if (problem && accepted.length + delivered.rejected.length === 0) throw problem;
      const settled = new Set([...accepted, ...delivered.rejected.map(({ id }) => id)]);
      delivered.retry = batch.map((row) => row.id).filter((id) => !settled.has(id));
      return delivered;
    },
    async close() {},
  };
}

const isForChat = (read: ReadableRow): read is ChatRow => read.payload.kind !== 'measurement';

function keyOf({ payload }: ChatRow): string {
  switch (payload.kind) {
    case 'alert':
      return `${payload.message.id}.${payload.message.ordinal}`;
    case 'camera':
      return `${payload.message.camera}@${payload.message.at}`;
    case 'deadline':
      return `${payload.message.id}.loop.${payload.message.loopOrdinal}`;
    case 'notice':
      return payload.message.id;
  }
}

function textOf(payload: ChatPayload, options: ChatTextOptions): string {
  switch (payload.kind) {
    case 'alert':
      return alertText(payload.message, options);
    case 'camera':
      return cameraText(payload.message, options);
    case 'deadline':
      return deadlineText(payload.message, options);
    case 'notice':
      return payload.message.text;
  }
}

/** Cut at a character, never inside one. */
function cut(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= LONGEST_TEXT) return text;
  return `${new TextDecoder().decode(bytes.subarray(0, LONGEST_TEXT)).replace(/\uFFFD+$/, '')}…`;
}
