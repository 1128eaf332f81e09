import { type WindowId, windowId } from '../../core/ids.js';
import type { ServiceEnd, ServiceSession, ServiceStep } from '../../core/service.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { LedgerDb } from './database.js';

/** Service sessions at windows. A row is never changed: a replay of the same session is ignored. */
export interface ServiceSessionStore {
  add(session: ServiceSession): void;
  /** Sessions that began in `from <= start < to`, oldest first; of one window, or of all where none is named. */
  list(window: WindowId | undefined, from: EventMs, to: EventMs): ServiceSession[];
}

interface Row {
  window: string;
  kind: string;
  source: string;
  start: number;
  end: number;
  wait_ms: number;
  service_ms: number;
  unknown_ms: number;
  ended_by: string;
  ticket: string | null;
  steps: string;
  face_ms: number | null;
  smile_ms: number | null;
}

/** Makes the store. */
export function serviceSessionStore(db: LedgerDb): ServiceSessionStore {
  const same = db.query<{ start: number }>('SELECT start FROM service_sessions WHERE window = ? AND start = ?');
  const ofWindow = db.query<Row>(
    'SELECT * FROM service_sessions WHERE window = ? AND start >= ? AND start < ? ORDER BY start',
  );
  const all = db.query<Row>('SELECT * FROM service_sessions WHERE start >= ? AND start < ? ORDER BY start, window');
  return {
    add: (session) =>
      db.write('ledger: add service session', (tx) => {
        const { window, kind, source, start, end, waitMs, serviceMs, unknownMs, endedBy, ticket, steps, smile } =
          session;
        if (same.get(window, start)) return;
        tx.put('service_sessions', {
          ...{ window, kind, source, start, end, wait_ms: waitMs, service_ms: serviceMs, unknown_ms: unknownMs },
          ...{ ended_by: endedBy, ticket: ticket ?? null, steps: JSON.stringify(steps) },
          ...{ face_ms: smile?.faceMs ?? null, smile_ms: smile?.smileMs ?? null },
        });
      }),
    list: (window, from, to) =>
      (window === undefined ? all.all(from, to) : ofWindow.all(window, from, to)).map(sessionFromRow),
  };
}

const sessionFromRow = (row: Row): ServiceSession => ({
  window: windowId(row.window),
  kind: row.kind as ServiceSession['kind'],
  source: row.source as ServiceSession['source'],
  start: eventMs(row.start),
  end: eventMs(row.end),
  waitMs: row.wait_ms,
  serviceMs: row.service_ms,
  unknownMs: row.unknown_ms,
  endedBy: row.ended_by as ServiceEnd,
  ...(row.ticket === null ? {} : { ticket: row.ticket }),
  steps: JSON.parse(row.steps) as ServiceStep[],
  ...(row.face_ms === null ? {} : { smile: { faceMs: row.face_ms, smileMs: row.smile_ms ?? 0 } }),
});
