import { type Clock, sleep } from '../../core/clock.js';
import type { CameraConfig, Config } from '../../core/config/schema.js';
import { AppError, messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import { rememberSecret } from '../../core/secrets.js';
import type { SourceStats } from '../../core/source.js';
import type { Credentials } from '../ffmpeg/ffmpegCommand.js';
import type { CameraHealth } from './cameraHealth.js';
import type { Fleet } from './fleet.js';
import { doorOf, type Knock, waitAtDoor } from './knock.js';
import { type Blackout, reconnectWaitMs } from './linkHealth.js';
import { type LiveInput, liveInput, type ResolveOnvif } from './liveInput.js';
import type { SessionEnd } from './session.js';

/** A camera's connection, whatever is read over it. */
export interface Link {
  config: CameraConfig;
  ingest: Config['ingest'];
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
  fleet: Fleet | undefined;
  stats: SourceStats;
  health: Pick<CameraHealth, 'blame' | 'lost' | 'deviceClock'>;
  resolveOnvif: ResolveOnvif | undefined;
  credentials: () => Credentials | undefined;
  random: () => number;
  knock: Knock;
}

/** What is read over a link. */
export interface LinkStream {
  /** One connection, from start to end. */
  run(input: LiveInput): Promise<SessionEnd>;
  /** True where the last connection gave at least one picture or sound. */
  readonly gave: boolean;
}

/** A connection that held this long was a good one: the ladder begins anew after it. */
const GOOD_AFTER_MS = 60_000;
const LOOK_AT_PASSWORD_MS = 5000;

/**
 * Connects, and connects again, until the signal fires or a file has ended.
 * @throws AppError for what no retry can mend
 */
export async function supervise(live: Link, stream: LinkStream): Promise<void> {
  const { clock, log, signal, health, stats, random } = live;
  let attempt = 0;
  for (let connections = 0; !signal.aborted; ) {
    await live.fleet?.admit(signal);
    const startedMs = clock.monotonicMs();
    if (connections++ > 0) stats.reconnects += 1;
    const { end, url, credentials } = await connectOnce(live, (input) => stream.run(input));
    if (end.kind === 'stopped' || end.kind === 'finished') return;
    if (end.kind === 'other-mode') {
      // The same camera read in another way; nothing was lost.
      stats.reconnects -= 1;
      continue;
    }
    const cause: Blackout = end.kind === 'lost' ? end.cause : 'offline';
    health.blame(cause, end.detail);
    if (stream.gave && end.kind === 'lost') health.lost();
    if (stream.gave && clock.monotonicMs() - startedMs >= GOOD_AFTER_MS) attempt = 0;
    const waitMs = reconnectWaitMs(cause, attempt++, random());
    log.warn(
      { camera: live.config.id, cause, detail: end.detail, waitMs, attempt },
      'camera lost, waiting to reconnect',
    );
    if (cause === 'auth-failed') await waitForPassword(live, credentials, waitMs);
    else await waitAtDoor(waitMs, url === undefined ? undefined : doorOf(url), { clock, signal, knock: live.knock });
  }
}

interface Connected {
  end: SessionEnd;
  url?: string;
  credentials?: Credentials | undefined;
}

async function connectOnce(live: Link, run: (input: LiveInput) => Promise<SessionEnd>): Promise<Connected> {
  const { config, signal, resolveOnvif, ingest, health } = live;
  let credentials: Credentials | undefined;
  let input: LiveInput;
  try {
    credentials = readCredentials(live);
    input = await liveInput(config, { credentials, timeoutMs: ingest.offlineAfter, resolveOnvif, signal });
  } catch (error) {
    if (signal.aborted) return { end: { kind: 'stopped' } };
    if (!(error instanceof AppError) || error.code === 'config') throw error;
    const cause: Blackout = error.code === 'auth-failed' ? 'auth-failed' : 'offline';
    return { end: { kind: 'lost', cause, detail: messageOf(error) }, credentials };
  }
  health.deviceClock(input.clockOffsetMs);
  const end = await run(input);
  return { end, credentials, ...(input.url === undefined ? {} : { url: input.url }) };
}

/** @throws AppError `auth-failed` where the password cannot be read: its file may come back, so the camera goes on */
function readCredentials(live: Link): Credentials | undefined {
  try {
    const credentials = live.credentials();
    if (credentials) rememberSecret(credentials.password);
    return credentials;
  } catch (cause) {
    throw new AppError('auth-failed', `camera ${live.config.id}: ${messageOf(cause)}`, { cause, retryable: true });
  }
}

/** A wrong password is not tried again soon, but a new one is at once. */
async function waitForPassword(live: Link, tried: Credentials | undefined, waitMs: number): Promise<void> {
  const { clock, signal } = live;
  const until = clock.monotonicMs() + waitMs;
  const changed = (): boolean => {
    try {
      const now = live.credentials();
      return now?.user !== tried?.user || now?.password !== tried?.password;
    } catch {
      // Unreadable now as it was then; the next connection says why.
      return false;
    }
  };
  for (let left = waitMs; left > 0 && !signal.aborted && !changed(); left = until - clock.monotonicMs()) {
    await sleep(clock, Math.min(LOOK_AT_PASSWORD_MS, left), signal);
  }
}
