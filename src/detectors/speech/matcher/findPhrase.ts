import type { FuzzyClass } from '../../../core/words.js';
import { syllablesIn } from '../pinyin.js';
import type { HitTier } from '../soundHits.js';
import { foldSyllable } from './fuzzy.js';
import { type Normalised, normalise } from './normalise.js';

/** How a phrase was found in a text. */
export type TextTier = Exclude<HitTier, 'sound'>;

/** A text made ready to be searched, or a phrase to be searched for. */
export interface Readable extends Normalised {
  /** One toneless syllable a character. */
  syllables: string[];
  folded: string[];
}

/** A phrase in a text: characters `from` to `to`, the latter outside. */
export interface Place {
  tier: TextTier;
  from: number;
  to: number;
}

/** Fewest syllables at which sound alone tells words apart well enough to be compared. */
const PINYIN_FROM = 2;
const FUZZY_FROM = 3;

/** Makes a text ready. `syllables` replace the automatic reading where there are as many as characters. */
export function readable(original: string, fuzzy: readonly FuzzyClass[], syllables?: readonly string[]): Readable {
  const normalised = normalise(original);
  const read = syllables?.length === normalised.text.length ? [...syllables] : syllablesIn(normalised.text);
  return { ...normalised, syllables: read, folded: read.map((syllable) => foldSyllable(syllable, fuzzy)) };
}

/** Every place of a phrase in a text, without overlaps, each with the strictest tier in which it agrees. */
export function findPhrase(text: Readable, phrase: Readable): Place[] {
  const places: Place[] = [];
  const length = phrase.text.length;
  for (let from = 0; length > 0 && from + length <= text.text.length; ) {
    const tier = tierAt(text, phrase, from);
    if (tier) places.push({ tier, from, to: from + length });
    from += tier ? length : 1;
  }
  return places;
}

function tierAt(text: Readable, phrase: Readable, from: number): TextTier | undefined {
  const length = phrase.text.length;
  const agree = (a: readonly string[], b: readonly string[]): boolean => b.every((one, i) => a[from + i] === one);
  if (text.text.startsWith(phrase.text, from)) return 'text';
  if (length >= PINYIN_FROM && agree(text.syllables, phrase.syllables)) return 'pinyin';
  if (length >= FUZZY_FROM && agree(text.folded, phrase.folded)) return 'fuzzy';
  return undefined;
}
