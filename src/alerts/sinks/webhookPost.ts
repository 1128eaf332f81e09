import type { Clock } from '../../core/clock.js';
import { AppError } from '../../core/errors.js';
import { hmacSha256 } from '../../core/hash.js';
import { httpPost } from './httpPost.js';

export interface WebhookTarget {
  /** Name in the configuration. */
  name: string;
  url: string;
  /** Key of the signature. */
  secret: string;
  clock: Clock;
  /** Longest wait for an answer to one message. Default 10 s. */
  limitMs?: number;
}

/** A message: JSON, and what a receiver recognises it by when it comes again. */
export interface WebhookMessage {
  body: string;
  idempotencyKey: string;
}

/** What came of one message. `away` blames the receiver as a whole, `later` only this message. */
export type PostOutcome =
  | { type: 'accepted' }
  | { type: 'rejected'; reason: string }
  | { type: 'later' | 'away'; error: AppError };

/**
 * Signature of a message: `t=UNIX_SECONDS,v1=HEX`, the HMAC-SHA-256 of `UNIX_SECONDS.BODY`. The time is signed too, so a
 * receiver that refuses old ones cannot be fed a recording.
 */
export function webhookSignature(secret: string, body: string, unixSeconds: number): string {
  return `t=${unixSeconds},v1=${hmacSha256(secret, `${unixSeconds}.${body}`)}`;
}

/** Sends one message and judges the answer. Never throws. */
export async function postWebhook(
  { body, idempotencyKey }: WebhookMessage,
  { name, url, secret, clock, limitMs = 10_000 }: WebhookTarget,
  signal: AbortSignal,
): Promise<PostOutcome> {
  const what = `webhook ${name}: POST`;
  const headers = {
    'Idempotency-Key': idempotencyKey,
    'X-Hallwatch-Signature': webhookSignature(secret, body, Math.floor(clock.now() / 1000)),
  };
  const answer = await httpPost({ what, url, body, headers, clock, limitMs }, signal);
  return answer.type === 'none' ? { type: 'away', error: answer.error } : judge(what, answer.status);
}

function judge(what: string, status: number): PostOutcome {
  if (status >= 200 && status < 300) return { type: 'accepted' };
  if (status === 401 || status === 403) {
    const facts = { retryable: true, hint: "check the webhook's secret against the receiver" };
    return { type: 'away', error: new AppError('auth-failed', `${what}: ${status}: not let in`, facts) };
  }
  if (status >= 500 || status === 408 || status === 429) {
    return { type: 'later', error: new AppError('unreachable', `${what}: ${status}`, { retryable: true }) };
  }
  if (status < 400) {
    const facts = { retryable: true, hint: 'give the address itself: redirects are not followed' };
    return { type: 'away', error: new AppError('protocol', `${what}: ${status}: it points elsewhere`, facts) };
  }
  return { type: 'rejected', reason: `the receiver answered ${status}` };
}
