import type { Clock } from '../../core/clock.js';
import { AppError, messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import { type Ladder, retry, SINK_LADDER, waitMs } from '../../core/retry.js';
import type { Delivered, OutboxRow } from '../../core/sink.js';
import { type WallMs, wallMs } from '../../core/time.js';
import type { Ledger } from '../ledger/openLedger.js';
import type { Settlement } from '../ledger/outboxSettlement.js';
import type { AlertSink } from './alertSink.js';
import { makeWaker, type Waker, withStop } from './waker.js';

export interface OutboxOptions {
  ledger: Pick<Ledger, 'outbox'>;
  sinks: readonly AlertSink[];
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
  ladder?: Ladder;
  random?: () => number;
}

/** How one sink is doing. */
export interface SinkStats {
  sink: string;
  /** Rows that wait. */
  depth: number;
  /** How long the oldest of them has waited, ms; 0 where none waits. */
  oldestAgeMs: number;
  /** Since the start. */
  delivered: number;
  rejected: number;
  failures: number;
  /** Set while the sink as a whole fails. */
  failingSince?: WallMs;
  lastError?: string;
}

export interface OutboxRun {
  stats(): SinkStats[];
  /** Settles once the signal has fired and every delivery has come to its end. */
  done: Promise<void>;
}

/** For rows that another process (the command line) put into the queue. */
const IDLE_POLL_MS = 1000;
const LOG_EVERY_MS = 60_000;

/**
 * Sends what waits in the ledger's outbox, each sink in a loop of its own: in order within a key, at least once, a row
 * gone only after its receiver acknowledged it. A receiver that is away costs no other sink anything and loses nothing.
 */
export function runOutbox(options: OutboxOptions): OutboxRun {
  const { ledger, sinks, clock, log } = options;
  const names = new Set(sinks.map((sink) => sink.name));
  for (const sink of ledger.outbox.sinks()) {
    if (!names.has(sink))
      log.warn({ sink, ...ledger.outbox.depth(sink) }, 'rows wait for a sink that is not configured');
  }
  const loops = sinks.map((sink) => sinkLoop(sink, options));
  return {
    done: Promise.all(loops.map((loop) => loop.done)).then(() => {}),
    stats: () =>
      loops.map(({ state }, i) => {
        const { depth, oldestAt } = ledger.outbox.depth(sinks[i]!.name);
        const oldestAgeMs = oldestAt === undefined ? 0 : Math.max(0, clock.now() - oldestAt);
        return { sink: sinks[i]!.name, depth, oldestAgeMs, ...state };
      }),
  };
}

type State = Omit<SinkStats, 'sink' | 'depth' | 'oldestAgeMs'>;

function sinkLoop(sink: AlertSink, options: OutboxOptions): { state: State; done: Promise<void> } {
  const { ledger, clock, signal, random, ladder = SINK_LADDER } = options;
  const state: State = { delivered: 0, rejected: 0, failures: 0 };
  const log = options.log.child({ sink: sink.name });
  const waker = makeWaker(clock, signal);
  let loggedAt = Number.NEGATIVE_INFINITY;
  let backAgain = (): void => {};

  const onRetry = (error: unknown, waitingMs: number): void => {
    state.failures += 1;
    state.failingSince ??= clock.now();
    state.lastError = messageOf(error);
    if (clock.monotonicMs() - loggedAt < LOG_EVERY_MS) return;
    loggedAt = clock.monotonicMs();
    const hint = error instanceof AppError ? error.hint : undefined;
    log.warn({ error: messageOf(error), hint, waitingMs, ...ledger.outbox.depth(sink.name) }, 'sink fails, rows wait');
  };

  const recovered = (): void => {
    if (state.failingSince === undefined) return;
    log.info({ failedForMs: clock.now() - state.failingSince }, 'sink delivers again');
    state.failingSince = undefined;
    loggedAt = Number.NEGATIVE_INFINITY;
  };

  const deliverNext = async (): Promise<void> => {
    const rows = await nextBatch(sink, options, waker);
    if (rows.length === 0) return;
    const delivered = await attempt(sink, rows, options);
    await settle(settlementOf(rows, delivered, options), options);
    state.delivered += delivered.accepted.length;
    state.rejected += delivered.rejected.length;
    for (const { id, reason } of delivered.rejected)
      log.error({ row: id, reason }, 'row quarantined: its receiver refuses it');
    if (delivered.accepted.length + delivered.rejected.length > 0) recovered();
  };

  const run = async (): Promise<void> => {
    const unsubscribe = [ledger.outbox.onEnqueued(waker.wake), sink.onReady?.(() => backAgain())];
    while (!signal.aborted) {
      await withStop(signal, async (stop) => {
        backAgain = stop.abort;
        const deliver = (): Promise<void> => deliverNext().catch(throwRetryable);
        await retry(deliver, { ladder, clock, signal: stop.signal, onRetry, random }).catch(onlyCancelled);
      });
    }
    for (const stop of unsubscribe) stop?.();
  };
  return { state, done: run() };
}

/** A pause that was ended early is no error: the loop goes on, or ends because the product does. */
function onlyCancelled(error: unknown): void {
  if (!(error instanceof AppError && error.code === 'cancelled')) throw error;
}

/** Waits until rows are due: a full batch at once, a smaller one when its oldest row has lingered long enough. */
async function nextBatch(
  sink: AlertSink,
  { ledger, clock, signal }: OutboxOptions,
  waker: Waker,
): Promise<OutboxRow[]> {
  while (!signal.aborted) {
    const now = clock.now();
    const rows = ledger.outbox.due(sink.name, sink.batchSize, now);
    if (rows.length >= sink.batchSize) return rows;
    if (rows.length > 0) {
      const lingerMs = rows[0]!.createdAt + sink.lingerMs - now;
      // More than its full time left means that the wall clock was set back.
      if (lingerMs <= 0 || lingerMs > sink.lingerMs) return rows;
      await waker.wait(lingerMs);
    } else {
      const dueAt = ledger.outbox.nextDueAt(sink.name);
      await waker.wait(dueAt === undefined ? IDLE_POLL_MS : Math.min(IDLE_POLL_MS, Math.max(1, dueAt - now)));
    }
  }
  return [];
}

async function attempt(sink: AlertSink, rows: OutboxRow[], { ledger, signal }: OutboxOptions): Promise<Delivered> {
  try {
    return await sink.deliver(rows, signal);
  } catch (error) {
    const ids = rows.map((row) => row.id);
    ledger.outbox.noteFailure(ids, messageOf(error));
    throw error;
  }
}

/** What the ledger is told. A row that the sink forgot to mention is sent again: never lost, at worst sent twice. */
function settlementOf(rows: OutboxRow[], delivered: Delivered, options: OutboxOptions): Settlement {
  const { clock, ladder = SINK_LADDER, random = Math.random } = options;
  const settled = new Set([...delivered.accepted, ...delivered.rejected.map((row) => row.id)]);
  const now = clock.now();
  return {
    accepted: delivered.accepted,
    rejected: delivered.rejected,
    retry: rows
      .filter((row) => !settled.has(row.id))
      .map((row) => ({
        id: row.id,
        nextAt: wallMs(now + waitMs(ladder, row.attempts, random())),
        error: 'the receiver asks for it again later',
      })),
  };
}

/** The rows are with their receiver: until the ledger has taken that down, nothing else may be sent. */
async function settle(
  settlement: Settlement,
  { ledger, clock, signal, ladder = SINK_LADDER }: OutboxOptions,
): Promise<void> {
  const takeDown = async (): Promise<void> => ledger.outbox.settle(settlement);
  await retry(() => takeDown().catch(throwRetryable), { ladder, clock, signal });
}

/** No failure ends a sink's loop: what no retry helps (a wrong password) is tried again until somebody mends it. */
function throwRetryable(error: unknown): never {
  if (error instanceof AppError && (error.retryable || error.code === 'cancelled')) throw error;
  const { code, hint } = error instanceof AppError ? error : { code: 'internal' as const, hint: undefined };
  throw new AppError(code, messageOf(error), { cause: error, hint, retryable: true });
}
