import { randomBytes } from 'node:crypto';
import { type Changed, closed, edited, opened, planned } from '../../alerts/evaluations/changes.js';
import { evaluationRows } from '../../alerts/evaluations/evaluationTable.js';
import { rosterRows } from '../../alerts/evaluations/rosterTable.js';
import { type EvaluationId, type EvaluationSession, evaluationId } from '../../core/evaluation.js';
import { translate } from '../../core/i18n/translate.js';
import { roomId } from '../../core/ids.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { evaluationRoutes } from '../api/contract/evaluations.js';
import type { AnswerOf } from '../api/contract.js';
import { writeCsv } from '../duty/csv.js';
import { timeText } from '../duty/localTime.js';
import { readEvaluations, readRoster } from '../evaluations/evaluationImport.js';
import { type DraftCheck, draftOf, evaluationOf, refuseFaults } from '../evaluations/evaluationInput.js';
import type { EvaluationView } from '../evaluations/evaluationView.js';
import type { Hall } from '../hall/hall.js';
import { ApiError } from '../http/apiError.js';
import type { Call, HandlersOf } from '../http/call.js';
import type { AlertsLedger } from '../ledgerPort.js';
import { actorOf } from './leaves.js';

export interface EvaluationAreaDeps {
  ledger: Pick<AlertsLedger, 'evaluations'>;
  hall: () => Hall;
  /** The hall's present. */
  now: () => EventMs;
  evaluations: EvaluationView;
}

type EvaluationRoutes = Pick<
  typeof evaluationRoutes,
  | 'listEvaluations'
  | 'getEvaluation'
  | 'addEvaluation'
  | 'changeEvaluation'
  | 'openEvaluation'
  | 'closeEvaluation'
  | 'importEvaluations'
  | 'exportEvaluations'
  | 'importRoster'
  | 'exportRoster'
>;
type Asking = Pick<Call<'addEvaluation'>, 'language' | 'principal'>;

/** Newest evaluations in one export. */
const MOST_EXPORTED = 2000;

/** Bid evaluations: planned, changed, opened, closed, by form or by file. */
export function evaluationArea(deps: EvaluationAreaDeps): HandlersOf<EvaluationRoutes> {
  const { ledger, hall, evaluations: view } = deps;
  const find = (id: string): EvaluationSession => evaluationOf(ledger, id);
  const check = ({ language }: Asking): DraftCheck => ({ ledger, hall: hall(), language });
  const save = (changed: Changed, version: number, { call, action, note }: Saving): AnswerOf<'getEvaluation'> => {
    if (!changed.ok) throw refusal(changed.why, call);
    refuseFaults(changed.session, changed.session, check(call));
    const change = { by: actorOf(call), action, ...(note !== undefined && { note }) };
    return view.detail(ledger.evaluations.save(changed.session, version, change), call.language);
  };

  return {
    listEvaluations: {
      handle({ query: { state, room, from, to, offset, limit } }) {
        const filter = {
          ...(state && { state }),
          ...(room !== undefined && { room: roomId(room) }),
          ...(from !== undefined && { from: eventMs(from) }),
          ...(to !== undefined && { to: eventMs(to) }),
        };
        const items = ledger.evaluations.list({ ...filter, offset, limit }).map(view.summary);
        return { items, total: ledger.evaluations.count(filter) };
      },
    },
    getEvaluation: { handle: ({ params, language }) => view.detail(find(params.id), language) },
    addEvaluation: {
      handle(call) {
        const session = planned(newId(), draftOf(call.body));
        return save({ ok: true, session }, 0, { call, action: 'create' });
      },
    },
    changeEvaluation: {
      handle(call) {
        const session = find(call.params.id);
        const changed = edited(session, draftOf(call.body, session.roster));
        return save(changed, call.body.version, { call, action: 'edit' });
      },
    },
    openEvaluation: {
      handle(call) {
        return save(opened(find(call.params.id), deps.now()), call.body.version, { call, action: 'open' });
      },
    },
    closeEvaluation: {
      handle(call) {
        const { version, note } = call.body;
        return save(closed(find(call.params.id), deps.now()), version, { call, action: 'close', note });
      },
    },
    ...fileHandlers(deps, find),
  };
}

interface Saving {
  call: Asking;
  action: string;
  note?: string;
}

const newId = (): EvaluationId => evaluationId(`ev-${randomBytes(6).toString('hex')}`);

const refusal = (why: Extract<Changed, { ok: false }>['why'], { language }: Asking): ApiError =>
  new ApiError('not-allowed-now', { fields: [{ path: '', message: translate(language, why) }] });

function fileHandlers({ ledger, hall }: EvaluationAreaDeps, find: (id: string) => EvaluationSession) {
  const handlers: Pick<
    HandlersOf<EvaluationRoutes>,
    'importEvaluations' | 'exportEvaluations' | 'importRoster' | 'exportRoster'
  > = {
    importEvaluations: {
      handle(call) {
        const { drafts, errors, rows } = readEvaluations(call.body.csv, {
          ledger,
          hall: hall(),
          language: call.language,
        });
        if (errors.length > 0 || call.body.dryRun) return { rows, imported: 0, errors: errors.slice(0, 500) };
        const sessions = drafts.map((draft) => planned(newId(), draft));
        ledger.evaluations.addAll(sessions, { by: actorOf(call), action: 'create', note: 'CSV' });
        return { rows, imported: rows, errors: [] };
      },
    },
    exportEvaluations: {
      handle({ query, response }) {
        const { timeZone } = hall().config.site;
        const sessions = ledger.evaluations.list({ ...(query.state && { state: query.state }), limit: MOST_EXPORTED });
        const rows = evaluationRows(sessions, (at) => timeText(at, timeZone));
        response.setHeader('Content-Disposition', 'attachment; filename="evaluations.csv"');
        response.type('text/csv; charset=utf-8').send(writeCsv(rows));
      },
    },
    importRoster: {
      handle(call) {
        const session = find(call.params.id);
        const { persons, errors, rows } = readRoster(call.body.csv, session, call.language);
        if (errors.length > 0 || call.body.dryRun) return { rows, imported: 0, errors: errors.slice(0, 500) };
        const changed = edited(session, { ...session, roster: persons });
        if (!changed.ok) throw refusal(changed.why, call);
        const change = { by: actorOf(call), action: 'roster', note: 'CSV' };
        ledger.evaluations.save(changed.session, call.body.version, change);
        return { rows, imported: rows, errors: [] };
      },
    },
    exportRoster: {
      handle({ params, response }) {
        response.setHeader('Content-Disposition', 'attachment; filename="roster.csv"');
        response.type('text/csv; charset=utf-8').send(writeCsv(rosterRows(find(params.id).roster)));
      },
    },
  };
  return handlers;
}
