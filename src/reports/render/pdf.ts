import { setImmediate as nextTurn } from 'node:timers/promises';
import PDFDocument from 'pdfkit';
import { AppError, messageOf } from '../../core/errors.js';
import { translate } from '../../core/i18n/translate.js';
import { numbered, type ReportDocument } from '../document/document.js';
import type { ReportFonts } from './fonts.js';
import { drawTable } from './pdfTable.js';

/** A4, with the margins of official documents: 37 mm above, 28 mm left, 26 mm right, 35 mm below (GB/T 9704-2012). */
const MARGINS = { top: 84, left: 66, right: 60, bottom: 84 };
const RED = '#b3261e';
const GREY = '#57606a';

/** A page under way. */
export interface PdfPage {
  doc: PDFKit.PDFDocument;
  left: number;
  width: number;
  bottom: number;
}

/**
 * The report as a PDF: A4, its fonts embedded as subsets, page numbers on every page, tables whose headings repeat. Gives
 * other work a turn between tables.
 * @throws AppError `unsupported` where the font file cannot be used
 */
export async function renderPdf(report: ReportDocument, fonts: ReportFonts): Promise<Uint8Array> {
  const doc = new PDFDocument({ size: 'A4', margins: MARGINS, bufferPages: true, info: { Title: report.title } });
  const chunks: Uint8Array[] = [];
  const done = new Promise<void>((resolve, reject) => {
    doc.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    doc.on('end', resolve);
    doc.on('error', reject);
  });
  try {
    doc.registerFont('body', fonts.body.path, fonts.body.face);
    doc.registerFont('heading', fonts.heading.path, fonts.heading.face);
    doc.font('body');
  } catch (cause) {
    throw new AppError('unsupported', `font ${fonts.body.path}: ${messageOf(cause)}`, {
      cause,
      hint: 'name another font file under reports.font',
    });
  }
  const page: PdfPage = {
    doc,
    left: MARGINS.left,
    width: doc.page.width - MARGINS.left - MARGINS.right,
    bottom: doc.page.height - MARGINS.bottom,
  };
  drawHead(page, report);
  drawSummary(page, report);
  for (const [i, { title, table }] of report.sections.entries()) {
    drawTable(page, numbered(i + 1, title, report.language), table);
    await nextTurn();
  }
  drawSignature(page, report);
  numberPages(page, report);
  doc.end();
  await done;
  return new Uint8Array(Buffer.concat(chunks));
}

/** 版头 and title: the issuing office in red, the number below it, a red line, then the title in black. */
function drawHead({ doc, left, width }: PdfPage, { title, number, office, period, status }: ReportDocument): void {
  const centred = { width, align: 'center' as const };
  doc.font('heading').fontSize(26).fillColor(RED).text(office, left, MARGINS.top, centred);
  doc.font('body').fontSize(12).fillColor('black');
  if (number !== '') doc.moveDown(0.8).text(number, left, doc.y, centred);
  doc.y += 8;
  doc
    .moveTo(left, doc.y)
    .lineTo(left + width, doc.y)
    .lineWidth(1.5)
    .stroke(RED);
  doc.y += 24;
  doc.font('heading').fontSize(18).text(title, left, doc.y, centred);
  doc.moveDown(0.4).font('body').fontSize(11).text(period, left, doc.y, centred);
  doc.moveDown(0.6).fontSize(9).fillColor(GREY);
  for (const line of status) doc.moveDown(0.2).text(line, left, doc.y, { width });
  doc.fillColor('black');
}

function drawSummary({ doc, left, width }: PdfPage, { summary, summaryTitle }: ReportDocument): void {
  doc.moveDown(1).font('heading').fontSize(14).text(summaryTitle, left, doc.y, { width });
  doc.moveDown(0.4).font('body').fontSize(11.5);
  summary.forEach(({ text }, i) => {
    doc.text(`${i + 1}. ${text}`, left, doc.y, { width, lineGap: 4, paragraphGap: 3 });
  });
}

/** Office, signature, seal and date stand together: never at the foot of one page and the head of the next. */
function drawSignature({ doc, left, width, bottom }: PdfPage, report: ReportDocument): void {
  const { language, office, signatory, madeOn } = report;
  if (doc.y + 24 + 4 * 24 > bottom) doc.addPage();
  doc.y += 24;
  doc.font('body').fontSize(12);
  const lines = [
    office,
    `${translate(language, 'report.sign-here')}${signatory === '' ? '____________' : signatory}`,
    translate(language, 'report.seal-here'),
    madeOn,
  ];
  for (const line of lines) doc.text(line, left + width / 2, doc.y, { width: width / 2, align: 'center', lineGap: 6 });
}

function numberPages({ doc, left, width }: PdfPage, { language }: ReportDocument): void {
  const { start, count } = doc.bufferedPageRange();
  for (let i = 0; i < count; i++) {
    doc.switchToPage(start + i);
    // Below the margin, where the library would else begin a new page.
    doc.page.margins.bottom = 0;
    const text = translate(language, 'report.page', { page: i + 1, pages: count });
    doc.font('body').fontSize(10).fillColor('black');
    doc.text(text, left, doc.page.height - 52, { width, align: 'center', lineBreak: false });
  }
}
