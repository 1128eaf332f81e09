import { messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import type { Delivered, OutboxRow } from '../../core/sink.js';
import type { AlertSink, MessageKind } from '../outbox/alertSink.js';
import { type InfluxClientOptions, influxClient, type WriteOutcome } from './influxClient.js';
import { type Point, pointOf } from './influxPoints.js';
import { type InfluxRetention, prepareSchema } from './influxSchema.js';
import { isReadable, type ReadRow, readRow, refusals } from './payload.js';

export type InfluxSinkOptions = Omit<InfluxClientOptions, 'limitMs'> & {
  /** Longest wait for an answer, ms. Default 10 s. */
  limitMs?: number;
  /** Makes retention policies and hourly roll-ups after the first write; none where absent. */
  schema?: { retention: InfluxRetention; log: Logger };
};

interface Item {
  row: OutboxRow;
  point: Point;
}

const WANTS: readonly MessageKind[] = ['alert', 'camera', 'measurement'];

/**
 * InfluxDB 1.x, batches of 1000 or one second. A batch that the server refuses is halved until the points it objects to
 * stand alone; those are refused, all others are written. A point written twice overwrites itself, so a partial write
 * needs no care.
 */
export function influxSink(options: InfluxSinkOptions): AlertSink {
  const client = influxClient({ ...options, limitMs: options.limitMs ?? 10_000 });
  let prepared: Promise<unknown> | undefined;
  const prepareOnce = (): void => {
    if (!options.schema) return;
    prepared ??= prepareSchema(client, { database: options.database, ...options.schema });
  };
  return {
    name: 'influx',
    wants: WANTS,
    batchSize: 1000,
    lingerMs: 1000,
    async deliver(batch, signal) {
      const reads = batch.map((row) => readRow(row, WANTS));
      const { items, unmapped } = mapped(reads);
      const delivered: Delivered = { accepted: [], rejected: [...refusals(reads), ...unmapped], retry: [] };
      try {
        await writeHalving(items, (points) => client.write(points), { delivered, signal });
        if (delivered.accepted.length > 0) prepareOnce();
      } catch (error) {
        // Nothing got through: the sink as a whole is away. Else keep what did, and send the rest again.
        if (delivered.accepted.length + delivered.rejected.length === 0) throw error;
      }
      const settled = new Set([...delivered.accepted, ...delivered.rejected.map(({ id }) => id)]);
      delivered.retry = batch.map((row) => row.id).filter((id) => !settled.has(id));
      return delivered;
    },
    async close() {
      await prepared;
    },
  };
}

function mapped(reads: readonly ReadRow[]): { items: Item[]; unmapped: Delivered['rejected'] } {
  const items: Item[] = [];
  const unmapped: Delivered['rejected'] = [];
  for (const { row, payload } of reads.filter(isReadable)) {
    try {
      items.push({ row, point: pointOf(payload) });
    } catch (error) {
      unmapped.push({ id: row.id, reason: messageOf(error) });
    }
  }
  return { items, unmapped };
}

type Write = (points: Point[]) => Promise<WriteOutcome>;

/** Writes the items, filling `delivered` as it goes, so that a failure half-way keeps what was done. */
async function writeHalving(
  items: Item[],
  write: Write,
  into: { delivered: Delivered; signal: AbortSignal },
): Promise<void> {
  if (items.length === 0 || into.signal.aborted) return;
  const result = await write(items.map((item) => item.point));
  if (result.outcome === 'written') {
    into.delivered.accepted.push(...items.map((item) => item.row.id));
  } else if (items.length === 1) {
    into.delivered.rejected.push({ id: items[0]!.row.id, reason: result.reason });
  } else {
    const half = Math.ceil(items.length / 2);
    await writeHalving(items.slice(0, half), write, into);
    await writeHalving(items.slice(half), write, into);
  }
}
