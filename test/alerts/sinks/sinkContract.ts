import { describe, expect, it } from 'vitest';
import type { AlertSink } from '../../../src/alerts/outbox/alertSink.js';
import { AppError } from '../../../src/core/errors.js';
import type { Delivered, OutboxRow } from '../../../src/core/sink.js';
import { alertRow } from '../../support/outbox.js';
import { until } from '../../support/servers.js';

/** A sink with a real receiver behind it. */
export interface SinkUnderTest {
  sink: AlertSink;
  /** Messages as `id.ordinal`, in the order in which a receiver that drops what it has would keep them. */
  received(): Promise<string[]>;
  /** Ends the receiver, and starts it again with what it had on its disk. */
  stopReceiver(): Promise<void>;
  startReceiver(): Promise<void>;
}

const never = new AbortController().signal;
const nameOf = (row: OutboxRow): string => {
  const { id, ordinal } = JSON.parse(row.payload) as { id: string; ordinal: number };
  return `${id}.${ordinal}`;
};
const idsOf = (delivered: Delivered): number[] =>
  [...delivered.accepted, ...delivered.rejected.map(({ id }) => id), ...delivered.retry].sort((a, b) => a - b);

/** Delivers until the receiver can be reached: its connection may still be on its way. */
async function deliverWhenReady(sink: AlertSink, batch: OutboxRow[]): Promise<Delivered> {
  let delivered: Delivered | undefined;
  await until(`${sink.name} delivers`, async () => {
    delivered = await sink.deliver(batch, never).catch((error: unknown) => {
      if (error instanceof AppError && error.retryable) return undefined;
      throw error;
    });
    return delivered !== undefined && delivered.retry.length === 0;
  });
  return delivered!;
}

/** What holds for every sink. `setup` starts a fresh receiver and sink for one test. */
export function sinkContract(name: string, setup: () => Promise<SinkUnderTest>): void {
  describe(`${name} keeps the contract of sinks`, () => {
    it('accepts a batch and delivers each row, in order within a key', async () => {
      const { sink, received } = await setup();
      const batch = [1, 2, 3, 4, 5, 6].map((n) => alertRow(n, { subject: n % 2 === 0 ? 'W02' : 'W01' }));
      const delivered = await deliverWhenReady(sink, batch);
      expect(delivered).toEqual({ accepted: expect.any(Array), rejected: [], retry: [] });
      expect(idsOf(delivered)).toEqual([1, 2, 3, 4, 5, 6]);
      await until('all received', async () => (await received()).length === 6);
      for (const key of ['W01', 'W02']) {
        const names = batch.filter((row) => row.key === key).map(nameOf);
        expect((await received()).filter((message) => names.includes(message))).toEqual(names);
      }
    });

    it('refuses rows it cannot read and delivers their neighbours', async () => {
      const { sink, received } = await setup();
      const batch = [
        alertRow(1),
        alertRow(2, { payload: '{"id":' }),
        alertRow(3, { payload: '[]' }),
        alertRow(4, { kind: 'nonsense' }),
        alertRow(5),
      ];
      const delivered = await deliverWhenReady(sink, batch);
      expect([...delivered.accepted].sort()).toEqual([1, 5]);
      expect(delivered.rejected.map(({ id }) => id).sort()).toEqual([2, 3, 4]);
      expect(delivered.rejected.every(({ reason }) => reason.length > 0)).toBe(true);
      await until('both received', async () => (await received()).length === 2);
    });

    it('leaves the receiver as it was when a batch comes again', async () => {
      const { sink, received } = await setup();
      const batch = [alertRow(1), alertRow(2)];
      await deliverWhenReady(sink, batch);
      await deliverWhenReady(sink, batch);
      await until('received', async () => (await received()).length === 2);
      expect(await received()).toEqual(batch.map(nameOf));
    });

    it('throws a retryable error while the receiver is away, and delivers when it is back', async () => {
      const { sink, received, stopReceiver, startReceiver } = await setup();
      await deliverWhenReady(sink, [alertRow(1)]);
      await until('first received', async () => (await received()).length === 1);
      await stopReceiver();
      await until('failure is told', async () => {
        const outcome = await sink.deliver([alertRow(2)], never).catch((error: unknown) => error);
        return outcome instanceof AppError && outcome.retryable;
      });
      await startReceiver();
      await deliverWhenReady(sink, [alertRow(2)]);
      await until('both received', async () => (await received()).length === 2);
    });

    it('says nothing was accepted when it is told to stop before it began', async () => {
      const { sink } = await setup();
      await deliverWhenReady(sink, [alertRow(1)]);
      const outcome = await sink.deliver([alertRow(2)], AbortSignal.abort()).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(AppError);
      else expect(idsOf(outcome as Delivered)).toEqual([2]);
    });

    it('closes twice without complaint', async () => {
      const { sink } = await setup();
      await sink.close();
      await sink.close();
    });
  });
}
