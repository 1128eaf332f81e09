import type { Clock } from '../../core/clock.js';
import { AppError } from '../../core/errors.js';
import { cameraId, type SubjectId, subjectId } from '../../core/ids.js';
import type { Logger } from '../../core/log.js';
import type { Observation } from '../../core/observation.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { Truth } from '../../core/truth.js';
import type { LedgerDb, Tx } from './database.js';
import { orUndefined } from './json.js';
import { continues, extended, type ObservationRun, runOf, type SeenRun } from './runs.js';
import type { SqlValue } from './tables.js';

/** What was seen, as runs. Writes are gathered and made every few seconds: a kill loses at most that much of watching. */
export interface ObservationStore {
  /** Takes a look. Ticks are ignored. Never throws for a full disk: what waits is kept, up to a bound. */
  append(observation: Observation): void;
  /** Runs that overlap `from <= t < to`, by subject's first look. Flushes first, so it sees all that was appended. */
  runsOf(subject: SubjectId, kinds: readonly string[], from: EventMs, to: EventMs): ObservationRun[];
  /** The same of one kind without what only proof needs: a month of a hall is a million runs. */
  seenRuns(subject: SubjectId, kind: string, from: EventMs, to: EventMs): SeenRun[];
  /** Event time of the first look of a kind that the ledger still has; undefined where nobody ever looked. */
  firstLookOf(subject: SubjectId, kind: string): EventMs | undefined;
  /** Writes what waits. @throws AppError `storage` or `disk-full` */
  flush(): void;
  /** Runs that were given up because the disk took none for too long. */
  readonly dropped: number;
  /** Stops the timer and flushes. */
  close(): void;
}

export interface ObservationStoreOptions {
  clock: Clock;
  log: Logger;
  /** Two looks further apart than this belong to two runs, ms. */
  staleAfterMs: number;
  flushEveryMs: number;
}

interface RunRow {
  subject: string;
  kind: string;
  first_at: number;
  last_at: number;
  value: number | string;
  reason: string | null;
  camera: string | null;
  looks: number;
}

/**
 * Runs of a stream follow one another, so of those that began before a span only the last reaches into it, or one of the last
 * few where a camera's time once stepped back. Without such a bound every question would read the whole year before.
 */
const LOOKED_BACK = 32;
const OVERLAPPING = `FROM observation_runs WHERE subject = ? AND kind = ? AND first_at < ? AND last_at >= ?
  AND first_at >= coalesce((SELECT first_at FROM observation_runs WHERE subject = ? AND kind = ? AND first_at < ?
    ORDER BY first_at DESC LIMIT 1 OFFSET ${LOOKED_BACK}), 0) ORDER BY first_at`;
/** Finished runs that wait in memory at most; with 200 windows about an hour of a full disk. */
const LARGEST_WAIT = 50_000;

type SeenRow = [firstAt: number, lastAt: number, value: number | string];

/** Makes the store. `subject` and `kind` name the stream a run belongs to. */
export function observationStore(db: LedgerDb, options: ObservationStoreOptions): ObservationStore {
  const { clock, log, staleAfterMs, flushEveryMs } = options;
  const current = new Map<string, ObservationRun>();
  const changed = new Set<string>();
  let finished: ObservationRun[] = [];
  let dropped = 0;

  const overlapping = db.query<RunRow>(`SELECT * ${OVERLAPPING}`);
  const seen = db.raw.prepare<SqlValue[], SeenRow>(`SELECT first_at, last_at, value ${OVERLAPPING}`).raw();

  const first = db.query<{ at: number | null }>(
    'SELECT min(first_at) AS at FROM observation_runs WHERE subject = ? AND kind = ?',
  );

  const flush = (): void => {
    const waiting = [...finished, ...[...changed].map((key) => current.get(key)!)];
    if (waiting.length === 0) return;
    const putAll = (tx: Tx): void => {
      for (const run of waiting) putRun(tx, run);
    };
    db.write('ledger: write observations', putAll, { durable: false });
    finished = [];
    changed.clear();
  };

  const timer = clock.every(flushEveryMs, () => {
    try {
      flush();
    } catch (error) {
      log.error({ error: (error as AppError).message, waiting: finished.length }, 'observations not written');
    }
  });

  return {
    get dropped() {
      return dropped;
    },
    flush,
    append(o) {
      if (o.kind === 'tick') return;
      const key = `${o.subject}\n${o.kind}`;
      const run = current.get(key);
      if (run && continues(run, o, staleAfterMs)) current.set(key, extended(run, o));
      else {
        if (run && changed.has(key)) finished.push(run);
        current.set(key, runOf(o));
      }
      changed.add(key);
      if (finished.length > LARGEST_WAIT) {
        finished.shift();
        dropped += 1;
      }
    },
    runsOf(subject, kinds, from, to) {
      flush();
      return kinds
        .flatMap((kind) => overlapping.all(subject, kind, to, from, subject, kind, from))
        .map(runFromRow)
        .sort((a, b) => a.firstAt - b.firstAt);
    },
    seenRuns(subject, kind, from, to) {
      flush();
      return seen.all(subject, kind, to, from, subject, kind, from).map(([firstAt, lastAt, value]) => ({
        firstAt: eventMs(firstAt),
        lastAt: eventMs(lastAt),
        value: readValue(value),
      }));
    },
    firstLookOf(subject, kind) {
      flush();
      const at = first.get(subject, kind)?.at ?? null;
      return at === null ? undefined : eventMs(at);
    },
    close() {
      timer.cancel();
      flush();
    },
  };
}

function putRun(tx: Tx, run: ObservationRun): void {
  tx.put('observation_runs', {
    subject: run.subject,
    kind: run.kind,
    first_at: run.firstAt,
    last_at: run.lastAt,
    value: typeof run.value === 'number' ? run.value : String(run.value),
    reason: run.reason ?? null,
    camera: run.camera ?? null,
    looks: run.looks,
  });
}

function runFromRow(row: RunRow): ObservationRun {
  return {
    subject: subjectId(row.subject),
    kind: row.kind,
    value: readValue(row.value),
    reason: orUndefined(row.reason),
    camera: row.camera === null ? undefined : cameraId(row.camera),
    firstAt: eventMs(row.first_at),
    lastAt: eventMs(row.last_at),
    looks: row.looks,
  };
}

const readValue = (value: number | string): Truth | number => (typeof value === 'number' ? value : truthOf(value));

function truthOf(text: string): Truth {
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (text === 'unknown') return 'unknown';
  throw new AppError('storage', `ledger: observation value ${JSON.stringify(text)}: neither a count nor a truth`);
}
