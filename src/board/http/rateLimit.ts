import type { Clock } from '../../core/clock.js';

/** How many calls at once and how fast they come back. */
export interface Rate {
  burst: number;
  perMinute: number;
}

/** Takes one call from a key's bucket. Returns 0 where it may pass, else the seconds to wait. */
export type RateLimit = (key: string) => number;

interface Bucket {
  tokens: number;
  atMs: number;
}

/** A token bucket a key; at most `capacity` keys are kept, the one not used for longest goes first. */
export function rateLimit({ burst, perMinute }: Rate, clock: Clock, capacity = 10_000): RateLimit {
  const buckets = new Map<string, Bucket>();
  const perMs = perMinute / 60_000;
  return (key) => {
    const nowMs = clock.monotonicMs();
    const before = buckets.get(key) ?? { tokens: burst, atMs: nowMs };
    const tokens = Math.min(burst, before.tokens + (nowMs - before.atMs) * perMs);
    buckets.delete(key);
    buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs: nowMs });
    if (buckets.size > capacity) buckets.delete(buckets.keys().next().value!);
    return tokens >= 1 ? 0 : Math.ceil((1 - tokens) / perMs / 1000);
  };
}
