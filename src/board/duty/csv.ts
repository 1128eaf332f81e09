/** One line of a CSV file. `row` counts from 1, the heading included. */
export interface CsvRow {
  row: number;
  cells: string[];
}

export type CsvResult = { ok: true; rows: CsvRow[] } | { ok: false; row: number };

/**
 * Reads comma separated values (RFC 4180: quoted cells may hold commas, line breaks and doubled quotation marks). A byte
 * order mark, as Excel writes it, is skipped; lines without any text are left out. Fails at a quotation that never closes.
 */
export function readCsv(text: string): CsvResult {
  const source = text.replace(/^\uFEFF/, '');
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let cell = '';
  let line = 1;
  let rowLine = 1;
  let quotedAt = 0;

  const endRow = (): void => {
    cells.push(cell);
    if (cells.some((value) => value.trim() !== '')) rows.push({ row: rowLine, cells });
    cells = [];
    cell = '';
  };
  for (let i = 0; i < source.length; i++) {
    const character = source[i]!;
    if (character === '\n') line += 1;
    if (quotedAt > 0) {
      if (character !== '"') cell += character;
      else if (source[i + 1] === '"') {
        cell += '"';
        i += 1;
      } else quotedAt = 0;
    } else if (character === '"' && cell === '') quotedAt = line;
    else if (character === ',') {
      cells.push(cell);
      cell = '';
    } else if (character === '\n') {
      endRow();
      rowLine = line;
    } else if (character !== '\r') cell += character;
  }
  if (quotedAt > 0) return { ok: false, row: quotedAt };
  endRow();
  return { ok: true, rows };
}

/**
 * Writes CSV for a spreadsheet: byte order mark, quoted where needed. A cell that a spreadsheet would run as a formula
 * (OWASP CSV Injection: begins with = + - @, tab or return) gets an apostrophe before it.
 */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map((cells) => cells.map(csvCell).join(',')).join('\r\n')}\r\n`;
}

function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
