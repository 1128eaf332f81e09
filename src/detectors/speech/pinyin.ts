import { pinyin, polyphonic } from 'pinyin-pro';

/** A character of a word that can be read in several ways. */
export interface Polyphone {
  character: string;
  /** The reading taken, then the others; toneless. */
  readings: string[];
}

const TONELESS = { toneType: 'none', type: 'array', v: true } as const;

/**
 * One toneless syllable for each character of a text, read in its context; ü is `v`. A character that is not Chinese
 * gives itself, so that places in the text and in the result are the same.
 * @param text without characters beyond the basic plane, as `normalise` leaves it
 */
export const syllablesIn = (text: string): string[] => pinyin(text, TONELESS);

/** Toneless syllables of a word's Chinese characters; all else is left out. */
export const syllablesOfWord = (word: string): string[] => pinyin(word, { ...TONELESS, nonZh: 'removed' });

/** The characters of a word that have more than one toneless reading, for the person who edits its pinyin. */
export function polyphonesOf(word: string): Polyphone[] {
  const taken = syllablesIn(word);
  const all = polyphonic(word, TONELESS);
  return [...word].flatMap((character, i) => {
    const readings = [...new Set([taken[i]!, ...(all[i] ?? [])])];
    return readings.length > 1 && /\p{Script=Han}/u.test(character) ? [{ character, readings }] : [];
  });
}
