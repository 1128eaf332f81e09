import { z } from 'zod';
import { type WindowId, windowId } from '../../core/ids.js';
import { type EventMs, eventMs } from '../../core/time.js';

/** A command of the queue system as it came from the broker. */
export interface QueueMessage {
  topic: string;
  payload: Uint8Array;
  retained: boolean;
}

/** What it says, or why it is not taken. */
export type QueueCommand =
  | { ok: true; event: { window: WindowId; event: string; ticket: string | undefined; at: EventMs } }
  | { ok: false; why: 'topic' | 'retained' | 'malformed' | 'expired' | 'replayed' | 'unknown-window' };

const body = z.strictObject({
  nonce: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/),
  at: z.int(),
  expires: z.int(),
  event: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  ticket: z.string().trim().min(1).max(40).optional(),
});

const LONGEST_BYTES = 1000;
/** A command is good for this long at most; so is the memory of its nonce. */
const LONGEST_LIFE_MS = 5 * 60_000;
/** It may come from a clock that is a little ahead. */
const AHEAD_MS = 10_000;
const MOST_NONCES = 10_000;

/**
 * Reads commands below `hallwatch/SITE/queue/`, as docs/queue-contract.md has them. A retained command is an old one that a
 * broker hands to everybody who comes, so it is never obeyed; a nonce is taken once within the life of its command.
 */
export function queueReader(options: {
  site: string;
  windows: ReadonlySet<string>;
}): (message: QueueMessage, now: EventMs) => QueueCommand {
  const prefix = `hallwatch/${options.site}/queue/`;
  const nonces = new Map<string, number>();
  return ({ topic, payload, retained }, now) => {
    const refuse = (why: Extract<QueueCommand, { ok: false }>['why']): QueueCommand => ({ ok: false, why });
    if (!topic.startsWith(prefix)) return refuse('topic');
    if (retained) return refuse('retained');
    const said = payload.length > LONGEST_BYTES ? undefined : body.safeParse(jsonOf(payload)).data;
    if (!said || said.expires <= said.at || said.expires - said.at > LONGEST_LIFE_MS) return refuse('malformed');
    if (now >= said.expires || said.at > now + AHEAD_MS) return refuse('expired');
    const window = topic.slice(prefix.length);
    if (!options.windows.has(window)) return refuse('unknown-window');
    for (const [nonce, expires] of nonces) if (expires < now || nonces.size > MOST_NONCES) nonces.delete(nonce);
    if (nonces.has(said.nonce)) return refuse('replayed');
    nonces.set(said.nonce, said.expires);
    const { event, ticket, at } = said;
    return { ok: true, event: { window: windowId(window), event, ticket, at: eventMs(at) } };
  };
}

function jsonOf(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    // What is no JSON is refused like any other message of the wrong form.
    return undefined;
  }
}
