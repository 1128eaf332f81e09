import { type Language, translate } from '../../core/i18n/translate.js';
import { LEAVE_KINDS, type LeaveInput } from '../api/contract/duty.js';
import type { AnswerOf } from '../api/contract.js';
import type { Hall } from '../hall/hall.js';
import { type CsvRow, readCsv } from './csv.js';
import { readTime } from './localTime.js';

export const LEAVE_COLUMNS = ['window', 'person', 'kind', 'from', 'to', 'note'] as const;
type Column = (typeof LEAVE_COLUMNS)[number];
export type RowError = AnswerOf<'importLeaves'>['errors'][number];

/** Every row that is right and every error that was found. Nothing may be stored while there is an error. */
export interface ReadLeaves {
  leaves: LeaveInput[];
  errors: RowError[];
  rows: number;
}

const MOST_ROWS = 2000;
const LONGEST: Partial<Record<Column, number>> = { person: 100, note: 2000 };
/** Headings a spreadsheet made by people may carry. */
const HEADINGS: Record<string, Column> = {
  窗口: 'window',
  人员: 'person',
  类型: 'kind',
  开始: 'from',
  结束: 'to',
  备注: 'note',
};
const KIND_WORDS: Record<string, LeaveInput['kind']> = {
  请假: 'leave',
  外出: 'outing',
  代岗: 'cover',
  后台: 'back-office',
  暂停受理: 'suspended',
};

/** Reads a leave register in CSV. Headings and kinds may be written in either language; local times are the hall's. */
export function readLeaves(text: string, { hall, language }: { hall: Hall; language: Language }): ReadLeaves {
  const csv = readCsv(text);
  if (!csv.ok) return failed(csv.row, '', translate(language, 'board.csv.quote'));
  const [heading, ...body] = csv.rows;
  if (!heading || body.length === 0) return failed(1, '', translate(language, 'board.csv.empty'));
  if (body.length > MOST_ROWS) return failed(1, '', translate(language, 'board.csv.rows', { rows: MOST_ROWS }));
  const columns = heading.cells.map(columnOf);
  const missing = LEAVE_COLUMNS.filter(
    (column) => !columns.includes(column) && column !== 'note' && column !== 'person',
  );
  if (missing.length > 0) {
    const errors = missing.map((column) => ({
      row: heading.row,
      column,
      message: translate(language, 'board.csv.column', { column }),
    }));
    return { leaves: [], errors, rows: body.length };
  }
  const read = body.map((row) => readRow(row, columns, { hall, language }));
  return {
    leaves: read.flatMap(({ leave }) => leave ?? []),
    errors: read.flatMap(({ errors }) => errors),
    rows: body.length,
  };
}

const failed = (row: number, column: string, message: string): ReadLeaves => ({
  leaves: [],
  errors: [{ row, column, message }],
  rows: 0,
});

function columnOf(heading: string): Column | undefined {
  const text = heading.trim();
  return HEADINGS[text] ?? LEAVE_COLUMNS.find((column) => column === text.toLowerCase());
}

function readRow(
  { row, cells }: CsvRow,
  columns: readonly (Column | undefined)[],
  { hall, language }: { hall: Hall; language: Language },
): { leave: LeaveInput | undefined; errors: RowError[] } {
  const errors: RowError[] = [];
  const say = (column: Column | '', key: Parameters<typeof translate>[1], parameters = {}): void => {
    errors.push({ row, column, message: translate(language, key, parameters) });
  };
  if (cells.length !== columns.length) {
    say('', 'board.csv.cells', { expected: columns.length, actual: cells.length });
    return { leave: undefined, errors };
  }
  // An apostrophe that the export put before a formula comes off again.
  const cell = (column: Column): string => (cells[columns.indexOf(column)]?.trim() ?? '').replace(/^'(?=[=+\-@])/, '');

  const window = cell('window');
  if (!hall.window(window)) say('window', 'board.csv.window', { value: window.slice(0, 40) });
  const kind = KIND_WORDS[cell('kind')] ?? LEAVE_KINDS.find((known) => known === cell('kind').toLowerCase());
  if (!kind) say('kind', 'board.csv.kind', { choices: [...LEAVE_KINDS, ...Object.keys(KIND_WORDS)].join(' ') });
  const [from, to] = (['from', 'to'] as const).map((column) => {
    const at = readTime(cell(column), hall.config.site.timeZone);
    if (at === undefined) say(column, 'board.csv.time');
    return at;
  });
  if (from !== undefined && to !== undefined && to <= from) say('to', 'board.csv.order');
  for (const [column, length] of Object.entries(LONGEST) as Array<[Column, number]>) {
    if (cell(column).length > length) say(column, 'board.csv.long', { length });
  }
  const whole = errors.length === 0 && kind !== undefined && from !== undefined && to !== undefined;
  return {
    leave: whole ? { window, person: cell('person'), kind, from, to, note: cell('note') } : undefined,
    errors,
  };
}
