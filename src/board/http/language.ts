import type { Language } from '../../core/i18n/translate.js';

/** The first language of `Accept-Language` that the product speaks, or undefined. */
export function languageOf(header: string | undefined): Language | undefined {
  for (const part of (header ?? '').split(',')) {
    const tag = part.split(';', 1)[0]!.trim().toLowerCase();
    if (tag === 'zh' || tag.startsWith('zh-')) return 'zh-CN';
    if (tag === 'en' || tag.startsWith('en-')) return 'en';
  }
  return undefined;
}
