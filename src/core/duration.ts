import { AppError } from './errors.js';

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * Reads a duration such as `15m`, `20s`, `1h30m`, `500ms`, `30d` into milliseconds. A bare number is refused:
 * minutes and milliseconds mixed in one file is how other products lost years.
 * @throws AppError `bad-input`
 */
export function parseDuration(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  const rebuilt = parts.map((part) => part[0]).join('');
  if (parts.length === 0 || rebuilt !== text) {
    throw new AppError('bad-input', `duration ${JSON.stringify(text)}: unknown form`, {
      hint: 'write a number and a unit, for example 15m, 20s, 1h30m or 500ms',
    });
  }
  return parts.reduce((sum, part) => sum + Number(part[1]) * UNIT_MS[part[2] as keyof typeof UNIT_MS], 0);
}

/** Shortest exact text for a duration: 900000 is `15m`, 5400000 is `1h30m`. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s';
  let rest = Math.round(ms);
  let text = '';
  for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
    const count = Math.floor(rest / UNIT_MS[unit]);
    rest -= count * UNIT_MS[unit];
    if (count > 0) text += `${count}${unit}`;
  }
  return text;
}
