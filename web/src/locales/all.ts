import { alerts } from './alerts.js';
import { api } from './api.js';
import { board } from './board.js';
import { cameras } from './cameras.js';
import { common } from './common.js';
import { duty } from './duty.js';
import { rooms } from './rooms.js';
import { rules } from './rules.js';
import { shell } from './shell.js';
import { system } from './system.js';
import type { Texts } from './text.js';

/** Every text of the board. A key is `area.name`. */
export const texts = { alerts, api, board, cameras, common, duty, rooms, rules, shell, system } as const;

type Areas = typeof texts;

/** Every key that exists, so that a wrong one does not compile. */
export type TextKey = { [A in keyof Areas]: `${A & string}.${keyof Areas[A] & string}` }[keyof Areas];

/** The messages of one language in the shape vue-i18n wants. */
export function textsOf(language: 'zh' | 'en'): Record<string, Record<string, string>> {
  const index = language === 'zh' ? 0 : 1;
  return Object.fromEntries(
    Object.entries<Texts>(texts).map(([area, entries]) => [
      area,
      Object.fromEntries(Object.entries(entries).map(([key, text]) => [key, text[index]])),
    ]),
  );
}
