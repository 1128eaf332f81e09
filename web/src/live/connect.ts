import { systemClock } from '../../../src/core/clock.js';
import { addressOf, call, refusal } from '../api/call.js';
import { ApiError } from '../api/error.js';
import type { LiveState } from '../api/types.js';
import { language } from '../i18n.js';
import { stopClock, tickClock } from './clock.js';
import { firstOf } from './signals.js';
import { type ServerEvent, sseParser } from './sse.js';
import {
  clearLive,
  link,
  passSeq,
  takeCamera,
  takeClock,
  takeIncident,
  takeRoom,
  takeSnapshot,
  takeSteps,
  takeWindow,
} from './store.js';

/**
 * Keeps the live store true for as long as it is asked to. The stream is read by `fetch`, not `EventSource`, because the
 * page must see the server's comment lines (they are the sign of life), the status of a refusal, and its own language.
 */
const SILENT_AFTER_MS = 35_000;
const PROBE_EVERY_MS = 5_000;
const PROBE_TIMEOUT_MS = 4_000;
const CLOCK_EVERY_MS = 15_000;
const RETRY_MS = [500, 1000, 2000, 3000, 5000] as const;

let stop: AbortController | undefined;
let clockReadAt = 0;
let wake: (() => void) | undefined;
let current: AbortController | undefined;

/** Begins; calling again while it runs changes nothing. */
export function startLive(): void {
  if (stop) return;
  stop = new AbortController();
  const { signal } = stop;
  const ticker = window.setInterval(tickClock, 1000);
  const prober = window.setInterval(() => void probe(signal), PROBE_EVERY_MS);
  const seen = (): void => {
    if (document.visibilityState === 'visible') void probe(signal);
  };
  const cut = (): void => current?.abort();
  document.addEventListener('visibilitychange', seen);
  window.addEventListener('offline', cut);
  window.addEventListener('online', retryNow);
  signal.addEventListener('abort', () => {
    window.clearInterval(ticker);
    window.clearInterval(prober);
    document.removeEventListener('visibilitychange', seen);
    window.removeEventListener('offline', cut);
    window.removeEventListener('online', retryNow);
  });
  void run(signal);
}

export function stopLive(): void {
  stop?.abort();
  current?.abort();
  stop = undefined;
  stopClock();
  clearLive();
}

/** Tries at once instead of waiting for the next turn. */
export const retryNow = (): void => wake?.();

/** Reads the stream anew, e.g. after a change of language. */
export const restartStream = (): void => current?.abort();

async function run(signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    try {
      await readStream(signal, () => {
        failures = 0;
      });
    } catch (error) {
      if (error instanceof ApiError && (error.code === 'signed-out' || error.code === 'forbidden')) return;
    }
    if (signal.aborted) return;
    lose();
    await pause(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]!, signal);
    failures += 1;
  }
}

function lose(): void {
  link.status = 'lost';
  stopClock();
}

function heard(): void {
  link.heardAt = systemClock.now();
}

async function readStream(signal: AbortSignal, onLive: () => void): Promise<void> {
  const attempt = new AbortController();
  current = attempt;
  let silence = window.setTimeout(() => attempt.abort(), SILENT_AFTER_MS);
  try {
    const response = await fetch(addressOf('streamEvents', {}), {
      headers: {
        Accept: 'text/event-stream',
        'Accept-Language': language(),
        ...(link.seq > 0 ? { 'Last-Event-ID': String(link.seq) } : {}),
      },
      credentials: 'same-origin',
      cache: 'no-store',
      signal: firstOf([signal, attempt.signal]),
    });
    if (!response.ok) throw refusal(response.status, await response.text());
    const parse = sseParser();
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      window.clearTimeout(silence);
      silence = window.setTimeout(() => attempt.abort(), SILENT_AFTER_MS);
      heard();
      for (const event of parse(part.value)) {
        take(event);
        if (event.event === 'snapshot') onLive();
      }
    }
  } finally {
    window.clearTimeout(silence);
    attempt.abort();
  }
}

function take({ event, data }: ServerEvent): void {
  const value = JSON.parse(data);
  switch (event) {
    case 'snapshot':
      takeSnapshot(value as LiveState);
      link.status = 'live';
      void afterSnapshot();
      break;
    case 'window':
      takeWindow(value);
      break;
    case 'room':
      takeRoom(value);
      break;
    case 'camera':
      takeCamera(value);
      break;
    case 'step':
      takeSteps([value]);
      break;
    case 'workflow':
      takeIncident(value);
      break;
    case 'clock':
      takeClock(value);
      clockReadAt = systemClock.now();
      break;
  }
}

/** What the snapshot does not carry: steps a cut swallowed. */
async function afterSnapshot(): Promise<void> {
  try {
    await catchUp();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // The probe asks again within seconds, and shows the loss if there is one.
  }
}

/** Reads the ledger on from the newest step this page has: what a cut swallowed comes from here. */
async function catchUp(signal?: AbortSignal): Promise<void> {
  for (let more = true; more; ) {
    const page = await call('listAlertSteps', { query: { after: link.seq }, ...(signal ? { signal } : {}) });
    takeSteps(page.items);
    passSeq(page.last);
    more = page.more;
  }
}

/**
 * A cable that is pulled ends no stream. The probe asks for what came after the newest step: an answer is a sign of life
 * and heals a gap, no answer within its time ends the stream, which shows the loss and begins anew.
 */
async function probe(signal: AbortSignal): Promise<void> {
  if (link.status !== 'live') return;
  try {
    const within = firstOf([signal], PROBE_TIMEOUT_MS);
    await catchUp(within);
    heard();
    if (systemClock.now() - clockReadAt > CLOCK_EVERY_MS) {
      clockReadAt = systemClock.now();
      takeClock(await call('getLive', { signal: within }));
    }
  } catch (error) {
    if (error instanceof ApiError && error.code === 'offline' && !signal.aborted) current?.abort();
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      window.clearTimeout(timer);
      signal.removeEventListener('abort', done);
      wake = undefined;
      resolve();
    };
    const timer = window.setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    wake = done;
  });
}
