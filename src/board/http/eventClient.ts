import type { ServerResponse } from 'node:http';

/** One browser that listens. What it is owed is bounded however slowly it reads. */
export interface EventClient {
  /** Sends at once, or holds back the newest of each key until the browser reads again. */
  change(key: string, event: string, data: unknown): void;
  /** Sends an event with an id; false where the browser must read first: call again after `onDrain`. */
  step(id: number, event: string, data: unknown): boolean;
  comment(): void;
  /** How long it has not read, ms; 0 where it keeps up. */
  blockedMs(nowMs: number): number;
  end(): void;
}

export interface EventClientOptions {
  nowMs: () => number;
  /** The browser has read what was sent. */
  onDrain: () => void;
}

/** Bytes the socket may hold before the browser counts as blocked. */
const MOST_BUFFERED = 256 * 1024;

/** Writes server-sent events (WHATWG HTML section 9.2) to a response. */
export function eventClient(response: ServerResponse, { nowMs, onDrain }: EventClientOptions): EventClient {
  const held = new Map<string, { event: string; data: unknown }>();
  let blockedSince: number | undefined;

  const write = (text: string): void => {
    const free = response.write(text);
    if (!free && response.writableLength > MOST_BUFFERED) blockedSince ??= nowMs();
  };
  const send = (event: string, data: unknown, id?: number): void =>
    write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);

  response.on('drain', () => {
    blockedSince = undefined;
    for (const [key, { event, data }] of held) {
      if (blockedSince !== undefined) return;
      held.delete(key);
      send(event, data);
    }
    onDrain();
  });

  return {
    change(key, event, data) {
      if (blockedSince === undefined) send(event, data);
      else held.set(key, { event, data });
    },
    step(id, event, data) {
      if (blockedSince !== undefined) return false;
      send(event, data, id);
      return true;
    },
    comment() {
      if (blockedSince === undefined) write(': still here\n\n');
    },
    blockedMs: (now) => (blockedSince === undefined ? 0 : now - blockedSince),
    end() {
      response.end();
    },
  };
}
