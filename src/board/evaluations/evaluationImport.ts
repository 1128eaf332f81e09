import type { RowProblem } from '../../alerts/evaluations/csvTable.js';
import type { EvaluationDraft } from '../../alerts/evaluations/draft.js';
import { readEvaluationTable } from '../../alerts/evaluations/evaluationTable.js';
import { readRosterTable } from '../../alerts/evaluations/rosterTable.js';
import { type EvaluationSession, evaluationId, type RosterPerson } from '../../core/evaluation.js';
import { type Language, translate } from '../../core/i18n/translate.js';
import type { AnswerOf } from '../api/contract.js';
import { readCsv } from '../duty/csv.js';
import { readTime } from '../duty/localTime.js';
import { clashProblem, type DraftCheck } from './evaluationInput.js';

export type RowError = AnswerOf<'importEvaluations'>['errors'][number];

const MOST_ROWS = 5000;

/** Every draft and every error; nothing may be stored while there is an error. */
export function readEvaluations(
  text: string,
  check: DraftCheck,
): { drafts: EvaluationDraft[]; errors: RowError[]; rows: number } {
  const { hall, language, ledger } = check;
  const csv = readCsv(text);
  if (!csv.ok) return { drafts: [], errors: [quoteError(csv.row, language)], rows: 0 };
  if (csv.rows.length > MOST_ROWS) return { drafts: [], errors: [tooMany(language)], rows: csv.rows.length };
  const rooms = new Set(hall.config.rooms.map(({ id }) => id));
  const { timeZone } = hall.config.site;
  const table = readEvaluationTable(csv.rows, { rooms, readTime: (time) => readTime(time, timeZone) });
  const errors = table.problems.map((problem) => rowError(problem, language));
  const before: EvaluationSession[] = [];
  for (const { row, draft } of table.drafts) {
    const value = draft.project;
    if (ledger.evaluations.ofProject(value).length > 0)
      errors.push(
        rowError({ row, column: 'project', key: 'evaluation.problem.exists', parameters: { value } }, language),
      );
    const session: EvaluationSession = { ...draft, id: evaluationId(`row-${row}`), state: 'planned', version: 0 };
    for (const { key, parameters } of clashProblem(session, { ...check, ledger: withMore(ledger, before) })) {
      errors.push(rowError({ row, column: 'rooms', key, ...(parameters && { parameters }) }, language));
    }
    before.push(session);
  }
  return {
    drafts: table.drafts.map(({ draft }) => draft),
    errors: errors.sort((a, b) => a.row - b.row),
    rows: table.rows,
  };
}

/** A roster for one evaluation, in place of the present one. */
export function readRoster(
  text: string,
  session: EvaluationSession,
  language: Language,
): { persons: RosterPerson[]; errors: RowError[]; rows: number } {
  const csv = readCsv(text);
  if (!csv.ok) return { persons: [], errors: [quoteError(csv.row, language)], rows: 0 };
  const rooms = session.rooms.map(({ room }) => room);
  const { persons, problems, rows } = readRosterTable(csv.rows, { rooms, before: session.roster });
  return { persons, errors: problems.map((problem) => rowError(problem, language)), rows };
}

/** Rows of one file must not clash with each other either. */
const withMore = (ledger: DraftCheck['ledger'], more: readonly EvaluationSession[]): DraftCheck['ledger'] => ({
  evaluations: { ...ledger.evaluations, pendingIn: (room) => [...ledger.evaluations.pendingIn(room), ...more] },
});

const rowError = ({ row, column, key, parameters }: RowProblem, language: Language): RowError => ({
  row,
  column,
  message: translate(language, key, parameters),
});
const quoteError = (row: number, language: Language): RowError => ({
  row,
  column: '',
  message: translate(language, 'board.csv.quote'),
});
const tooMany = (language: Language): RowError => ({
  row: 1,
  column: '',
  message: translate(language, 'board.csv.rows', { rows: MOST_ROWS }),
});
