import type { RuleCard } from '../api/types.js';
import { t } from '../i18n.js';
import { spanText } from '../text/span.js';

export type Value = string | number | boolean | null;
/** Values that are being changed, by parameter. */
export type Draft = Readonly<Record<string, Value>>;
/** What the server takes: a parameter is never set to nothing. */
export type Parameters = Record<string, string | number | boolean>;

/** What really differs from what is in force. */
export function changedOf(card: RuleCard, draft: Draft): Parameters {
  const inForce = new Map(card.parameters.map((parameter) => [parameter.key, parameter.value]));
  const changed: Parameters = {};
  for (const [key, value] of Object.entries(draft)) {
    if (value !== null && value !== '' && value !== inForce.get(key)) changed[key] = value;
  }
  return changed;
}

export function valueText(value: Value): string {
  if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no');
  return value === null || value === '' ? '–' : String(value);
}

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A span such as `15m` in words; empty for what is none. */
export function spanWords(value: Value): string {
  const [, count, unit] = typeof value === 'string' ? (/^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(value.trim()) ?? []) : [];
  return count === undefined ? '' : spanText(Number(count) * UNIT_MS[unit!]!);
}
