import { z } from 'zod';

/**
 * Sounds that speakers of many regions do not tell apart. A class makes two sounds one when words of three syllables and more
 * are compared: initials `z`/`zh`, `c`/`ch`, `s`/`sh`, `n`/`l`, `f`/`h`; finals in `an`/`ang` (also ian, uan), `en`/`eng`, `in`/`ing`.
 */
export const FUZZY_CLASSES = ['z-zh', 'c-ch', 's-sh', 'n-l', 'f-h', 'an-ang', 'en-eng', 'in-ing'] as const;
export type FuzzyClass = (typeof FUZZY_CLASSES)[number];

/** How grave a word is; `check` asks a person to listen before anything else. */
export const WORD_LEVELS = ['check', 'warning', 'serious'] as const;

const phrase = z.string().trim().min(1).max(60);
const names = z.array(z.string().min(1)).min(1);

/** One entry of a word list as it is written. */
export const writtenEntry = z.strictObject({
  word: phrase,
  level: z.enum(WORD_LEVELS).default('warning'),
  /** The word counts only where one of `words` stands at most `gap` characters before or after it. */
  context: z.strictObject({ words: z.array(phrase).min(1), gap: z.int().min(0).max(200).default(20) }).optional(),
  /** Phrases in which the word is no hit, such as the rules read aloud. */
  allow: z.array(phrase).default([]),
  /** Whether a prohibition just before the word (不得, 严禁) makes it no hit. */
  negation: z.enum(['suppress', 'keep']).default('suppress'),
  /** Preference in recognition, where the engine knows one. */
  boost: z.number().min(0).max(10).optional(),
  /** Overrides the engine's own least score; its scale is the engine's. */
  threshold: z.number().optional(),
  /** Toneless syllables with spaces between, where the automatic reading is wrong; ü is written v. */
  pinyin: z
    .string()
    .regex(/^[a-zv]+( [a-zv]+)*$/)
    .optional(),
  /** Where the word applies; without it, everywhere. */
  scope: z.strictObject({ halls: names.optional(), rooms: names.optional(), sessions: names.optional() }).optional(),
});

/** A word as a person wrote it, defaults filled in. */
export type WrittenWord = z.output<typeof writtenEntry>;

/** Where a list of the ledger applies: in the whole hall, in one room, in one evaluation. */
export type WordScope = 'hall' | `room:${string}` | `session:${string}`;
export const WORD_SCOPE = /^(hall|room:[A-Za-z0-9][A-Za-z0-9_.-]{0,63}|session:[A-Za-z0-9][A-Za-z0-9_.-]{0,63})$/;
