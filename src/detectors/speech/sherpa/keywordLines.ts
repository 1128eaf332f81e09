import { pinyin } from 'pinyin-pro';
import type { Keyword } from '../../../core/speech.js';

/** The lines of a keywords file, and the words that this network cannot spell. */
export interface KeywordLines {
  lines: string[];
  /** With the token that is not in the network's table. */
  unknown: Array<{ word: string; token: string }>;
}

const INITIALS = /^(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])/;
/** Every vowel with its tones 1 to 4. */
const TONES: Record<string, string> = { a: 'āáǎà', e: 'ēéěè', i: 'īíǐì', o: 'ōóǒò', u: 'ūúǔù', ü: 'ǖǘǚǜ' };

/**
 * Keyword lines of sherpa-onnx's open vocabulary spotter: initial and final with tone of each syllable, boost, threshold and
 * the word itself (format: k2-fsa.github.io/sherpa/onnx/kws). A word with a token that the network's table does not have is
 * left out: it would end the process that loads it.
 */
export function keywordLines(keywords: readonly Keyword[], tokens: ReadonlySet<string>): KeywordLines {
  const lines: string[] = [];
  const unknown: KeywordLines['unknown'] = [];
  for (const { word, syllables, boost, threshold } of keywords) {
    const parts = spelled(word, syllables).map((syllable) => tokensOf(syllable, tokens));
    const missing = parts.flat().find((token) => !tokens.has(token));
    if (parts.length === 0 || missing !== undefined) {
      unknown.push({ word, token: missing ?? '' });
      continue;
    }
    // The scale of the threshold is a probability here; another engine's is left alone.
    const least = threshold !== undefined && threshold > 0 && threshold <= 1 ? ` #${threshold}` : '';
    lines.push(
      `${parts.flat().join(' ')}${boost === undefined ? '' : ` :${boost}`}${least} @${word.replace(/\s/gu, '')}`,
    );
  }
  return { lines, unknown };
}

/** Syllables with tone marks; those a person has corrected keep their sounds and take the tone of the automatic reading. */
function spelled(word: string, syllables: readonly string[]): string[] {
  const read = pinyin(word, { type: 'array', nonZh: 'removed' });
  if (read.length !== syllables.length) return [];
  return read.map((syllable, i) => {
    const wanted = syllables[i]!.replaceAll('v', 'ü');
    return toneless(syllable) === wanted ? syllable : wanted;
  });
}

const toneless = (syllable: string): string =>
  [...syllable].map((letter) => Object.keys(TONES).find((plain) => TONES[plain]!.includes(letter)) ?? letter).join('');

/** Initial and final. A final without a tone that the table lacks falls back to the citation tones, first the fourth. */
function tokensOf(syllable: string, tokens: ReadonlySet<string>): string[] {
  const initial = INITIALS.exec(syllable)?.[0] ?? '';
  const final = syllable.slice(initial.length);
  const known = tokens.has(final)
    ? final
    : ([3, 0, 1, 2].map((tone) => toned(final, tone)).find((one) => tokens.has(one)) ?? final);
  return [...(initial === '' ? [] : [initial]), ...(known === '' ? [] : [known])];
}

/** A plain final with the mark of a tone where Hanyu Pinyin puts it: a or e, the o of ou, else the last vowel. */
function toned(final: string, tone: number): string {
  if (toneless(final) !== final) return final;
  const place = /[ae]/.exec(final)?.index ?? (final.includes('ou') ? final.indexOf('o') : lastVowel(final));
  const vowel = final.charAt(place);
  const marked = TONES[vowel]?.charAt(tone) ?? vowel;
  return final.slice(0, place) + marked + final.slice(place + 1);
}

const lastVowel = (final: string): number => Math.max(...[...'aeiouü'].map((vowel) => final.lastIndexOf(vowel)));
