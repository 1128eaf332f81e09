import { type PersonId, personId, type RosterPerson, type RosterRole } from '../../core/evaluation.js';
import { ID_PATTERN, type RoomId, roomId } from '../../core/ids.js';
import { type Headings, listIn, type NamedRow, namedRows, type RowProblem, type TableRow } from './csvTable.js';

export const ROSTER_HEADINGS = {
  id: '编号',
  name: '姓名',
  role: '角色',
  category: '类别',
  batch: '批次',
  personRooms: '可进房间',
  escort: '陪同人',
  reason: '事由',
} as const satisfies Headings<string>;
export type RosterColumn = keyof typeof ROSTER_HEADINGS;

const ROLES: Readonly<Record<string, RosterRole>> = {
  '': 'expert',
  专家: 'expert',
  expert: 'expert',
  豁免: 'exempt',
  exempt: 'exempt',
};

/** What a roster file is read into; nothing may be taken over while there is a problem. */
export interface RosterTable {
  persons: RosterPerson[];
  problems: RowProblem[];
  rows: number;
}

/**
 * A roster from the rows of a CSV file. A person who is on the roster already, by id or by name, keeps their id, so that
 * faces and arrivals stay theirs. Pure.
 * @param rooms rooms of the evaluation
 */
export function readRosterTable(
  rows: readonly TableRow[],
  { rooms, before }: { rooms: readonly RoomId[]; before: readonly RosterPerson[] },
): RosterTable {
  const table = namedRows(rows, { headings: ROSTER_HEADINGS, needed: ['name'] });
  const reader = rosterReader({ rooms, before });
  const persons = table.rows.flatMap((row) => reader.read(row) ?? []);
  return { persons, problems: [...table.problems, ...reader.problems], rows: Math.max(0, rows.length - 1) };
}

/** Reads persons one row after the other, giving ids and watching for doubles. */
export function rosterReader({ rooms, before }: { rooms: readonly RoomId[]; before: readonly RosterPerson[] }) {
  const problems: RowProblem[] = [];
  const taken = new Set<string>();
  const names = new Set<string>();
  const known = new Map(before.map((person) => [person.name, person.id]));
  const reserved = new Set<string>(before.map((person) => person.id));
  let counter = 0;
  const nextId = (): PersonId => {
    do counter += 1;
    while (taken.has(`P${counter}`) || reserved.has(`P${counter}`));
    return personId(`P${counter}`);
  };

  const read = (row: NamedRow<RosterColumn>): RosterPerson | undefined => {
    const found = problems.length;
    const say = (column: RosterColumn, key: RowProblem['key'], value?: string): void => {
      problems.push({ row: row.row, column, key, ...(value !== undefined && { parameters: { value } }) });
    };
    const [name, written] = [row.cell('name'), row.cell('id')];
    const role = ROLES[row.cell('role').toLowerCase()];
    const allowed = listIn(row.cell('personRooms'));
    const strange = allowed.find((id) => !rooms.some((room) => room === id));
    if (name === '') say('name', 'evaluation.problem.name');
    if (written !== '' && !ID_PATTERN.test(written)) say('id', 'evaluation.problem.person-id');
    if (written !== '' && taken.has(written)) say('id', 'evaluation.problem.person-twice', written);
    if (written === '' && names.has(name)) say('name', 'evaluation.problem.name-twice', name);
    if (role === undefined) say('role', 'evaluation.problem.role');
    if (strange !== undefined) say('personRooms', 'evaluation.problem.person-room', strange);
    const [escort, reason] = [row.cell('escort'), row.cell('reason')];
    if (role === 'exempt' && (escort === '' || reason === '')) say('escort', 'evaluation.problem.exempt');
    if (problems.length > found || role === undefined) return undefined;
    const kept = known.get(name);
    const id = written !== '' ? personId(written) : kept !== undefined && !taken.has(kept) ? kept : nextId();
    taken.add(id);
    names.add(name);
    const exempt = role === 'exempt' ? { escort, reason } : {};
    const person = { id, name, role, category: row.cell('category'), batch: row.cell('batch') };
    return { ...person, rooms: allowed.map(roomId), ...exempt };
  };
  return { read, problems };
}

/** A roster as rows for a CSV file, which can be read again. */
export function rosterRows(roster: readonly RosterPerson[]): string[][] {
  const columns = Object.keys(ROSTER_HEADINGS) as RosterColumn[];
  return [
    columns.map((column) => ROSTER_HEADINGS[column]),
    ...roster.map((person) => columns.map((column) => cellOf(person, column))),
  ];
}

export function cellOf(person: RosterPerson, column: RosterColumn): string {
  switch (column) {
    case 'role':
      return person.role === 'expert' ? '专家' : '豁免';
    case 'personRooms':
      return person.rooms.join(';');
    case 'escort':
      return person.escort ?? '';
    case 'reason':
      return person.reason ?? '';
    default:
      return person[column];
  }
}
