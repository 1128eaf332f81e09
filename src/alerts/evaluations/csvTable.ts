import type { evaluationMessages } from '../../core/i18n/messages/evaluation.js';
import type { MessageParameters } from '../../core/i18n/translate.js';

/** One line of a CSV file that was split into cells. `row` counts from 1, the heading included. */
export interface TableRow {
  row: number;
  cells: readonly string[];
}

/** What is wrong in one cell. `key` may also be one of the CSV reader's own, which the board speaks for. */
export interface RowProblem {
  row: number;
  column: string;
  key: keyof typeof evaluationMessages | 'board.csv.cells' | 'board.csv.column' | 'board.csv.time' | 'board.csv.empty';
  parameters?: MessageParameters;
}

/** A row whose cells are asked for by the name of their column. */
export interface NamedRow<C extends string> {
  row: number;
  cell(column: C): string;
}

/** Columns of a table, with the headings that people write for them in Chinese. */
export type Headings<C extends string> = Readonly<Record<C, string>>;

/**
 * The rows under a heading, each cell by its column's name. Headings may be the names themselves or the Chinese ones, in any
 * order; an unknown column is passed over. The apostrophe that an export puts before a formula comes off again.
 */
export function namedRows<C extends string>(
  rows: readonly TableRow[],
  { headings, needed }: { headings: Headings<C>; needed: readonly C[] },
): { rows: NamedRow<C>[]; problems: RowProblem[] } {
  const [heading, ...body] = rows;
  if (!heading || body.length === 0) return { rows: [], problems: [{ row: 1, column: '', key: 'board.csv.empty' }] };
  const names = Object.keys(headings) as C[];
  const columns = heading.cells.map((text) => {
    const word = text.trim();
    return names.find((name) => headings[name] === word || name.toLowerCase() === word.toLowerCase());
  });
  const missing = needed.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    const problems = missing.map(
      (column): RowProblem => ({
        row: heading.row,
        column,
        key: 'board.csv.column',
        parameters: { column: `${headings[column]} (${column})` },
      }),
    );
    return { rows: [], problems };
  }
  const problems = body
    .filter(({ cells }) => cells.length !== columns.length)
    .map(({ row, cells }): RowProblem => {
      return {
        row,
        column: '',
        key: 'board.csv.cells',
        parameters: { expected: columns.length, actual: cells.length },
      };
    });
  const named = body
    .filter(({ cells }) => cells.length === columns.length)
    .map(
      ({ row, cells }): NamedRow<C> => ({
        row,
        cell: (column) => (cells[columns.indexOf(column)]?.trim() ?? '').replace(/^'(?=[=+\-@\t\r])/, ''),
      }),
    );
  return { rows: named, problems };
}

/** Several values in one cell: `R1;R2`, also with the Chinese marks. */
export const listIn = (cell: string): string[] =>
  cell
    .split(/[;；、]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
