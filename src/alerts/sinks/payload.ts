import { messageOf } from '../../core/errors.js';
import type { Delivered, OutboxRow } from '../../core/sink.js';
import type { MessageKind } from '../outbox/alertSink.js';
import type { DeadlineMessage } from '../outbox/deadlineMessage.js';
import type { AlertMessage, CameraMessage, MeasurementMessage, NoticeMessage } from '../outbox/messages.js';

/** What a row carries, by its kind. */
export type Payload =
  | { kind: 'alert'; message: AlertMessage }
  | { kind: 'camera'; message: CameraMessage }
  | { kind: 'deadline'; message: DeadlineMessage }
  | { kind: 'measurement'; message: MeasurementMessage }
  | { kind: 'notice'; message: NoticeMessage };

/** A row with its payload read, or why it cannot be. */
export type ReadRow = ReadableRow | { row: OutboxRow; reason: string };

export interface ReadableRow {
  row: OutboxRow;
  payload: Payload;
}

const NEEDED: Record<MessageKind, readonly string[]> = {
  alert: ['id', 'seq', 'ordinal', 'step', 'rule', 'subject'],
  camera: ['camera', 'state'],
  deadline: ['id', 'loopOrdinal', 'track', 'state', 'level', 'dueAt', 'at', 'rule', 'subject'],
  measurement: ['measurement', 'atMs', 'id', 'fields'],
  notice: ['id', 'notice', 'at', 'text'],
};

/** Reads a row for a sink that takes `wants`. A row nobody can read is refused with the reason, never thrown. */
export function readRow(row: OutboxRow, wants: readonly MessageKind[]): ReadRow {
  const kind = wants.find((wanted) => wanted === row.kind);
  if (!kind) return { row, reason: `this sink takes no ${row.kind}` };
  try {
    const message: unknown = JSON.parse(row.payload);
    if (typeof message !== 'object' || message === null) return { row, reason: 'payload is no JSON object' };
    const missing = NEEDED[kind].find((key) => !(key in message));
    if (missing) return { row, reason: `payload has no ${missing}` };
    return { row, payload: { kind, message } as Payload };
  } catch (error) {
    return { row, reason: `payload is no JSON: ${messageOf(error)}` };
  }
}

/** True for a row that could be read. */
export const isReadable = (read: ReadRow): read is ReadableRow => 'payload' in read;

/** The refusals among rows that were read. */
export const refusals = (reads: readonly ReadRow[]): Delivered['rejected'] =>
  reads.flatMap((read) => ('reason' in read ? { id: read.row.id, reason: read.reason } : []));
