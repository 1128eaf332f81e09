/** A cell with its meaning kept, so that a spreadsheet gets real numbers and dates and a page gets text. */
export type ReportCell =
  | { type: 'text'; text: string }
  | { type: 'number'; value: number; digits: number }
  /** 0-1. */
  | { type: 'percent'; value: number }
  /** Seconds, shown as hours. */
  | { type: 'hours'; seconds: number }
  /** Seconds, shown as minutes. */
  | { type: 'minutes'; seconds: number }
  /** A local day `YYYY-MM-DD`, or a local time `YYYY-MM-DD HH:MM`. */
  | { type: 'date'; text: string }
  /** No figure, with the reason that stands in its place. */
  | { type: 'none'; text: string };

export interface ReportColumn {
  title: string;
  align: 'left' | 'right' | 'center';
  /** Relative width. */
  weight: number;
}

export interface ReportTable {
  /** In what its durations are given, as a line above it; empty where it has none. */
  unit: string;
  columns: ReportColumn[];
  rows: ReportCell[][];
  /** Notes on method, printed under the table. */
  notes: string[];
}

export interface ReportSection {
  /** Short enough for the name of a sheet. */
  title: string;
  table: ReportTable;
}

/** A sentence of the summary with the figure it comes from. */
export interface SummarySentence {
  text: string;
  /** Path in the figures, such as `hall.time.coverage`, and its value there. */
  figures: Array<{ path: string; value: number | string | null }>;
}

/** A monthly report as a document: what every format prints, in its order. */
export interface ReportDocument {
  language: 'zh-CN' | 'en';
  title: string;
  /** Empty where the office numbers none. */
  number: string;
  period: string;
  office: string;
  signatory: string;
  /** Local day on which it was made. */
  madeOn: string;
  /** Frozen or not, and the hash. */
  status: string[];
  summaryTitle: string;
  summary: SummarySentence[];
  sections: ReportSection[];
}

const DIGITS = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/** A heading with its number as official documents have it: `一、`, `十二、`; `n` from 1 to 99. */
export function numbered(n: number, title: string, language: ReportDocument['language']): string {
  if (language === 'en') return `${n}. ${title}`;
  const [tens, ones] = [Math.floor(n / 10), n % 10];
  return `${tens === 0 ? '' : `${tens === 1 ? '' : DIGITS[tens]}十`}${DIGITS[ones]}、${title}`;
}

export const text = (value: string): ReportCell => ({ type: 'text', text: value });
export const count = (value: number): ReportCell => ({ type: 'number', value, digits: 0 });
export const hours = (seconds: number): ReportCell => ({ type: 'hours', seconds });

/** A cell as people read it. */
export function cellText(cell: ReportCell): string {
  switch (cell.type) {
    case 'number':
      return cell.value.toFixed(cell.digits);
    case 'percent':
      return percentText(cell.value);
    case 'hours':
      return (cell.seconds / 3600).toFixed(1);
    case 'minutes':
      return (cell.seconds / 60).toFixed(1);
    case 'text':
    case 'date':
    case 'none':
      return cell.text;
  }
}

/** `0.9876` as `98.8%`. */
export const percentText = (share: number): string => `${(share * 100).toFixed(1)}%`;
