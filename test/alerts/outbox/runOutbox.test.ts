import { describe, expect, it } from 'vitest';
import type { AlertSink } from '../../../src/alerts/outbox/alertSink.js';
import type { OutboxOptions } from '../../../src/alerts/outbox/runOutbox.js';
import { AppError } from '../../../src/core/errors.js';
import { makeLogger } from '../../../src/core/log.js';
import { SINK_LADDER } from '../../../src/core/retry.js';
import type { Delivered, OutboxRow } from '../../../src/core/sink.js';
import { fakeClock } from '../../support/fakeClock.js';
import { testLedger } from '../../support/ledger.js';
import { startOutbox } from '../../support/outbox.js';

const MINUTE = 60_000;
const away = (retryable = true): AppError => new AppError('unreachable', 'receiver: away', { retryable });

/** A sink in memory: `answer` decides over each batch, the rest are accepted. */
function memorySink(name: string, answer: (batch: OutboxRow[]) => Partial<Delivered> | AppError = () => ({})) {
  const got: string[] = [];
  const batches: number[] = [];
  let ready = (): void => {};
  const sink: AlertSink = {
    name,
    wants: ['alert'],
    batchSize: 100,
    lingerMs: 0,
    onReady(listen) {
      ready = listen;
      return () => {};
    },
    async deliver(batch) {
      batches.push(batch.length);
      const { accepted, rejected = [], retry = [] } = throwing(answer(batch));
      const others = new Set([...rejected.map(({ id }) => id), ...retry]);
      const ids = accepted ?? batch.map((row) => row.id).filter((id) => !others.has(id));
      got.push(...batch.filter((row) => ids.includes(row.id)).map((row) => row.payload));
      return { accepted: ids, rejected, retry };
    },
    async close() {},
  };
  return { sink, got, batches, ready: () => ready() };
}

function throwing<T>(value: T | AppError): T {
  if (value instanceof AppError) throw value;
  return value;
}

function setup(sinks: AlertSink[], options: Partial<OutboxOptions> = {}) {
  const clock = fakeClock();
  const ledger = testLedger(':memory:', { clock });
  const run = startOutbox({ ledger, sinks, clock, ladder: { ...SINK_LADDER, jitter: 0 }, ...options });
  const put = (sink: string, ...rows: Array<[key: string, payload: string]>): void =>
    ledger.outbox.enqueue(rows.map(([key, payload]) => ({ sink, kind: 'alert', key, payload })));
  return { clock, ledger, run, put };
}

describe('outbox', () => {
  it('delivers in order and lets a row go only when it is acknowledged', async () => {
    const { sink, got } = memorySink('a');
    const { clock, ledger, put } = setup([sink]);
    put('a', ['k', '1'], ['k', '2'], ['j', '3']);
    expect(ledger.outbox.depth('a').depth).toBe(3);
    await clock.advance(0);
    expect(got).toEqual(['1', '2', '3']);
    expect(ledger.outbox.depth('a')).toEqual({ depth: 0, oldestAt: undefined });
  });

  it('loses nothing and doubles nothing when a sink is away for an hour while 10,000 alerts come', async () => {
    let isAway = true;
    const broken = memorySink('broken', () => (isAway ? away() : {}));
    const healthy = memorySink('healthy');
    const { clock, ledger, run } = setup([broken.sink, healthy.sink]);
    for (let minute = 0; minute < 60; minute++) {
      const numbers = Array.from({ length: 167 }, (_, i) => minute * 167 + i).filter((n) => n < 10_000);
      const rows = numbers.map((n) => ({ kind: 'alert', key: `W${n % 200}`, payload: String(n) }));
      ledger.outbox.enqueue(rows.flatMap((row) => ['broken', 'healthy'].map((sink) => ({ ...row, sink }))));
      await clock.advance(MINUTE);
      expect(healthy.got).toHaveLength(Math.min(10_000, (minute + 1) * 167));
    }
    expect(run.stats()[0]).toMatchObject({ sink: 'broken', depth: 10_000, delivered: 0, lastError: 'receiver: away' });
    expect(run.stats()[0]!.oldestAgeMs).toBeGreaterThanOrEqual(60 * MINUTE);
    isAway = false;
    await clock.advance(MINUTE);
    await clock.advance(0);
    expect(broken.got).toEqual(Array.from({ length: 10_000 }, (_, n) => String(n)));
    expect(run.stats()[0]).toMatchObject({ depth: 0, delivered: 10_000, failingSince: undefined });
    expect(Math.max(...broken.batches)).toBe(100);
  });

  it('waits 1, 2, 4, ... 60 s between tries', async () => {
    const times: number[] = [];
    const { sink } = memorySink('a', () => {
      times.push(clock.monotonicMs());
      return away();
    });
    const { clock, put } = setup([sink]);
    put('a', ['k', '1']);
    await clock.advance(190_000);
    expect(times.map((time, i) => time - (times[i - 1] ?? 0))).toEqual([
      0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000,
    ]);
  });

  it('tries at once when the receiver says that it is back', async () => {
    let isAway = true;
    const { sink, got, ready } = memorySink('a', () => (isAway ? away() : {}));
    const { clock, put } = setup([sink]);
    put('a', ['k', '1']);
    await clock.advance(100_000);
    isAway = false;
    ready();
    await clock.advance(0);
    expect(got).toEqual(['1']);
  });

  it('holds back only the rows behind a failed row of the same key', async () => {
    let refuses = true;
    const { sink, got } = memorySink('a', (batch) => ({
      retry: refuses ? batch.filter((row) => row.key === 'k').map((row) => row.id) : [],
    }));
    const { clock, put } = setup([sink]);
    put('a', ['k', 'k1'], ['j', 'j1'], ['k', 'k2']);
    await clock.advance(0);
    put('a', ['k', 'k3'], ['j', 'j2']);
    await clock.advance(500);
    expect(got).toEqual(['j1', 'j2']);
    refuses = false;
    await clock.advance(2000);
    expect(got).toEqual(['j1', 'j2', 'k1', 'k2', 'k3']);
  });

  it('sends a row again that the sink forgot to mention', async () => {
    let forgets = true;
    const { sink, got } = memorySink('a', () => (forgets ? { accepted: [] } : {}));
    const { clock, put } = setup([sink]);
    put('a', ['k', '1']);
    await clock.advance(0);
    forgets = false;
    await clock.advance(2000);
    expect(got).toEqual(['1']);
  });

  it('quarantines a refused row with its reason, goes on, and sends it when it is released', async () => {
    let refuses = true;
    const { sink, got } = memorySink('a', (batch) => ({
      rejected: refuses
        ? batch.filter((row) => row.payload === 'bad').map(({ id }) => ({ id, reason: 'too bad' }))
        : [],
    }));
    const { clock, ledger, run, put } = setup([sink]);
    put('a', ['k', 'bad'], ['k', 'good']);
    await clock.advance(0);
    expect(got).toEqual(['good']);
    expect(ledger.outbox.quarantined('a')).toMatchObject([{ id: 1, payload: 'bad', reason: 'too bad', attempts: 1 }]);
    expect(run.stats()[0]).toMatchObject({ depth: 0, delivered: 1, rejected: 1 });
    refuses = false;
    expect([ledger.outbox.release(1), ledger.outbox.release(1)]).toEqual([true, false]);
    await clock.advance(0);
    expect(got).toEqual(['good', 'bad']);
    expect(ledger.outbox.quarantined()).toEqual([]);
  });

  it.each([
    ['an error that no retry helps', (): AppError => away(false)],
    ['a mistake of the sink itself', (): AppError => new TypeError('x is undefined') as unknown as AppError],
  ])('keeps the rows on %s', async (_, failure) => {
    let fails = true;
    const { sink, got } = memorySink('a', () => {
      if (fails) throw failure();
      return {};
    });
    const { clock, put } = setup([sink]);
    put('a', ['k', '1']);
    await clock.advance(10 * MINUTE);
    fails = false;
    await clock.advance(MINUTE);
    expect(got).toEqual(['1']);
  });

  it('waits for a batch to fill, no longer than its linger', async () => {
    const { sink, batches } = memorySink('a');
    const { clock, put } = setup([{ ...sink, batchSize: 3, lingerMs: 1000 }]);
    put('a', ['k', '1']);
    await clock.advance(900);
    put('a', ['k', '2']);
    expect(batches).toEqual([]);
    await clock.advance(100);
    expect(batches).toEqual([2]);
    put('a', ['k', '3'], ['k', '4'], ['k', '5']);
    await clock.advance(0);
    expect(batches).toEqual([2, 3]);
  });

  it('does not wait an hour longer when the wall clock is set back an hour', async () => {
    let refuses = true;
    const { sink, got } = memorySink('a', (batch) => ({ retry: refuses ? batch.map((row) => row.id) : [] }));
    const { clock, put } = setup([{ ...sink, lingerMs: 1000 }]);
    put('a', ['k', '1']);
    await clock.advance(1000);
    clock.step(-3_600_000);
    refuses = false;
    await clock.advance(3000);
    expect(got).toEqual(['1']);
  });

  it('does not send again what was acknowledged while the ledger cannot take it down', async () => {
    const { sink, got } = memorySink('a');
    const clock = fakeClock();
    const ledger = testLedger(':memory:', { clock });
    let failures = 3;
    const settle: typeof ledger.outbox.settle = (settlement) => {
      if (failures-- > 0) throw new AppError('storage', 'ledger: settle outbox: EROFS');
      ledger.outbox.settle(settlement);
    };
    startOutbox({ ledger: { outbox: { ...ledger.outbox, settle } }, sinks: [sink], clock });
    ledger.outbox.enqueue([{ sink: 'a', kind: 'alert', key: 'k', payload: '1' }]);
    await clock.advance(MINUTE);
    expect(got).toEqual(['1']);
    expect(ledger.outbox.depth('a').depth).toBe(0);
  });

  it('keeps only the latest state that waits for a receiver', async () => {
    let isAway = true;
    const { sink, got } = memorySink('a', () => (isAway ? away() : {}));
    const { clock, ledger, put } = setup([sink]);
    put('a', ['k', 'alert']);
    for (const state of ['up', 'down', 'up again']) {
      ledger.outbox.enqueue([{ sink: 'a', kind: 'camera', key: 'camera/1', payload: state, latestOnly: true }]);
      await clock.advance(100);
    }
    isAway = false;
    await clock.advance(MINUTE);
    expect(got).toEqual(['alert', 'up again']);
  });

  it('tells a failing sink once a minute and its recovery once', async () => {
    const lines: string[] = [];
    let isAway = true;
    const { sink } = memorySink('a', () => (isAway ? away() : {}));
    const log = makeLogger({ write: (line) => lines.push(line) });
    const { clock, put } = setup([sink], { log });
    put('a', ['k', '1']);
    await clock.advance(59_000);
    expect(lines.filter((line) => line.includes('sink fails'))).toHaveLength(1);
    await clock.advance(121_000);
    const told = lines.filter((line) => line.includes('sink fails')).length;
    expect([2, 3]).toContain(told);
    isAway = false;
    await clock.advance(2 * MINUTE);
    expect(lines.filter((line) => line.includes('sink fails'))).toHaveLength(told);
    expect(lines.filter((line) => line.includes('sink delivers again'))).toHaveLength(1);
  });

  it('names rows that wait for a sink nobody configured', () => {
    const lines: string[] = [];
    const clock = fakeClock();
    const ledger = testLedger(':memory:', { clock });
    ledger.outbox.enqueue([{ sink: 'gone', kind: 'alert', key: 'k', payload: '1' }]);
    startOutbox({ ledger, sinks: [], clock, log: makeLogger({ write: (line) => lines.push(line) }) });
    expect(lines.join()).toContain('rows wait for a sink that is not configured');
  });

  it('ends at once when it is told to, also in the middle of a pause', async () => {
    const stop = new AbortController();
    const { sink } = memorySink('a', () => away());
    const { clock, ledger, run, put } = setup([sink, memorySink('idle').sink], { signal: stop.signal });
    put('a', ['k', '1']);
    await clock.advance(100_000);
    stop.abort();
    await run.done;
    await ledger.close();
    expect(clock.pending).toBe(0);
  });
});
