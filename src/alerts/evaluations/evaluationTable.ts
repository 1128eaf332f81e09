import type { Bidder, EvaluationRoom, RosterPerson } from '../../core/evaluation.js';
import { roomId } from '../../core/ids.js';
import type { EventMs } from '../../core/time.js';
import { type Headings, listIn, type NamedRow, namedRows, type RowProblem, type TableRow } from './csvTable.js';
import type { EvaluationDraft } from './draft.js';
import { cellOf, ROSTER_HEADINGS, type RosterColumn, rosterReader } from './rosterTable.js';

export const EVALUATION_HEADINGS = {
  project: '项目编号',
  projectName: '项目名称',
  rooms: '评标室',
  start: '开始',
  end: '结束',
  bidders: '投标人',
  ...ROSTER_HEADINGS,
} as const satisfies Headings<string>;
type Column = keyof typeof EVALUATION_HEADINGS;
type FrameColumn = Exclude<Column, RosterColumn>;

const FRAME: readonly FrameColumn[] = ['projectName', 'rooms', 'start', 'end', 'bidders'];

export interface EvaluationTable {
  /** With the row each began at. */
  drafts: Array<{ row: number; draft: EvaluationDraft }>;
  problems: RowProblem[];
  rows: number;
}

export interface EvaluationTableOptions {
  rooms: ReadonlySet<string>;
  /** Reads a local time of the hall, or ISO 8601; undefined where it is neither. */
  readTime(text: string): EventMs | undefined;
}

/**
 * Evaluations from the rows of a CSV file: one row a person. The first row of a project carries the project's own columns;
 * later rows repeat them or leave them empty. The first room is the main venue, the others are branches. Pure.
 */
export function readEvaluationTable(rows: readonly TableRow[], options: EvaluationTableOptions): EvaluationTable {
  const table = namedRows(rows, { headings: EVALUATION_HEADINGS, needed: ['project', 'rooms', 'start', 'end'] });
  const problems = [...table.problems];
  const groups = new Map<string, NamedRow<Column>[]>();
  let project = '';
  for (const row of table.rows) {
    project = row.cell('project') || project;
    if (project === '') problems.push({ row: row.row, column: 'project', key: 'evaluation.problem.project' });
    else groups.set(project, [...(groups.get(project) ?? []), row]);
  }
  const read = [...groups].map(([name, group]) => readGroup(name, group, options));
  return {
    drafts: read.flatMap(({ draft, row }) => (draft ? [{ row, draft }] : [])),
    problems: [...problems, ...read.flatMap((group) => group.problems)].sort((a, b) => a.row - b.row),
    rows: Math.max(0, rows.length - 1),
  };
}

interface ReadGroup {
  row: number;
  draft: EvaluationDraft | undefined;
  problems: RowProblem[];
}

function readGroup(project: string, group: NamedRow<Column>[], options: EvaluationTableOptions): ReadGroup {
  const first = group[0]!;
  const problems = differing(group);
  const say = (column: Column, key: RowProblem['key'], value?: string): void => {
    problems.push({ row: first.row, column, key, ...(value !== undefined && { parameters: { value } }) });
  };
  const [start, end] = [options.readTime(first.cell('start')), options.readTime(first.cell('end'))];
  const names = listIn(first.cell('rooms'));
  const strange = names.find((name) => !options.rooms.has(name));
  if (names.length === 0) say('rooms', 'evaluation.problem.no-session');
  if (strange !== undefined) say('rooms', 'evaluation.problem.room', strange);
  if (new Set(names).size < names.length) say('rooms', 'evaluation.problem.room-twice', names.join(';'));
  if (start === undefined) say('start', 'board.csv.time');
  if (end === undefined) say('end', 'board.csv.time');
  if (start !== undefined && end !== undefined && end <= start) say('end', 'evaluation.problem.order');
  const rooms = names.map((name, i): EvaluationRoom => ({ room: roomId(name), venue: i === 0 ? 'main' : 'branch' }));

  const reader = rosterReader({ rooms: rooms.map(({ room }) => room), before: [] });
  // A project may be announced before its roster is known: a row without any person is fine.
  const roster = group.filter(hasPerson).flatMap((row) => reader.read(row) ?? []);
  problems.push(...reader.problems);
  if (problems.length > 0 || start === undefined || end === undefined) {
    return { row: first.row, draft: undefined, problems };
  }
  const frame = { project, projectName: first.cell('projectName'), rooms, plannedStart: start, plannedEnd: end };
  const draft = { ...frame, roster, bidders: biddersIn(first.cell('bidders')), signIn: [], reentryAllowed: false };
  return { row: first.row, draft, problems };
}

const hasPerson = (row: NamedRow<Column>): boolean =>
  (Object.keys(ROSTER_HEADINGS) as RosterColumn[]).some((column) => row.cell(column) !== '');

/** A later row that says something else about the project than its first row is a mistake, not the truth of two. */
function differing(group: NamedRow<Column>[]): RowProblem[] {
  const [first, ...others] = group;
  return others.flatMap((row) =>
    FRAME.filter((column) => row.cell(column) !== '' && row.cell(column) !== first!.cell(column)).map(
      (column): RowProblem => ({ row: row.row, column, key: 'evaluation.problem.differs' }),
    ),
  );
}

/** `宁波甲建设有限公司(甲建|甲公司);乙公司`: names with their short names in brackets. */
function biddersIn(cell: string): Bidder[] {
  return listIn(cell).map((text) => {
    const match = /^(.*?)[(（](.*)[)）]$/.exec(text);
    if (!match) return { name: text, shortNames: [] };
    const shortNames = match[2]!
      .split(/[|｜/]/)
      .map((part) => part.trim())
      .filter((part) => part !== '');
    return { name: match[1]!.trim(), shortNames };
  });
}

/** Evaluations as rows for a CSV file, which can be read again. */
export function evaluationRows(sessions: readonly EvaluationDraft[], timeText: (at: EventMs) => string): string[][] {
  const columns = Object.keys(EVALUATION_HEADINGS) as Column[];
  const rows = sessions.flatMap((session) =>
    (session.roster.length > 0 ? session.roster : [undefined]).map((person) =>
      columns.map((column) => sessionCell(session, { person, column, timeText })),
    ),
  );
  return [columns.map((column) => EVALUATION_HEADINGS[column]), ...rows];
}

interface CellPlace {
  person: RosterPerson | undefined;
  column: Column;
  timeText(at: EventMs): string;
}

function sessionCell(session: EvaluationDraft, { person, column, timeText }: CellPlace): string {
  switch (column) {
    case 'project':
      return session.project;
    case 'projectName':
      return session.projectName;
    case 'rooms':
      return [...session.rooms]
        .sort((a, b) => Number(b.venue === 'main') - Number(a.venue === 'main'))
        .map(({ room }) => room)
        .join(';');
    case 'start':
      return timeText(session.plannedStart);
    case 'end':
      return timeText(session.plannedEnd);
    case 'bidders':
      return session.bidders
        .map(({ name, shortNames }) => (shortNames.length > 0 ? `${name}(${shortNames.join('|')})` : name))
        .join(';');
    default:
      return person ? cellOf(person, column) : '';
  }
}
