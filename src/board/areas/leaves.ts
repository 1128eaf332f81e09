import type { LeaveRecord, NewLeave } from '../../alerts/ledger/leaves.js';
import type { Language } from '../../core/i18n/translate.js';
import { subjectId } from '../../core/ids.js';
import { eventMs, isoOf } from '../../core/time.js';
import { type dutyRoutes, LEAVE_KINDS, type LeaveInput } from '../api/contract/duty.js';
import type { AnswerOf } from '../api/contract.js';
import { writeCsv } from '../duty/csv.js';
import { LEAVE_COLUMNS, readLeaves } from '../duty/leaveImport.js';
import { OPEN_END, STANDBY_KIND } from '../duty/standby.js';
import type { Hall } from '../hall/hall.js';
import { ApiError } from '../http/apiError.js';
import type { Call, HandlersOf } from '../http/call.js';
import type { People } from '../incidents/people.js';
import type { AlertsLedger } from '../ledgerPort.js';
import type { DutyChanged } from '../ports.js';

export interface LeaveAreaDeps {
  ledger: Pick<AlertsLedger, 'leaves'>;
  hall: () => Hall;
  people: People;
  dutyChanged: DutyChanged;
}

type Leave = AnswerOf<'addLeave'>;
type LeaveRoutes = Pick<typeof dutyRoutes, 'listLeaves' | 'addLeave' | 'cancelLeave' | 'importLeaves' | 'exportLeaves'>;
type Span = { from?: number | undefined; to?: number | undefined };

/** Registered leaves, outings and covers: reasons beside an incident, never silence. */
export function leaveArea({ ledger, hall, people, dutyChanged }: LeaveAreaDeps): HandlersOf<LeaveRoutes> {
  const view = (record: LeaveRecord, language: Language): Leave =>
    leaveView(record, { hall: hall(), people, language });
  const within = ({ from = 0, to = OPEN_END }: Span): LeaveRecord[] =>
    ledger.leaves.list(eventMs(from), eventMs(to)).filter(({ kind }) => kind !== STANDBY_KIND);
  const leaveOf = (input: LeaveInput, by: string): NewLeave => {
    const { window, person, kind, from, to, note } = input;
    const span = { from: eventMs(from), to: eventMs(to) };
    return { subject: subjectId(window), person, ...span, kind, note, by };
  };

  return {
    listLeaves: {
      handle({ query, language }) {
        const matching = within(query)
          .filter((leave) => query.window === undefined || leave.subject === query.window)
          .filter((leave) => query.cancelled || leave.cancelledAt === undefined)
          .reverse();
        const page = matching.slice(query.offset, query.offset + query.limit);
        return { items: page.map((leave) => view(leave, language)), total: matching.length };
      },
    },
    addLeave: {
      handle(call) {
        const { body, language } = call;
        if (!hall().window(body.window)) throw new ApiError('not-found');
        if (body.to <= body.from) throw new ApiError('bad-input', { fields: [{ path: 'to', message: 'to <= from' }] });
        const leave = view(ledger.leaves.add(leaveOf(body, actorOf(call))), language);
        dutyChanged();
        return leave;
      },
    },
    cancelLeave: {
      handle(call) {
        const { id } = call.params;
        if (!/^\d{1,9}$/.test(id) || !ledger.leaves.cancel(Number(id), actorOf(call))) throw new ApiError('not-found');
        dutyChanged();
        return { ok: true };
      },
    },
    importLeaves: {
      handle(call) {
        const { leaves, errors, rows } = readLeaves(call.body.csv, { hall: hall(), language: call.language });
        if (errors.length > 0 || call.body.dryRun) return { rows, imported: 0, errors: errors.slice(0, 500) };
        ledger.leaves.addAll(leaves.map((leave) => leaveOf(leave, actorOf(call))));
        dutyChanged();
        return { rows, imported: leaves.length, errors: [] };
      },
    },
    exportLeaves: {
      handle({ query, response }) {
        const rows = within(query)
          .filter((leave) => leave.cancelledAt === undefined)
          .map(({ subject = '', person = '', kind, from, to, note }) => {
            return [subject, person, kind, isoOf(from), isoOf(to), note];
          });
        response.setHeader('Content-Disposition', 'attachment; filename="leaves.csv"');
        response.type('text/csv; charset=utf-8').send(writeCsv([[...LEAVE_COLUMNS], ...rows]));
      },
    },
  };
}

/** User id of a person, `token:N` of another system. */
export const actorOf = ({ principal }: Pick<Call<'addLeave'>, 'principal'>): string =>
  principal.kind === 'anonymous' ? 'anonymous' : principal.id;

function leaveView(
  record: LeaveRecord,
  { hall, people, language }: { hall: Hall; people: People; language: Language },
): Leave {
  const window = record.subject ?? '';
  return {
    id: String(record.id),
    window,
    windowName: hall.subject(window).name,
    person: record.person ?? '',
    kind: LEAVE_KINDS.find((kind) => kind === record.kind) ?? 'leave',
    from: record.from,
    to: record.to,
    note: record.note,
    registeredBy: people(record.by, language),
    registeredAt: record.createdAt,
    cancelledAt: record.cancelledAt ?? null,
  };
}
