import { alerts } from './alerts.js';
import { api } from './api.js';
import { areas } from './areas.js';
import { board } from './board.js';
import { cameras } from './cameras.js';
import { common } from './common.js';
import { courtesy } from './courtesy.js';
import { desk } from './desk.js';
import { duty } from './duty.js';
import { evaluations } from './evaluations.js';
import { evidence } from './evidence.js';
import { patrols } from './patrols.js';
import { reports } from './reports.js';
import { rooms } from './rooms.js';
import { rules } from './rules.js';
import { seats } from './seats.js';
import { shell } from './shell.js';
import { system } from './system.js';
import type { Texts } from './text.js';
import { words } from './words.js';

/** Every text of the board. A key is `area.name`. */
export const texts = {
  alerts,
  areas,
  api,
  board,
  cameras,
  common,
  courtesy,
  desk,
  duty,
  evaluations,
  evidence,
  reports,
  patrols,
  rooms,
  rules,
  seats,
  shell,
  system,
  words,
} as const;

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
