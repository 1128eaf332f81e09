import { InfluxDB } from 'influx';
import type { Clock } from '../../core/clock.js';
import { AppError, messageOf } from '../../core/errors.js';
import type { Point } from './influxPoints.js';
import { within } from './within.js';

export interface InfluxClientOptions {
  /** `http://HOST:PORT` or `https://HOST:PORT`, a path allowed. */
  url: string;
  database: string;
  credentials?: { user: string; password: string };
  clock: Clock;
  /** Longest wait for an answer, ms. */
  limitMs: number;
}

/** What came of a write: `refused` means that this server will never take these points as they are. */
export type WriteOutcome = { outcome: 'written' } | { outcome: 'refused'; reason: string };

/** What we ask of InfluxDB 1.x. */
export interface InfluxClient {
  /**
   * Writes points, creating the database where it is missing.
   * @throws AppError `unreachable`, `timeout`, `auth-failed` or `protocol`, where the points are not to blame
   */
  write(points: readonly Point[]): Promise<WriteOutcome>;
  /** Runs a statement that answers nothing. @throws AppError as `write`, and `bad-input` where the server refuses it */
  run(statement: string): Promise<void>;
}

/** No pauses of the package's own: the outbox decides when to try again. */
const NO_BACKOFF = { getDelay: () => 0, next: () => NO_BACKOFF, reset: () => NO_BACKOFF };

/** Wraps the `influx` package: no retries of its own, a time limit that holds also in the middle of an answer. */
export function influxClient({ url, database, credentials, clock, limitMs }: InfluxClientOptions): InfluxClient {
  const { protocol, hostname, port, pathname } = new URL(url);
  const influx = new InfluxDB({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (protocol === 'https:' ? 443 : 80)),
    protocol: protocol === 'https:' ? 'https' : 'http',
    ...(pathname === '/' ? {} : { path: pathname.replace(/\/$/, '') }),
    database,
    username: credentials?.user,
    password: credentials?.password,
    pool: { maxRetries: 0, requestTimeout: limitMs, backoff: NO_BACKOFF },
  });

  const ask = async (what: string, request: Promise<unknown>): Promise<WriteOutcome | 'no database'> => {
    try {
      if (await within(clock, limitMs, request)) return { outcome: 'written' };
    } catch (error) {
      return verdictOf(`influx ${url}: ${what}`, error);
    }
    request.catch(() => {});
    throw new AppError('timeout', `influx ${url}: ${what}: no answer in ${limitMs} ms`, { retryable: true });
  };

  return {
    async run(statement) {
      const outcome = await ask('statement', influx.queryRaw(statement));
      if (outcome === 'no database') throw new AppError('bad-input', `influx ${url}: no database ${database}`);
      if (outcome.outcome === 'refused') throw new AppError('bad-input', `influx ${url}: ${outcome.reason}`);
    },
    async write(points) {
      const send = () => ask('write', influx.writePoints([...points], { precision: 'n' }));
      let outcome = await send();
      if (outcome === 'no database') {
        await ask(`create database ${database}`, influx.createDatabase(database));
        outcome = await send();
      }
      if (outcome === 'no database') {
        throw new AppError('protocol', `influx ${url}: database ${database} is missing and cannot be created`, {
          retryable: true,
          hint: 'create the database, or give the user the right to',
        });
      }
      return outcome;
    },
  };
}

/** What a failed request means: the answer's status where there is one, else the network. */
function verdictOf(what: string, error: unknown): WriteOutcome | 'no database' {
  const reason = messageOf(error).slice(0, 500);
  const response = responseOf(error);
  if (!response) throw new AppError('unreachable', `${what}: ${reason || 'failed'}`, { cause: error, retryable: true });
  const { status, isInflux } = response;
  if (status === 401 || status === 403) {
    throw new AppError('auth-failed', `${what}: the server refuses the credentials`, {
      cause: error,
      retryable: true,
      hint: 'check influx.credentials and the rights of that user',
    });
  }
  if (status === 404 && /database not found/i.test(reason)) return 'no database';
  // A proxy, or another server at this address, is no judge of our points.
  const judged = isInflux && (status === 400 || status === 413 || status === 422);
  if (judged) return { outcome: 'refused', reason };
  throw new AppError('protocol', `${what}: ${reason}`, { cause: error, retryable: true });
}

/** The package's error carries the response; a server of InfluxDB names itself in each. */
function responseOf(error: unknown): { status: number; isInflux: boolean } | undefined {
  if (typeof error !== 'object' || error === null || !('res' in error)) return undefined;
  const response = error.res;
  if (typeof response !== 'object' || response === null || !('statusCode' in response)) return undefined;
  if (typeof response.statusCode !== 'number') return undefined;
  const headers = 'headers' in response && typeof response.headers === 'object' ? (response.headers ?? {}) : {};
  return { status: response.statusCode, isInflux: 'x-influxdb-version' in headers };
}
