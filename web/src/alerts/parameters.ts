import { t } from '../i18n.js';
import { levelText, tierText } from '../rooms/words.js';
import { spanText } from '../text/span.js';

const span = (value: unknown): string => spanText(Number(value) * 1000);

const sentences: Record<string, (value: unknown, all: Readonly<Record<string, unknown>>) => string> = {
  absent_after_s: (value, all) =>
    t(all.inclusive === false ? 'alerts.paramAbsentOver' : 'alerts.paramAbsentAfter', { span: span(value) }),
  miss_grace_s: (value) => t('alerts.paramMissGrace', { span: span(value) }),
  return_hold_s: (value) => t('alerts.paramReturnHold', { span: span(value) }),
  min_staff: (value) => t('alerts.paramMinStaff', { count: Number(value) }),
  stale_after_s: (value) => t('alerts.paramStaleAfter', { span: span(value) }),
  merge_within_s: (value) => t('alerts.paramMergeWithin', { span: span(value) }),
  citizen_wait_after_s: (value) => t('alerts.paramCitizenWait', { span: span(value) }),
  tiers_s: (value) => {
    const tiers = Array.isArray(value) ? value.map(span) : [];
    return tiers.length > 0 ? t('alerts.paramTiers', { spans: tiers.join('、') }) : t('alerts.paramNoTiers');
  },
};

/** Said by another sentence already. */
const SILENT = new Set(['inclusive', 'enabled']);

/** A rule's parameters as sentences a person would say; one that is not known is shown as it is. */
export function parameterSentences(parameters: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(parameters)
    .filter(([key]) => !SILENT.has(key))
    .map(([key, value]) => {
      const say = sentences[key];
      return say ? say(value, parameters) : `${key} = ${typeof value === 'string' ? value : JSON.stringify(value)}`;
    });
}

/** The facts of an incident that its sentence does not carry. */
export function factSentences(detail: Readonly<Record<string, unknown>>): string[] {
  const facts: string[] = [];
  const seconds = (key: string): number => (typeof detail[key] === 'number' ? detail[key] : 0);
  if (seconds('unknown_s') > 0) facts.push(t('alerts.factUnknown', { span: span(detail.unknown_s) }));
  if (seconds('citizen_longest_wait_s') > 0) {
    facts.push(t('alerts.factWait', { span: span(detail.citizen_longest_wait_s) }));
  }
  facts.push(...wordFacts(detail));
  return facts;
}

/** What is known of a spoken word. */
function wordFacts({
  word,
  variant,
  level,
  tier,
  count,
  demo,
  before,
  after,
}: Readonly<Record<string, unknown>>): string[] {
  if (typeof word !== 'string') return [];
  const said =
    typeof before === 'string' || typeof after === 'string' ? [`…${before ?? ''}【${variant}】${after ?? ''}…`] : [];
  return [
    `${word}${variant === word ? '' : `（${variant}）`} · ${levelText(String(level))} · ${tierText(String(tier))}`,
    ...(Number(count) > 1 ? [t('rooms.times', { count: Number(count) })] : []),
    ...(demo === true ? [t('rooms.demo')] : []),
    ...said,
  ];
}
