/** Sounds that speakers of many regions do not tell apart. */
export const FUZZY_CLASSES = ['z-zh', 'c-ch', 's-sh', 'n-l', 'f-h', 'an-ang', 'en-eng', 'in-ing'] as const;
export type FuzzyClass = (typeof FUZZY_CLASSES)[number];

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
