/**
 * A signal that fires with the first of several, or after `afterMs`. `AbortSignal.any` would do, but browsers of service
 * halls are often some years old.
 */
export function firstOf(signals: readonly AbortSignal[], afterMs?: number): AbortSignal {
  const first = new AbortController();
  const timer = afterMs === undefined ? undefined : window.setTimeout(() => first.abort(), afterMs);
  const fire = (): void => {
    window.clearTimeout(timer);
    first.abort();
  };
  for (const signal of signals) {
    if (signal.aborted) fire();
    else signal.addEventListener('abort', fire, { once: true, signal: first.signal });
  }
  return first.signal;
}
