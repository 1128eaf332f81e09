import type { Clock } from '../../core/clock.js';
import { AppError } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import type { Delivered, OutboxRow } from '../../core/sink.js';
import { isoOf } from '../../core/time.js';
import type { AlertSink, MessageKind } from '../outbox/alertSink.js';
import type { AlertMessage, CameraMessage } from '../outbox/messages.js';
import { type MqttConnection, openMqtt } from './mqttConnection.js';
import { activeAlert, cameraState, type Publication, publicationsOf, siteState } from './mqttTopics.js';
import { isReadable, type Payload, readRow, refusals } from './payload.js';
import { within } from './within.js';

export interface MqttSinkOptions {
  site: string;
  /** `mqtt://HOST:PORT` or `mqtts://HOST:PORT`. */
  url: string;
  credentials?: { user: string; password: string };
  clock: Clock;
  log: Logger;
  /** What is so now, published as retained messages after each connect: a broker may have forgotten it. */
  present?: () => { alerts: AlertMessage[]; cameras: CameraMessage[] };
  /** How long the acknowledgements of a batch may take. Default 10 s. */
  ackLimitMs?: number;
}

const WANTS: readonly MessageKind[] = ['alert', 'camera', 'deadline', 'notice'];
/** Larger than any message of ours; brokers close the connection on one that is too large, for ever the same row. */
const LARGEST_BYTES = 256 * 1024;
const FAREWELL_LIMIT_MS = 2000;

/**
 * MQTT with QoS 1: a row is accepted when the broker has acknowledged all that it publishes. Topics are in
 * `mqttTopics.ts`. The outbox is the durable queue; nothing is kept here.
 */
export function mqttSink(options: MqttSinkOptions): AlertSink {
  const { site, url, credentials, clock, log, present, ackLimitMs = 10_000 } = options;
  const listeners = new Set<() => void>();

  const onConnect = async (): Promise<void> => {
    const { alerts, cameras } = present?.() ?? { alerts: [], cameras: [] };
    const now = [
      siteState(site, 'online', isoOf(clock.now())),
      ...alerts.map((alert) => activeAlert(site, alert)),
      ...cameras.map((camera) => cameraState(site, camera)),
    ];
    await Promise.allSettled(now.map((publication) => connection.publish(publication)));
    for (const listen of listeners) listen();
  };

  // A fixed client id: the broker ends a half-dead earlier connection, and its last will, before this one begins.
  const connection = openMqtt({
    url,
    clientId: `hallwatch-${site}`,
    credentials,
    will: siteState(site, 'offline'),
    onConnect,
    clock,
    log,
  });

  return {
    name: 'mqtt',
    wants: WANTS,
    hearsWords: true,
    batchSize: 100,
    lingerMs: 0,
    onReady(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
    async deliver(batch) {
      if (!connection.connected) {
        throw new AppError('unreachable', `mqtt ${url}: not connected: ${connection.problem}`, { retryable: true });
      }
      const reads = batch.map((row) => readRow(row, WANTS));
      const sendable = reads
        .filter(isReadable)
        .map(({ row, payload }) => ({ row, publications: sendablePart(site, payload) }));
      const tooLarge = sendable.filter((item) =>
        item.publications.some((p) => Buffer.byteLength(p.payload) > LARGEST_BYTES),
      );
      const rejected = [
        ...refusals(reads),
        ...tooLarge.map(({ row }) => ({ id: row.id, reason: `larger than ${LARGEST_BYTES} bytes` })),
      ];
      const results = await publishAll(
        connection,
        sendable.filter((item) => !tooLarge.includes(item)),
        clock,
        ackLimitMs,
      );
      return { ...inOrder(results), rejected };
    },
    async close() {
      if (connection.connected) {
        const farewell = connection.publish(siteState(site, 'offline', isoOf(clock.now()))).catch(() => {});
        await within(clock, FAREWELL_LIMIT_MS, farewell);
      }
      await connection.close();
    },
  };
}

const sendablePart = (site: string, payload: Payload): Publication[] =>
  payload.kind === 'measurement' ? [] : publicationsOf(site, payload);

interface Sending {
  row: OutboxRow;
  publications: Publication[];
}

/** Sends all at once, in order, and waits for the acknowledgements; a broker that answers nothing is dropped. */
async function publishAll(connection: MqttConnection, items: Sending[], clock: Clock, limitMs: number) {
  const acknowledged = new Set<OutboxRow>();
  const sending = items.map(async ({ row, publications }) => {
    const acks = await Promise.allSettled(publications.map((publication) => connection.publish(publication)));
    if (acks.every((ack) => ack.status === 'fulfilled')) acknowledged.add(row);
  });
  if (!(await within(clock, limitMs, Promise.all(sending)))) connection.drop();
  return items.map(({ row }) => ({ row, ok: acknowledged.has(row) }));
}

/** Behind a row that failed, later rows of its key go again too, so that the receiver has them in order in the end. */
function inOrder(results: Array<{ row: OutboxRow; ok: boolean }>): Pick<Delivered, 'accepted' | 'retry'> {
  const broken = new Set<string>();
  const accepted: number[] = [];
  const retry: number[] = [];
  for (const { row, ok } of results) {
    if (!ok) broken.add(row.key);
    (broken.has(row.key) ? retry : accepted).push(row.id);
  }
  return { accepted, retry };
}
