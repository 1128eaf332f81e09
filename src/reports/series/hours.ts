import type { Ledger } from '../../alerts/ledger/openLedger.js';
import type { SiteFacts } from '../../alerts/outbox/messages.js';

/** What the hourly measurements are made of. */
export type HourLedger = Pick<Ledger, 'serviceSessions' | 'courtesy' | 'observations' | 'incidents' | 'transcripts'>;

/** Whole hours, `from <= t < to`, ms. */
export interface HourSpan {
  from: number;
  to: number;
}

export interface HourOptions {
  ledger: HourLedger;
  facts: SiteFacts;
  span: HourSpan;
}

export const HOUR_MS = 3_600_000;

/** The beginning of the hour in which an instant lies, ms. */
export const hourOf = (at: number): number => Math.floor(at / HOUR_MS) * HOUR_MS;

/** The beginning of every hour of a span, and its end. */
export const edgesOf = ({ from, to }: HourSpan): number[] =>
  Array.from({ length: Math.round((to - from) / HOUR_MS) + 1 }, (_, i) => from + i * HOUR_MS);
