import type { AppError } from '../../core/errors.js';
import type { Delivered } from '../../core/sink.js';
import type { AlertSink, MessageKind } from '../outbox/alertSink.js';
import { isReadable, type Payload, type ReadableRow, readRow, refusals } from './payload.js';
import { postWebhook, type WebhookTarget } from './webhookPost.js';

const WANTS: readonly MessageKind[] = ['alert', 'deadline', 'notice'];
/** Subjects that are served side by side. */
const LANES = 4;

/**
 * POSTs each alert step as JSON, in order within a subject, several subjects side by side. Redirects are not followed.
 * 2xx is an acknowledgement. 408, 429 and 5xx are tried again; so are redirects, 401 and 403, where the address or the key
 * is wrong and not the message; any other answer refuses the message. The sink is called `webhook-NAME`.
 */
export function webhookSink(target: WebhookTarget): AlertSink {
  return {
    name: `webhook-${target.name}`,
    wants: WANTS,
    batchSize: 20,
    lingerMs: 0,
    async deliver(batch, signal) {
      const reads = batch.map((row) => readRow(row, WANTS));
      const delivered: Delivered = { accepted: [], rejected: refusals(reads), retry: [] };
      const problem = await postAll(lanesOf(reads.filter(isReadable)), target, { delivered, signal });
      if (problem && delivered.accepted.length + delivered.rejected.length === 0) throw problem;
      const settled = new Set([...delivered.accepted, ...delivered.rejected.map(({ id }) => id)]);
      delivered.retry = batch.map((row) => row.id).filter((id) => !settled.has(id));
      return delivered;
    },
    async close() {},
  };
}

/** Rows by key, each lane in order. */
function lanesOf(reads: readonly ReadableRow[]): ReadableRow[][] {
  const lanes = new Map<string, ReadableRow[]>();
  for (const read of reads) lanes.set(read.row.key, [...(lanes.get(read.row.key) ?? []), read]);
  return [...lanes.values()];
}

/** Posts lane by lane, filling `delivered`; a failure ends its lane, a receiver that is away ends all. Returns the last failure. */
async function postAll(
  lanes: ReadableRow[][],
  target: WebhookTarget,
  { delivered, signal }: { delivered: Delivered; signal: AbortSignal },
): Promise<AppError | undefined> {
  let problem: AppError | undefined;
  let away = false;

  /** Returns whether the next row of the lane may go. */
  const post = async ({ row, payload }: ReadableRow): Promise<boolean> => {
    if (away || signal.aborted) return false;
    const idempotencyKey = idempotencyKeyOf(payload);
    const outcome = await postWebhook({ body: row.payload, idempotencyKey }, target, signal);
    switch (outcome.type) {
      case 'accepted':
        delivered.accepted.push(row.id);
        return true;
      case 'rejected':
        delivered.rejected.push({ id: row.id, reason: outcome.reason });
        return true;
      case 'later':
      case 'away':
        problem = outcome.error;
        away ||= outcome.type === 'away';
        return false;
    }
  };

  const serve = async (): Promise<void> => {
    for (let lane = lanes.shift(); lane; lane = lanes.shift()) {
      for (const read of lane) if (!(await post(read))) break;
    }
  };
  await Promise.all(Array.from({ length: LANES }, serve));
  return problem;
}

/** Names a message for ever; a kind that this sink does not take never comes here. */
function idempotencyKeyOf(payload: Payload): string {
  switch (payload.kind) {
    case 'alert':
      return `${payload.message.id}.${payload.message.ordinal}`;
    case 'deadline':
      return `${payload.message.id}.loop.${payload.message.loopOrdinal}`;
    case 'notice':
    case 'measurement':
      return payload.message.id;
    case 'camera':
      return `${payload.message.camera}.${payload.message.at}`;
  }
}
