import { t } from '../i18n.js';
import { spanParts } from './time.js';

/** A span in words: `15 分 20 秒`. Seconds are left out from a day on. */
export function spanText(ms: number): string {
  const parts = spanParts(ms);
  const shown = parts.some(([, unit]) => unit === 'd') ? parts.filter(([, unit]) => unit !== 's') : parts;
  return shown
    .map(([count, unit]) => {
      switch (unit) {
        case 'd':
          return t('common.days', { d: count });
        case 'h':
          return t('common.hours', { h: count });
        case 'm':
          return t('common.minutes', { m: count });
        default:
          return t('common.seconds', { s: count });
      }
    })
    .join(' ');
}
