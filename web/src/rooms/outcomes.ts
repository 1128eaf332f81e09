import type { AnswerOf } from '../../../src/board/api/contract.js';
import { t } from '../i18n.js';
import type { TextKey } from '../locales/all.js';

export type ShownEntry = Extract<AnswerOf<'getRoom'>['entries'], { state: 'ready' }>['data'][number];
export type ShownPerson = Extract<AnswerOf<'getRoom'>['roster'], { state: 'ready' }>['data'][number];

export const entryText: Record<ShownEntry['kind'], TextKey> = {
  enter: 'rooms.enter',
  leave: 'rooms.leave',
  found: 'rooms.foundInside',
  identified: 'rooms.identified',
};

const outcomes: Record<string, TextKey> = {
  rostered: 'rooms.outRostered',
  'rostered-wrong-room': 'rooms.outWrongRoom',
  'known-not-rostered': 'rooms.outKnown',
  stranger: 'rooms.outStranger',
  unidentified: 'rooms.outUnidentified',
  exempt: 'rooms.outExempt',
};

/** What is said of a person seen, in a word; the code itself where the board is older than the server. */
export const outcomeText = (code: string): string => (outcomes[code] ? t(outcomes[code]) : code);
