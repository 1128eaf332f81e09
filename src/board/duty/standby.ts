import type { LeaveRecord } from '../../alerts/ledger/leaves.js';
import { type SubjectId, subjectId } from '../../core/ids.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { AlertsLedger } from '../ledgerPort.js';

/** Kind of a register entry that takes a window out of service (暂停服务): it is exempt then, which is no excuse. */
export const STANDBY_KIND = 'standby';

/** End of an entry that lasts until somebody ends it: the register wants one. 9999-12-31. */
export const OPEN_END: EventMs = eventMs(253_402_214_400_000);

export interface StandbyRegister {
  /** Running, coming, and those of the last 30 days; newest first. */
  list(now: EventMs): LeaveRecord[];
  start(standby: { window: string; from: EventMs; to: EventMs | undefined; note: string; by: string }): LeaveRecord;
  /** Ends a running one, or takes back one that has not begun. False where there is none. */
  end(id: number, now: EventMs, by: string): boolean;
}

const SHOWN_MS = 30 * 86_400_000;

/** Standby is kept in the duty register of the ledger, where the roster reads it together with leaves. */
export function standbyRegister(ledger: Pick<AlertsLedger, 'leaves'>): StandbyRegister {
  const list = (now: EventMs): LeaveRecord[] =>
    ledger.leaves
      .list(eventMs(now - SHOWN_MS), OPEN_END)
      .filter(({ kind, cancelledAt }) => kind === STANDBY_KIND && cancelledAt === undefined)
      .reverse();
  return {
    list,
    start({ window, from, to, note, by }) {
      const subject: SubjectId = subjectId(window);
      return ledger.leaves.add({ subject, from, to: to ?? OPEN_END, kind: STANDBY_KIND, note, by });
    },
    end(id, now, by) {
      const entry = list(now).find((standby) => standby.id === id && standby.to > now);
      if (!entry) return false;
      // The entry itself is never changed: it is cancelled, and what was true of it is registered anew. In this order a
      // crash between the two leaves both, which say the same of the past.
      if (entry.from < now) {
        const { subject, from, note } = entry;
        ledger.leaves.add({ subject, from, to: now, kind: STANDBY_KIND, note, by: entry.by });
      }
      return ledger.leaves.cancel(id, by);
    },
  };
}
