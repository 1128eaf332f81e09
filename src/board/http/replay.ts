/** Remembers the request ids of a session, so that a call that is sent twice is carried out once. */
export interface ReplayGuard {
  /** True the first time an id is seen in a session. */
  first(session: string, requestId: string): boolean;
}

const REQUEST_ID = /^[A-Za-z0-9_-]{16,64}$/;

export const isRequestId = (text: string | undefined): text is string => text !== undefined && REQUEST_ID.test(text);

/** Keeps the newest `capacity` ids of all sessions together; 20000 ids are about 2 MB. */
export function replayGuard(capacity = 20_000): ReplayGuard {
  const seen = new Set<string>();
  return {
    first(session, requestId) {
      const key = `${session}:${requestId}`;
      if (seen.has(key)) return false;
      seen.add(key);
      if (seen.size > capacity) seen.delete(seen.values().next().value!);
      return true;
    },
  };
}
