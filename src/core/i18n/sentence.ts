import type { RuleDetail } from '../rule.js';
import { isMessageKey, type Language, translate } from './translate.js';

const UNITS = [
  { ms: 86_400_000, zh: '天', en: 'd' },
  { ms: 3_600_000, zh: '小时', en: 'h' },
  { ms: 60_000, zh: '分', en: 'min' },
  { ms: 1000, zh: '秒', en: 's' },
] as const;

/** A duration for people, to the second: `15 分 20 秒`, `15 min 20 s`. */
export function spokenDuration(ms: number, language: Language): string {
  let rest = Math.floor(ms / 1000) * 1000;
  const parts: string[] = [];
  for (const unit of UNITS) {
    const count = Math.floor(rest / unit.ms);
    rest -= count * unit.ms;
    if (count > 0) parts.push(`${count} ${language === 'en' ? unit.en : unit.zh}`);
  }
  return parts.join(' ') || (language === 'en' ? '0 s' : '0 秒');
}

/** Name of a rule; a plug-in's own name where no text is known. */
export function ruleTitle(rule: string, language: Language): string {
  const key = `rule.${rule}`;
  return isMessageKey(key) ? translate(language, key) : rule;
}

/** What a sentence is made of. `coverage` is 0-1; the sentence of a rule may name any fact of its `detail`. */
export interface SentenceFacts {
  rule: string;
  durationMs: number;
  coverage: number;
  detail?: RuleDetail | undefined;
}

/** What happened in one sentence: "空岗 15 分 20 秒,期间画面覆盖率 98%". */
export function incidentSentence(
  { rule, durationMs, coverage, detail = {} }: SentenceFacts,
  language: Language,
): string {
  const parameters = {
    ...Object.fromEntries(Object.entries(detail).map(([key, value]) => [key, spoken(value, language)])),
    rule: ruleTitle(rule, language),
    duration: spokenDuration(durationMs, language),
    // Rounded down: 99.6 % seen is not "all of it seen".
    coverage: Math.floor(coverage * 100),
  };
  const key = `alert.${rule}`;
  return translate(language, isMessageKey(key) ? key : 'board.sentence.other', parameters);
}

/** A fact as people read it: a list with the language's own comma. */
const spoken = (value: RuleDetail[string], language: Language): string | number => {
  if (Array.isArray(value)) return value.join(language === 'en' ? ', ' : '、');
  return typeof value === 'number' ? value : String(value ?? '');
};
