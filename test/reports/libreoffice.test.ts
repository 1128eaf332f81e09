import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseConfig } from '../../src/core/config/load.js';
import { eventMs } from '../../src/core/time.js';
import { buildDocument } from '../../src/reports/document/buildDocument.js';
import { cellText, type ReportCell } from '../../src/reports/document/document.js';
import { monthReport } from '../../src/reports/month/monthReport.js';
import { renderXlsx } from '../../src/reports/render/xlsx.js';
import { fakeClock } from '../support/fakeClock.js';
import { testLedger } from '../support/ledger.js';
import { endOf, fillLedger, simulateMonth } from '../support/simulatedMonth.js';

const SOFFICE = '/usr/bin/soffice';
const hasOffice = existsSync(SOFFICE);
if (!hasOffice) console.info('skipped: LibreOffice is not installed');

const run = promisify(execFile);
/** Every sheet as a file of its own, values as they are stored and not as they are shown. */
const EVERY_SHEET = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1';

/** Converts the workbook with an office of its own that nobody else uses; returns what it said. */
async function convert(folder: string, to: string): Promise<string> {
  const profile = `-env:UserInstallation=file://${folder}/profile`;
  const args = [profile, '--headless', '--convert-to', to, '--outdir', folder, join(folder, 'month.xlsx')];
  const { stdout, stderr } = await run(SOFFICE, args, { env: { ...process.env, HOME: folder } });
  // Java is only missed by its macros.
  return `${stdout}${stderr}`.replace(/^.*javaldx.*$/m, '');
}

/** Rows of a CSV file; a field in quotes may hold commas, breaks and doubled quotes. */
function rowsOf(csv: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    if (end === '' && quoted === undefined && plain === '') break;
    rows.at(-1)!.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\n') rows.push([]);
  }
  return rows;
}

/** The stored number of a cell; undefined for what is kept as text or as a date. */
function numberIn(cell: ReportCell): number | undefined {
  if (cell.type === 'number' || cell.type === 'percent') return cell.value;
  if (cell.type === 'hours') return cell.seconds / 3600;
  return cell.type === 'minutes' ? cell.seconds / 60 : undefined;
}

/** A number as the office writes it down: a share as percent. */
const numberRead = (read: string): number => (read.endsWith('%') ? Number(read.slice(0, -1)) / 100 : Number(read));

/** What the office must read in a cell. It knows times to the second. */
function expectCell(read: string, cell: ReportCell, where: string): void {
  const value = numberIn(cell);
  if (value !== undefined) expect(numberRead(read), where).toBeCloseTo(value, 6);
  else if (cell.type === 'date') expect(read.replace(/:00$/, ''), where).toBe(cell.text);
  else expect(read, where).toBe(cellText(cell));
}

describe.skipIf(!hasOffice)('the workbook in LibreOffice', () => {
  it('opens without a complaint, and every number and date in it is the one of the report', {
    timeout: 180_000,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hallwatch-office-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const month = simulateMonth({ windows: 40, rooms: 4, seed: 9 });
    const clock = fakeClock(month.from);
    const ledger = testLedger(':memory:', { clock, staleAfterMs: month.lookEveryMs });
    fillLedger(month, ledger, clock);
    const config = parseConfig(month.yaml, 'test');
    const report = await monthReport('2026-10', { ledger, config, asOf: endOf(month) });
    const document = buildDocument(report, config, eventMs(month.to));
    writeFileSync(join(folder, 'month.xlsx'), await renderXlsx(document));

    expect(await convert(folder, 'pdf')).not.toMatch(/error|warning|corrupt|repair/i);
    expect(readFileSync(join(folder, 'month.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
    expect(await convert(folder, EVERY_SHEET)).not.toMatch(/error|warning|corrupt|repair/i);
    const sheets = readdirSync(folder).filter((name) => name.endsWith('.csv'));
    expect(sheets).toHaveLength(document.sections.length + 1);
    let cells = 0;
    for (const { title, table } of document.sections) {
      const rows = rowsOf(readFileSync(join(folder, `month-${title}.csv`), 'utf8'));
      expect(rows[0]!.map((heading) => heading.replace(/ \(.*\)$/, ''))).toEqual(table.columns.map((one) => one.title));
      for (const [i, row] of table.rows.entries()) {
        for (const [j, cell] of row.entries()) {
          expectCell(rows[i + 1]![j]!, cell, `${title} ${i + 1}/${j + 1}`);
          cells += 1;
        }
      }
    }
    expect(cells).toBeGreaterThan(1000);
  });
});
