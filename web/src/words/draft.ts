import type { AnswerOf, BodyIn } from '../../../src/board/api/contract.js';

export type Row = AnswerOf<'getWords'>['words'][number];
export type Written = BodyIn<'putWords'>['words'][number];

/** What of a row is written: how it is read is worked out by the server. */
export function writtenOf({ syllables: _s, polyphones: _p, short: _w, ...written }: Row): Written {
  return written;
}

/** Phrases that a person separates by spaces or commas. */
export const phrasesOf = (text: string): string[] =>
  text
    .split(/[\s,，、;；]+/u)
    .map((phrase) => phrase.trim())
    .filter((phrase) => phrase !== '');

/** An empty row for the editor. */
export const freshRow = (): Row => ({
  ...{ word: '', level: 'warning', allow: [], negation: 'suppress' },
  ...{ syllables: [], polyphones: [], short: false },
});
