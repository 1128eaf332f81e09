import writeXlsxFile, { type Cell, type Row, type Sheet } from 'write-excel-file/node';
import { midnightOf } from '../../core/calendar/localDay.js';
import { translate } from '../../core/i18n/translate.js';
import type { ReportCell, ReportDocument, ReportSection, ReportTable } from '../document/document.js';

/** Excel counts days from 1899-12-30; this is 1970-01-01. */
const EXCEL_EPOCH_DAY = 25_569;
const DAY_MS = 86_400_000;
/** The longest name a sheet may have, and what it must not contain. */
const LONGEST_NAME = 31;

/**
 * A text that no spreadsheet program takes for a formula, neither here nor after it was saved as CSV and opened again: what
 * begins with `= + - @`, a tab or a line break gets an apostrophe in front.
 */
export const harmless = (value: string): string => (/^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value);

/** The report as an Excel workbook: a sheet a table, numbers and dates as such, headers that stay in sight. */
export async function renderXlsx(report: ReportDocument): Promise<Uint8Array> {
  const sheets: Sheet<never>[] = [
    summarySheet(report),
    ...report.sections.map((section) => tableSheet(section, report.language)),
  ];
  return new Uint8Array(await writeXlsxFile(sheets as never, { fontFamily: 'SimSun', fontSize: 11 }).toBuffer());
}

const plain = (value: string, more: Partial<Extract<Cell, object>> = {}): Cell => ({
  value: harmless(value),
  type: String,
  wrap: true,
  alignVertical: 'center',
  ...more,
});

function summarySheet(report: ReportDocument): Sheet<never> {
  const { language, title, number, period, office, status, summary, madeOn, signatory } = report;
  const wide = { columnSpan: 3 };
  const line = (value: string): Row => [plain(value, { ...wide, height: 18 }), null, null];
  const rows: Row[] = [
    [plain(title, { ...wide, fontWeight: 'bold', fontSize: 16, align: 'center', wrap: false, height: 28 }), null, null],
    ...(number === '' ? [] : [line(translate(language, 'report.number', { number }))]),
    line(translate(language, 'report.office', { office })),
    line(period),
    ...status.map(line),
    [plain('', wide), null, null],
    ...summary.flatMap(({ text, figures }, i): Row[] =>
      figures.map(({ path, value }, j) => [
        j === 0 ? plain(`${i + 1}. ${text}`, { rowSpan: figures.length }) : null,
        plain(path, { textColor: '#57606a' }),
        typeof value === 'number' ? { value, type: Number, format: formatFor(value) } : plain(value ?? '—'),
      ]),
    ),
    [plain('', wide), null, null],
    line(`${office}  ${translate(language, 'report.sign-here')}${signatory}  ${madeOn}`),
  ];
  return { data: rows, sheet: report.summaryTitle, columns: [{ width: 80 }, { width: 38 }, { width: 14 }] };
}

const formatFor = (value: number): string => (Number.isInteger(value) ? '0' : '0.0000');

function tableSheet({ title, table }: ReportSection, language: ReportDocument['language']): Sheet<never> {
  const header: Row = table.columns.map((column, i) =>
    plain(`${column.title}${unitOf(table, i, language)}`, {
      fontWeight: 'bold',
      backgroundColor: '#e8ecf0',
      align: 'center',
      borderStyle: 'thin',
      height: 20,
    }),
  );
  const notes = table.notes.map(
    (note): Row => [
      plain(note, { columnSpan: table.columns.length, textColor: '#57606a', height: 30 }),
      ...new Array<null>(table.columns.length - 1).fill(null),
    ],
  );
  return {
    data: [header, ...table.rows.map((row) => row.map(excelCell)), ...notes],
    sheet: title.replace(/[\\/?*[\]:]/g, ' ').slice(0, LONGEST_NAME),
    stickyRowsCount: 1,
    columns: table.columns.map(({ weight }) => ({ width: Math.round(6 + weight * 7) })),
    ...(table.columns.length > 6 ? { orientation: 'landscape' } : {}),
  };
}

/** The unit of a column of durations, behind its heading: a number in a sheet says nothing of itself. */
function unitOf({ rows }: ReportTable, column: number, language: ReportDocument['language']): string {
  const types = new Set(rows.map((row) => row[column]!.type));
  types.delete('none');
  const [only] = types;
  if (types.size !== 1 || (only !== 'hours' && only !== 'minutes')) return '';
  return ` (${translate(language, `report.unit.${only}`)})`;
}

function excelCell(cell: ReportCell): Cell {
  const border = { borderStyle: 'thin' as const, borderColor: '#c8ccd1', alignVertical: 'center' as const, height: 18 };
  const number = (value: number, format: string): Cell => ({ value, type: Number, format, ...border });
  switch (cell.type) {
    case 'number':
      return number(cell.value, cell.digits === 0 ? '0' : `0.${'0'.repeat(cell.digits)}`);
    case 'percent':
      return number(cell.value, '0.0%');
    case 'hours':
      return number(cell.seconds / 3600, '0.00');
    case 'minutes':
      return number(cell.seconds / 60, '0.0');
    case 'date':
      return number(excelDate(cell.text), cell.text.length > 10 ? 'yyyy-mm-dd hh:mm' : 'yyyy-mm-dd');
    case 'text':
      return plain(cell.text, { ...border, wrap: false });
    case 'none':
      return plain(cell.text, { ...border, wrap: false, align: 'center', textColor: '#6e7781' });
  }
}

/** Excel's number of a local day or time. Excel knows no time zones: it shows the hall's own clock. */
function excelDate(text: string): number {
  const [day, time = '00:00'] = text.split(' ') as [string, string?];
  const [hour, minute] = time.split(':').map(Number) as [number, number];
  return midnightOf(day, 'UTC') / DAY_MS + EXCEL_EPOCH_DAY + (hour * 60 + minute) / 1440;
}
