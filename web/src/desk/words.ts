import { t } from '../i18n.js';
import type { TextKey } from '../locales/all.js';
import { reasonOf } from '../text/reasons.js';

const REASONS: Record<string, TextKey> = {
  moving: 'desk.moving',
  serving: 'desk.serving',
  covered: 'desk.covered',
  moved: 'desk.movedView',
  dark: 'desk.dark',
  'no-look': 'desk.noLook',
};

const STATES = {
  tidy: 'desk.tidy',
  suspect: 'desk.suspect',
  disorder: 'desk.disorder',
  unknown: 'desk.unknown',
} as const satisfies Record<string, TextKey>;

/** What the desk's state is called, with the reason where nobody can tell. */
export function deskWord({ state, reason }: { state: keyof typeof STATES; reason?: string | undefined }): string {
  const word = t(STATES[state]);
  if (state !== 'unknown' || reason === undefined) return word;
  const key = REASONS[reason];
  return `${word}（${key ? t(key) : reasonOf(reason)}）`;
}

/** Names of things: the hall's own stay as they are. */
export const thingWords = (items: readonly string[]): string =>
  items.map((item) => (item === 'clutter' ? t('desk.clutter') : item)).join('、');
