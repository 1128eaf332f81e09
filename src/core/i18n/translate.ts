import { messages } from './messages.js';

export type Language = 'zh-CN' | 'en';

/** A text in both languages; `{name}` marks a parameter. */
export interface Message {
  zh: string;
  en: string;
}

export type MessageKey = keyof typeof messages;
export type MessageParameters = Record<string, string | number>;

/** The text of a key in a language, parameters filled in. A parameter that is missing stays visible as `{name}`. */
export function translate(language: Language, key: MessageKey, parameters: MessageParameters = {}): string {
  const message: Message = messages[key];
  const text = language === 'en' ? message.en : message.zh;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = parameters[name];
    return value === undefined ? whole : String(value);
  });
}

/** True for a key that exists, to narrow a computed one. */
export const isMessageKey = (key: string): key is MessageKey => key in messages;
