import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseConfig } from '../../src/core/config/load.js';
import { eventMs } from '../../src/core/time.js';
import { buildDocument } from '../../src/reports/document/buildDocument.js';
import { cellText, type ReportDocument } from '../../src/reports/document/document.js';
import { freezeMonth, type MonthReport, monthReport } from '../../src/reports/month/monthReport.js';
import { findFonts } from '../../src/reports/render/fonts.js';
import { renderHtml } from '../../src/reports/render/html.js';
import { REPORT_FORMATS, renderReport } from '../../src/reports/render/renderReport.js';
import { harmless, renderXlsx } from '../../src/reports/render/xlsx.js';
import { fakeClock } from '../support/fakeClock.js';
import { testLedger } from '../support/ledger.js';
import { endOf, fillLedger, simulateMonth } from '../support/simulatedMonth.js';

const NOW = eventMs(Date.UTC(2026, 10, 2, 1));

async function reported(
  windows: number,
  rooms = 1,
): Promise<{ report: MonthReport; config: ReturnType<typeof parseConfig> }> {
  const month = simulateMonth({ windows, rooms, seed: 11 });
  const clock = fakeClock(month.from);
  const ledger = testLedger(':memory:', { clock, staleAfterMs: month.lookEveryMs });
  fillLedger(month, ledger, clock);
  const yaml = `${month.yaml}reports: { number: "模政督〔{year}〕{month}号", signatory: 王主任 }\n`;
  const config = parseConfig(yaml, 'test');
  const options = { ledger, config, asOf: endOf(month) };
  await freezeMonth('2026-10', 'boss', options);
  return { report: await monthReport('2026-10', options), config };
}

describe('the document of a month', () => {
  it('has the parts of an official one, and every sentence of the summary names its figures', async () => {
    const { report, config } = await reported(8);
    const document = buildDocument(report, config, NOW);
    expect(document).toMatchObject({
      title: '模拟政务服务中心2026年10月窗口服务督查月报',
      number: '模政督〔2026〕10号',
      period: '统计期间：2026年10月1日至2026年10月31日',
      office: '模拟政务服务中心',
      signatory: '王主任',
      madeOn: '2026年11月2日',
    });
    expect(document.status[1]).toContain(report.hash);
    expect(document.sections.map(({ title }) => title)).toEqual([
      '总体情况',
      '部门排名',
      '窗口排名',
      '窗口在岗时间',
      '区域情况',
      '告警分类',
      '处理与申诉',
      '在岗人员',
      '评标监管',
      '每日情况',
    ]);
    for (const { text, figures } of document.summary) {
      expect(text).not.toMatch(/\{\w+\}|undefined|NaN|null/);
      expect(figures.length).toBeGreaterThan(0);
      for (const { path, value } of figures) {
        if (/[=]|length|previous|^windows/.test(path)) continue;
        const found = path
          .split('.')
          .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], report.figures);
        expect([path, value]).toEqual([path, found]);
      }
    }
    for (const { table } of document.sections) {
      expect(table.notes.length).toBeGreaterThan(0);
      for (const row of table.rows) {
        expect(row).toHaveLength(table.columns.length);
        for (const cell of row) expect(cellText(cell)).not.toMatch(/NaN|undefined|null/);
      }
    }
  });

  it('speaks English where the hall does', async () => {
    const { report, config } = await reported(3);
    const document = buildDocument(report, { ...config, language: 'en' }, NOW);
    expect(document.title).toBe('模拟政务服务中心: monthly service report, 2026-10');
    expect(document.sections.map(({ title }) => title)).toContain('Windows');
  });
});

describe('the formats', () => {
  it('are JSON with the summary, a workbook, a PDF with embedded fonts and a page', async () => {
    const { report, config } = await reported(12, 2);
    const made = Object.fromEntries(
      await Promise.all(
        REPORT_FORMATS.map(async (format) => [
          format,
          Buffer.from(await renderReport(report, format, { config, now: NOW })),
        ]),
      ),
    ) as Record<(typeof REPORT_FORMATS)[number], Buffer>;
    const json = JSON.parse(made.json.toString());
    expect(json.summary[0].figures[0]).toEqual({ path: 'days', value: 31 });
    expect(json.figures).toEqual(JSON.parse(JSON.stringify(report.figures)));
    expect(made.pdf.subarray(0, 5).toString()).toBe('%PDF-');
    const pdf = made.pdf.toString('latin1');
    expect(pdf).toMatch(/\/FontFile3/);
    expect(pdf).toContain('NotoSerifCJKsc-Regular');
    // A subset, not 20 MB of font.
    expect(made.pdf.length).toBeLessThan(1_500_000);
    expect(made.html.toString()).toContain('<h2>三、窗口排名</h2>');
    const folder = process.env.HALLWATCH_REPORT_OUT;
    if (folder) for (const format of REPORT_FORMATS) writeFileSync(join(folder, `report.${format}`), made[format]);
  });

  it('keeps numbers and dates as such in the workbook, and headers in sight', async () => {
    const { report, config } = await reported(3);
    const files = unzipSync(await renderXlsx(buildDocument(report, config, NOW)));
    const overall = strFromU8(files['xl/worksheets/sheet2.xml']!);
    expect(overall).toContain('state="frozen"');
    const windows = strFromU8(files['xl/worksheets/sheet4.xml']!);
    expect(windows).toMatch(/<c r="C2"[^>]*><v>\d+<\/v><\/c>/);
    const trend = strFromU8(files['xl/worksheets/sheet11.xml']!);
    // 2026-10-01 is day 46296 of Excel.
    expect(trend).toContain('<v>46296</v>');
    expect(strFromU8(files['xl/styles.xml']!)).toContain('yyyy-mm-dd');
    expect(
      Object.values(files)
        .map((file) => strFromU8(file))
        .join(''),
    ).not.toContain('<f>');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('makes %j harmless', (text) => {
    expect(harmless(text)).toBe(`'${text}`);
  });

  it('writes names that look like formulas or markup as plain text', async () => {
    const { report, config } = await reported(3);
    const evil = '=HYPERLINK("http://x")<script>alert(1)</script>';
    const document: ReportDocument = { ...buildDocument(report, config, NOW), office: evil, summaryTitle: '摘要' };
    const files = unzipSync(await renderXlsx(document));
    const text = Object.values(files)
      .map((file) => strFromU8(file))
      .join('');
    expect(text).not.toContain('<script>');
    expect(text).not.toContain('<f>');
    expect(renderHtml(document)).not.toContain('<script>');
  });
});

describe('fonts', () => {
  it('that are missing are said so, with what to install', () => {
    const empty = mkdtempSync(join(tmpdir(), 'hallwatch-fonts-'));
    onTestFinished(() => rmSync(empty, { recursive: true, force: true }));
    expect(() => findFonts(undefined, [empty])).toThrow('no font with Chinese glyphs');
    expect(() => findFonts(join(empty, 'none.ttf'))).toThrow('no such file');
    writeFileSync(join(empty, 'NotoSansCJKsc-Regular.otf'), '');
    expect(findFonts(undefined, [empty]).heading.path).toBe(join(empty, 'NotoSansCJKsc-Regular.otf'));
  });
});
