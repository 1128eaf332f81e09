import { translate } from '../../core/i18n/translate.js';
import { cellText, type ReportDocument, type ReportTable } from '../document/document.js';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);

const STYLE = `
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; font: 16px/1.6 "Noto Serif CJK SC", SimSun, serif; }
h1 { margin: 0 0 0.5rem; color: #b3261e; font-size: 1.7rem; text-align: center; }
h2 { margin: 2rem 0 0.5rem; font: bold 1.15rem "Noto Sans CJK SC", SimHei, sans-serif; }
.meta { display: flex; justify-content: space-between; border-bottom: 2px solid #b3261e; padding-bottom: 0.3rem; }
.status, .note { color: #57606a; font-size: 0.85rem; overflow-wrap: anywhere; }
.note { margin: 0.2rem 0; }
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
  const meta = [number === '' ? '' : say('report.number', { number }), say('report.office', { office })];
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><title>${escaped(title)}</title><style>${STYLE}</style></head>
<body>
<h1>${escaped(title)}</h1>
<p class="meta">${meta.map((part) => `<span>${part}</span>`).join('')}</p>
<p>${escaped(period)}</p>
${status.map((line) => `<p class="status">${escaped(line)}</p>`).join('\n')}
<h2>${escaped(report.summaryTitle)}</h2>
<ol>
${summary.map((sentence) => `<li title="${escaped(figuresText(sentence.figures))}">${escaped(sentence.text)}</li>`).join('\n')}
</ol>
${sections.map((section) => `<h2>${escaped(section.title)}</h2>\n${tableHtml(section.table)}`).join('\n')}
<p class="signature">${escaped(office)}<br>${say('report.sign-here')}${escaped(signatory)}<br>${say('report.seal-here')}<br>${escaped(madeOn)}</p>
</body>
</html>
`;
}

const figuresText = (figures: ReportDocument['summary'][number]['figures']): string =>
  figures.map(({ path, value }) => `${path} = ${value ?? 'null'}`).join('; ');

function tableHtml({ columns, rows, notes }: ReportTable): string {
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
  return `<table><thead><tr>${head}</tr></thead><tbody>
${body.join('\n')}
</tbody></table>
${notes.map((note) => `<p class="note">${escaped(note)}</p>`).join('\n')}`;
}
