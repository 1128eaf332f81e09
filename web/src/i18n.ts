import { createI18n } from 'vue-i18n';
import { type TextKey, textsOf } from './locales/all.js';

export type Language = 'zh-CN' | 'en';

const STORED = 'hallwatch.language';

/** The language somebody chose on this device, if anybody did. */
export function chosenLanguage(): Language | undefined {
  const stored = localStorage.getItem(STORED);
  return stored === 'en' || stored === 'zh-CN' ? stored : undefined;
}

export const i18n = createI18n({
  legacy: false,
  locale: chosenLanguage() ?? 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': textsOf('zh'), en: textsOf('en') },
});

/** The text of a key in the language in use; `{name}` parameters are filled in. Reactive to a change of language. */
export const t = (key: TextKey, parameters: Record<string, string | number> = {}): string =>
  i18n.global.t(key, parameters);

/** The language in use. */
export const language = (): Language => i18n.global.locale.value as Language;

/** Takes a language into use; remembered on this device where a person chose it. */
export function setLanguage(next: Language, { remember }: { remember: boolean }): void {
  i18n.global.locale.value = next;
  if (remember) localStorage.setItem(STORED, next);
  document.documentElement.lang = next;
}

document.documentElement.lang = language();
