import { AppError } from './errors.js';

/** UTC milliseconds at which something was captured. Assigned once, at ingest; the only time rules know. */
export type EventMs = number & { readonly unit: 'event-ms' };

/** UTC milliseconds of this machine's own clock. For `sentAt`, retries, retention and sessions only. */
export type WallMs = number & { readonly unit: 'wall-ms' };

export const eventMs = (ms: number): EventMs => ms as EventMs;
export const wallMs = (ms: number): WallMs => ms as WallMs;

/** `at` moved by a number of milliseconds, which may be negative. */
export const plusMs = (at: EventMs, ms: number): EventMs => (at + ms) as EventMs;

/** ISO 8601 in UTC with milliseconds, e.g. `2026-10-08T01:30:00.000Z`. */
export const isoOf = (at: EventMs | WallMs): string => new Date(at).toISOString();

/**
 * Reads an ISO 8601 instant. A time without zone is refused: whose midnight it means must not be guessed.
 * @throws AppError `bad-input`
 */
export function parseInstant(text: string, what: string): EventMs {
  const ms = /(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) {
    throw new AppError('bad-input', `${what}: ${JSON.stringify(text)}: not an ISO 8601 instant with a zone`, {
      hint: 'write it as 2026-10-08T09:30:00+08:00 or 2026-10-08T01:30:00Z',
    });
  }
  return eventMs(ms);
}
