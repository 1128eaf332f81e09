import { connect } from 'node:net';
import { type Clock, sleep } from '../../core/clock.js';

const PORTS: Record<string, number> = { 'rtsp:': 554, 'rtsps:': 322, 'http:': 80, 'https:': 443 };
const KNOCK_EVERY_MS = 5000;
const PATIENCE_MS = 3000;

/** Host and port of a network address; undefined for one without. */
export function doorOf(url: string): { host: string; port: number } | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname, port, protocol } = new URL(url);
  const number = port === '' ? PORTS[protocol] : Number(port);
  if (hostname === '' || number === undefined) return undefined;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: number };
}

/** Resolves to true where the port accepts a connection; nothing is sent. Never rejects. */
export type Knock = (door: { host: string; port: number }, clock: Clock) => Promise<boolean>;

export const knockByTcp: Knock = (door, clock) =>
  new Promise((resolve) => {
    const socket = connect({ ...door });
    const timer = clock.after(PATIENCE_MS, () => done(false));
    const done = (open: boolean): void => {
      timer.cancel();
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });

/**
 * Waits `ms`, or less where a door that was shut opens: the upper steps of the ladder last a minute, and a camera that
 * comes back should not wait for it. A door that stands open all the time changes nothing.
 */
export async function waitAtDoor(
  ms: number,
  door: { host: string; port: number } | undefined,
  { clock, signal, knock }: { clock: Clock; signal: AbortSignal; knock: Knock },
): Promise<void> {
  const until = clock.monotonicMs() + ms;
  const left = (): number => until - clock.monotonicMs();
  let wasShut = false;
  while (left() > KNOCK_EVERY_MS && door && !signal.aborted) {
    const open = await knock(door, clock);
    if (open && wasShut) return;
    wasShut ||= !open;
    await sleep(clock, Math.max(1, Math.min(KNOCK_EVERY_MS, left())), signal);
  }
  if (left() > 0) await sleep(clock, left(), signal);
}
