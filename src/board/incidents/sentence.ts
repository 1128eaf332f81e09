import { isMessageKey, type Language, translate } from '../../core/i18n/translate.js';

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

/** What happened in one sentence: "空岗 15 分 20 秒,期间画面覆盖率 98%". `coverage` is 0-1. */
export function incidentSentence(
  { rule, durationMs, coverage }: { rule: string; durationMs: number; coverage: number },
  language: Language,
): string {
  const parameters = {
    rule: ruleTitle(rule, language),
    duration: spokenDuration(durationMs, language),
    // Rounded down: 99.6 % seen is not "all of it seen".
    coverage: Math.floor(coverage * 100),
  };
  const key = `alert.${rule}`;
  return translate(language, isMessageKey(key) ? key : 'board.sentence.other', parameters);
}
