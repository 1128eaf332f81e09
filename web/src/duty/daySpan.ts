/** A stretch of a day, `HH:MM` each. */
export interface DaySpan {
  from: string;
  to: string;
}

export const spansText = (spans: readonly DaySpan[]): string => spans.map(({ from, to }) => `${from}-${to}`).join('、');

const SPAN = /^(([01]\d|2[0-3]):[0-5]\d)\s*[-–~至]\s*(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

/** Reads `12:00-12:45、17:00-17:30`; undefined where a part is no span or ends before it begins. Empty text is no span. */
export function parseSpans(text: string): DaySpan[] | undefined {
  const parts = text
    .split(/[、,，;；]/)
    .map((part) => part.trim())
    .filter(Boolean);
  const spans: DaySpan[] = [];
  for (const part of parts) {
    const match = SPAN.exec(part);
    if (!match || match[1]! >= match[3]!) return undefined;
    spans.push({ from: match[1]!, to: match[3]! });
  }
  return spans;
}
