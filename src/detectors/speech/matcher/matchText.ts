import type { FuzzyClass } from '../../../core/words.js';
import type { WordEntry } from '../wordEntry.js';
import { findPhrase, type Place, type Readable, readable, type TextTier } from './findPhrase.js';
import { STOP } from './normalise.js';

/** A word list made ready for texts. */
export interface Matcher {
  fuzzy: readonly FuzzyClass[];
  words: { entry: WordEntry; word: Readable; allow: Readable[]; context: Readable[] }[];
}

/** A word of the list in a text. */
export interface TextHit {
  word: string;
  tier: TextTier;
  /** Characters of the original text, `to` outside. */
  from: number;
  to: number;
  /** What stands there. */
  variant: string;
}

/** A prohibition, and what may stand between it and the word. After 不 (不得不, 不能不) it is none. */
const PROHIBITED = /(?:不得|不准|不许|不允许|不能|不可以?|不应当?|严禁|禁止|切勿|请勿|杜绝|拒绝)(?!不)[^。]{0,6}$/u;
const LOOK_BACK = 12;
/** A word of at most this many characters must stand on the boundaries of dictionary words. */
const BOUND_UP_TO = 2;

const NUMERAL = /[零一二三四五六七八九十百千万亿点]/u;

const dictionary = new Intl.Segmenter('zh', { granularity: 'word' });

/** Makes a list ready. `fuzzy` are the classes of sounds that count as the same in the fuzzy tier. */
export function makeMatcher(words: readonly WordEntry[], fuzzy: readonly FuzzyClass[]): Matcher {
  const ready = (phrases: readonly string[]): Readable[] => phrases.map((phrase) => readable(phrase, fuzzy));
  return {
    fuzzy,
    words: words.map((entry) => ({
      entry,
      word: readable(entry.word, fuzzy, entry.syllables),
      allow: ready(entry.allow),
      context: ready(entry.context?.words ?? []),
    })),
  };
}

/**
 * The words of the list in a text, in the order of the text. No hit is a short word inside another one (价 in 评价), a
 * word inside an allowed phrase, after a prohibition, or without its context.
 */
export function matchText(original: string, { fuzzy, words }: Matcher): TextHit[] {
  const text = readable(original, fuzzy);
  const bounds = boundsOf(text.text);
  return words
    .flatMap(({ entry, word, allow, context }) => {
      const allowed = allow.flatMap((phrase) => findPhrase(text, phrase));
      const around = context.flatMap((phrase) => findPhrase(text, phrase));
      return findPhrase(text, word)
        .filter(({ from, to }) => to - from > BOUND_UP_TO || (bounds.has(from) && bounds.has(to)))
        .filter((place) => !isInNumber(text.text, place))
        .filter((place) => !allowed.some((phrase) => phrase.from <= place.from && place.to <= phrase.to))
        .filter((place) => entry.negation === 'keep' || !isProhibited(text.text, place.from))
        .filter((place) => !entry.context || around.some((near) => gapOf(place, near) <= entry.context!.gap))
        .map((place) => hitOf(original, text, { word: entry.word, place }));
    })
    .sort((a, b) => a.from - b.from || a.to - b.to);
}

/** Where the words of the dictionary of Unicode (ICU) begin and end. */
function boundsOf(text: string): Set<number> {
  const bounds = new Set([text.length]);
  for (const { index } of dictionary.segment(text)) bounds.add(index);
  return bounds;
}

/** 三家 in 十三家, 十万 in 二十万: a part of a number is another number. */
function isInNumber(text: string, { from, to }: Place): boolean {
  const isNumeral = (index: number): boolean => NUMERAL.test(text.charAt(index));
  return (isNumeral(from - 1) && isNumeral(from)) || (isNumeral(to - 1) && isNumeral(to));
}

function isProhibited(text: string, from: number): boolean {
  const before = text.slice(Math.max(0, from - LOOK_BACK), from);
  return PROHIBITED.test(before.slice(before.lastIndexOf(STOP) + 1));
}

/** Characters between two places; below 0 where they overlap. */
const gapOf = (a: Place, b: Place): number => Math.max(a.from, b.from) - Math.min(a.to, b.to);

function hitOf(original: string, text: Readable, { word, place }: { word: string; place: Place }): TextHit {
  const from = text.at[place.from]!;
  const to = text.until[place.to - 1]!;
  return { word, tier: place.tier, from, to, variant: original.slice(from, to) };
}
