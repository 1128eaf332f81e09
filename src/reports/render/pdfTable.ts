import { cellText, type ReportCell, type ReportColumn, type ReportTable } from '../document/document.js';
import type { PdfPage } from './pdf.js';

const FONT_SIZE = 8;
const PADDING = 3;
const ROW_HEIGHT = FONT_SIZE + 2 * PADDING + 2;
const LINE = '#9aa1a9';
const GREY = '#57606a';
const HEAD_FILL = '#f1f3f5';

/** Draws a table with its heading and notes; its column heads repeat on every page. Leaves `doc.y` below it. */
export function drawTable(page: PdfPage, title: string, { unit, columns, rows, notes }: ReportTable): void {
  const { doc, left, width, bottom } = page;
  // A heading alone at the foot of a page helps nobody.
  if (doc.y + 40 + 4 * ROW_HEIGHT > bottom) doc.addPage();
  else doc.y += 18;
  const top = doc.y;
  doc.font('heading').fontSize(13).fillColor('black').text(title, left, top, { width });
  const below = doc.y + 4;
  if (unit !== '')
    doc
      .font('body')
      .fontSize(8)
      .fillColor(GREY)
      .text(unit, left, below - 14, { width, align: 'right' });
  doc.fillColor('black');
  doc.y = below;
  const widths = widthsOf(columns, width);
  const widthOf = measured(doc);
  drawHead(page, columns, widths);
  for (const row of rows) {
    if (doc.y + ROW_HEIGHT > bottom) {
      doc.addPage();
      drawHead(page, columns, widths);
    }
    drawRow(page, row, { columns, widths, widthOf });
  }
  doc.y += 4;
  doc.font('body').fontSize(8).fillColor(GREY);
  for (const note of notes) {
    if (doc.y + doc.heightOfString(note, { width }) > bottom) doc.addPage();
    doc.text(note, left, doc.y, { width, lineGap: 1.5 });
  }
  doc.fillColor('black');
}

function widthsOf(columns: readonly ReportColumn[], width: number): number[] {
  const sum = columns.reduce((total, { weight }) => total + weight, 0);
  return columns.map(({ weight }) => (width * weight) / sum);
}

function drawHead({ doc, left, width }: PdfPage, columns: readonly ReportColumn[], widths: readonly number[]): void {
  doc.font('heading').fontSize(FONT_SIZE).fillColor('black');
  const height = Math.max(
    ROW_HEIGHT,
    ...columns.map(({ title }, i) => doc.heightOfString(title, { width: widths[i]! - 2 * PADDING }) + 2 * PADDING),
  );
  const y = doc.y;
  doc.rect(left, y, width, height).fill(HEAD_FILL).fillColor('black');
  let x = left;
  columns.forEach(({ title }, i) => {
    const room = widths[i]! - 2 * PADDING;
    const above = (height - doc.heightOfString(title, { width: room })) / 2;
    doc.text(title, x + PADDING, y + above, { width: room, align: 'center' });
    x += widths[i]!;
  });
  drawLines(doc, { left, y, height, widths });
  doc.y = y + height;
}

interface RowShape {
  columns: readonly ReportColumn[];
  widths: readonly number[];
  /** Width of a text in the font of the rows, points. */
  widthOf: (text: string) => number;
}

/** One line a row: a text that does not fit is cut with an ellipsis, the spreadsheet has it whole; a figure gets smaller, never shorter. */
function drawRow({ doc, left }: PdfPage, row: readonly ReportCell[], { columns, widths, widthOf }: RowShape): void {
  const y = doc.y;
  let x = left;
  doc.font('body').fontSize(FONT_SIZE);
  row.forEach((cell, i) => {
    const width = widths[i]! - 2 * PADDING;
    const text = cell.type === 'text' ? fitted(cellText(cell), width, widthOf) : cellText(cell);
    const scale = Math.min(1, width / Math.max(1, widthOf(text)));
    const room = width - widthOf(text) * scale;
    const offset = columns[i]!.align === 'left' ? 0 : columns[i]!.align === 'right' ? room : room / 2;
    doc.fillColor(cell.type === 'none' ? GREY : 'black').fontSize(FONT_SIZE * scale);
    doc.text(text, x + PADDING + offset, y + PADDING + (FONT_SIZE * (1 - scale)) / 2, { lineBreak: false });
    x += widths[i]!;
  });
  drawLines(doc, { left, y, height: ROW_HEIGHT, widths });
  doc.y = y + ROW_HEIGHT;
}

/** The frame of a row and the lines between its cells, as one path: thousands of rows make a large file else. */
function drawLines(
  doc: PDFKit.PDFDocument,
  { left, y, height, widths }: { left: number; y: number; height: number; widths: readonly number[] },
): void {
  let x = left;
  for (const width of widths) {
    doc.moveTo(x, y).lineTo(x, y + height);
    x += width;
  }
  doc.moveTo(x, y).lineTo(x, y + height);
  doc.moveTo(left, y).lineTo(x, y);
  doc.moveTo(left, y + height).lineTo(x, y + height);
  doc.lineWidth(0.3).stroke(LINE);
}

/** Widths in the font of the rows, each text measured once: most cells say what others have said. */
function measured(doc: PDFKit.PDFDocument): (text: string) => number {
  const known = new Map<string, number>();
  return (text) => {
    // Called with the font of the rows set.
    const width = known.get(text) ?? doc.widthOfString(text);
    known.set(text, width);
    return width;
  };
}

function fitted(text: string, width: number, widthOf: (text: string) => number): string {
  if (widthOf(text) <= width) return text;
  let kept = [...text];
  while (kept.length > 1 && widthOf(`${kept.join('')}…`) > width) kept = kept.slice(0, -1);
  return `${kept.join('')}…`;
}
