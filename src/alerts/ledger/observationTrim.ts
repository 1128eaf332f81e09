import { type EventMs, eventMs } from '../../core/time.js';
import type { LedgerDb, Tx } from './database.js';

/** Removing observations that are too old to be asked for. */
export interface ObservationTrim {
  /** Event time of the oldest run; undefined where nobody ever looked. */
  oldest(): EventMs | undefined;
  /**
   * Removes at most `most` runs that ended before `before`, oldest streams first, but none that an incident of its subject
   * is explained by. Returns how many were removed: fewer than `most` means that none is left.
   * @throws AppError `storage` or `disk-full`
   */
  forget(before: EventMs, most: number): number;
}

/** What the page of an incident shows around it, and a little more, ms. */
const AROUND_MS = 15 * 60_000;

const OLD = `SELECT subject, kind, first_at FROM observation_runs AS run
  WHERE subject = ?1 AND kind = ?2 AND first_at < ?3 AND last_at < ?3 AND NOT EXISTS (
    SELECT 1 FROM incidents WHERE incidents.subject = run.subject AND incidents.start <= run.last_at + ${AROUND_MS}
      AND (incidents.end IS NULL OR incidents.end >= run.first_at - ${AROUND_MS}))
  ORDER BY first_at LIMIT ?4`;

const NEXT_STREAM =
  'SELECT subject, kind FROM observation_runs WHERE (subject, kind) > (?, ?) ORDER BY subject, kind LIMIT 1';

interface Stream {
  subject: string;
  kind: string;
}

/** Makes it. Reads by the key of the table, so that neither streams nor what is kept cost a walk over all rows. */
export function observationTrim(db: LedgerDb): ObservationTrim {
  const next = db.query<Stream>(NEXT_STREAM);
  const old = db.query<Stream & { first_at: number }>(OLD);
  const first = db.query<{ at: number | null }>(
    'SELECT min(first_at) AS at FROM observation_runs WHERE subject = ? AND kind = ?',
  );
  /** One look at the first row of each stream, however long the streams are. */
  const streams = (): Stream[] => {
    const found: Stream[] = [];
    for (let one = next.get('', ''); one; one = next.get(one.subject, one.kind)) found.push(one);
    return found;
  };
  return {
    oldest() {
      const each = streams().flatMap(({ subject, kind }) => first.get(subject, kind)?.at ?? []);
      return each.length > 0 ? eventMs(Math.min(...each)) : undefined;
    },
    forget(before, most) {
      const found: Array<Stream & { first_at: number }> = [];
      for (const { subject, kind } of streams()) {
        if (found.length >= most) break;
        found.push(...old.all(subject, kind, before, most - found.length));
      }
      if (found.length === 0) return 0;
      const removeAll = (tx: Tx): void => {
        for (const { subject, kind, first_at } of found) tx.remove('observation_runs', { subject, kind, first_at });
      };
      db.write('ledger: remove old observations', removeAll, { durable: false });
      return found.length;
    },
  };
}
