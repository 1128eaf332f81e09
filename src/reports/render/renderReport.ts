import type { Config } from '../../core/config/schema.js';
import type { EventMs, WallMs } from '../../core/time.js';
import { buildDocument } from '../document/buildDocument.js';
import type { MonthReport } from '../month/monthReport.js';
import { findFonts } from './fonts.js';
import { renderHtml } from './html.js';

export const REPORT_FORMATS = ['json', 'xlsx', 'pdf', 'html'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Media types of the formats. */
export const REPORT_MIME: Record<ReportFormat, string> = {
  json: 'application/json',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
  html: 'text/html; charset=utf-8',
};

/**
 * A report in a format, as bytes. The JSON holds the whole report and its summary, each sentence with its figures.
 * @throws AppError `not-found` where a PDF finds no Chinese font
 */
export async function renderReport(
  report: MonthReport,
  format: ReportFormat,
  { config, now }: { config: Config; now: EventMs | WallMs },
): Promise<Uint8Array> {
  const document = buildDocument(report, config, now);
  switch (format) {
    case 'json':
      return Buffer.from(`${JSON.stringify({ ...report, summary: document.summary })}\n`);
    case 'html':
      return Buffer.from(renderHtml(document));
    // Loaded when asked for: nobody else pays for fonts and archives.
    case 'xlsx':
      return (await import('./xlsx.js')).renderXlsx(document);
    case 'pdf':
      return (await import('./pdf.js')).renderPdf(document, findFonts(config.reports.font));
  }
}
