import type { WallMs } from './time.js';

/** One message waiting for one sink. */
export interface OutboxRow {
  /** Position in the sink's queue, ascending; also the order within a camera. */
  id: number;
  sink: string;
  /** What the payload is: `alert`, `active`, `camera`, `site`, `measurement`, ... The sink maps it to its own address. */
  kind: string;
  /** Rows of one key are delivered in order. */
  key: string;
  /** JSON. */
  payload: string;
  createdAt: WallMs;
  attempts: number;
}

/** What became of a batch. Every row given is in exactly one list. */
export interface Delivered {
  /** Ids acknowledged by the receiver: these rows go. */
  accepted: number[];
  /** Ids the receiver will never take, with the reason: quarantined, shown to the operator. */
  rejected: Array<{ id: number; reason: string }>;
  /** Ids to send again later. */
  retry: number[];
}

/** A receiver of outbox rows. `deliver` throws only `AppError`; a retryable one counts as `retry` for the whole batch. */
export interface Sink {
  name: string;
  /** Largest batch it wants. */
  batchSize: number;
  /** Longest wait for a batch to fill, ms. */
  lingerMs: number;
  deliver(batch: OutboxRow[], signal: AbortSignal): Promise<Delivered>;
  close(): Promise<void>;
}
