import { translate } from '../../core/i18n/translate.js';
import { cellText, numbered, type ReportDocument, type ReportTable } from '../document/document.js';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);

const STYLE = `
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; font: 16px/1.6 "Noto Serif CJK SC", SimSun, serif; }
.office { margin: 0; color: #b3261e; font: bold 2rem "Noto Sans CJK SC", SimHei, sans-serif; text-align: center; }
.number { margin: 0.6rem 0 0; padding-bottom: 0.5rem; border-bottom: 2px solid #b3261e; text-align: center; }
h1 { margin: 1.6rem 0 0.5rem; font-size: 1.5rem; text-align: center; }
.period { text-align: center; }
h2 { margin: 2rem 0 0.5rem; font: bold 1.15rem "Noto Sans CJK SC", SimHei, sans-serif; }
.status, .note { color: #57606a; font-size: 0.85rem; overflow-wrap: anywhere; }
.note { margin: 0.2rem 0; }
.unit { margin: 0 0 0.2rem; color: #57606a; font-size: 0.85rem; text-align: right; }
table { width: 100%; border-collapse: collapse; font-size: 0.85rem; font-variant-numeric: tabular-nums; }
th, td { border: 1px solid #c8ccd1; padding: 0.2rem 0.45rem; }
th { background: #f1f3f5; }
thead { display: table-header-group; }
.right { text-align: right; } .center { text-align: center; }
.none { color: #6e7781; }
.signature { margin-top: 3rem; text-align: right; }
@media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } tr { break-inside: avoid; } }
`;

/** A page of its own, without anything from elsewhere: to be kept, mailed or printed. Every text is escaped. */
export function renderHtml(report: ReportDocument): string {
  const { language, title, number, period, office, signatory, madeOn, status, summary, sections } = report;
  const say = (key: Parameters<typeof translate>[1], parameters = {}): string =>
    escaped(translate(language, key, parameters));
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><title>${escaped(title)}</title><style>${STYLE}</style></head>
<body>
<p class="office">${escaped(office)}</p>
<p class="number">${escaped(number)}</p>
<h1>${escaped(title)}</h1>
<p class="period">${escaped(period)}</p>
${status.map((line) => `<p class="status">${escaped(line)}</p>`).join('\n')}
<h2>${escaped(report.summaryTitle)}</h2>
<ol>
${summary.map((sentence) => `<li title="${escaped(figuresText(sentence.figures))}">${escaped(sentence.text)}</li>`).join('\n')}
</ol>
${sections.map(({ title: heading, table }, i) => `<h2>${escaped(numbered(i + 1, heading, language))}</h2>\n${tableHtml(table)}`).join('\n')}
<p class="signature">${escaped(office)}<br>${say('report.sign-here')}${escaped(signatory)}<br>${say('report.seal-here')}<br>${escaped(madeOn)}</p>
</body>
</html>
`;
}

const figuresText = (figures: ReportDocument['summary'][number]['figures']): string =>
  figures.map(({ path, value }) => `${path} = ${value ?? 'null'}`).join('; ');

function tableHtml({ unit, columns, rows, notes }: ReportTable): string {
  const head = columns.map(({ title, align }) => `<th class="${align}">${escaped(title)}</th>`).join('');
  const body = rows.map(
    (row) =>
      `<tr>${row
        .map((cell, i) => {
          const kind = cell.type === 'none' ? ' none' : '';
          return `<td class="${columns[i]!.align}${kind}">${escaped(cellText(cell))}</td>`;
        })
        .join('')}</tr>`,
  );
  const above = unit === '' ? '' : `<p class="unit">${escaped(unit)}</p>\n`;
  return `${above}<table><thead><tr>${head}</tr></thead><tbody>
${body.join('\n')}
</tbody></table>
${notes.map((note) => `<p class="note">${escaped(note)}</p>`).join('\n')}`;
}
