import type { FuzzyClass } from '../../../core/words.js';

const RULES: Record<FuzzyClass, [RegExp, string]> = {
  'z-zh': [/^zh/, 'z'],
  'c-ch': [/^ch/, 'c'],
  's-sh': [/^sh/, 's'],
  'n-l': [/^n/, 'l'],
  'f-h': [/^f/, 'h'],
  'an-ang': [/ang$/, 'an'],
  'en-eng': [/eng$/, 'en'],
  'in-ing': [/ing$/, 'in'],
};

/** A toneless syllable with the sounds of the given classes made one. */
export function foldSyllable(syllable: string, classes: readonly FuzzyClass[]): string {
  return classes.reduce((folded, name) => folded.replace(RULES[name][0], RULES[name][1]), syllable);
}
