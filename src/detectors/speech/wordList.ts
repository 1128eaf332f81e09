import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { AppError, messageOf } from '../../core/errors.js';
import { WORD_LEVELS, type WrittenWord, writtenEntry } from '../../core/words.js';
import { polyphonesOf, syllablesOfWord } from './pinyin.js';
import type { WordEntry, WordList } from './wordEntry.js';

/** A bare string is an entry with only a word; said before the check, so that an error names the key and not a union. */
const entry = z.preprocess((item) => (typeof item === 'string' ? { word: item } : item), writtenEntry);
const written = z.preprocess(
  (list) => (Array.isArray(list) ? { words: list } : list),
  z.strictObject({ version: z.union([z.string(), z.number()]).optional(), words: z.array(entry) }),
);

/**
 * Reads a word list: `.yaml` or `.yml` and `.json` hold a list of words or entries, or an object with `words`; any other
 * name is plain text with one word a line, a tab and a level after it where wanted, `#` before a comment. UTF-8, or
 * GB 18030 as older editors write it.
 * @throws AppError `not-found` where it cannot be read, `config` where it does not fit
 */
export function readWordList(path: string): WordList {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new AppError('not-found', `word list: ${path}: ${messageOf(cause)}`, { cause });
  }
  return parseWordList(decode(bytes), formatOf(path), path);
}

export type WordListFormat = 'yaml' | 'json' | 'text';

function formatOf(path: string): WordListFormat {
  const extension = extname(path).toLowerCase();
  if (extension === '.json') return 'json';
  return extension === '.yaml' || extension === '.yml' ? 'yaml' : 'text';
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Not UTF-8: every row of bytes is then taken for what Chinese editors write by default.
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/**
 * Reads the text of a word list; `where` names it in errors.
 * @throws AppError `config`
 */
export function parseWordList(text: string, format: WordListFormat, where: string): WordList {
  try {
    const read = format === 'text' ? fromLines(text) : format === 'json' ? JSON.parse(text) : parseYaml(text);
    return toWordList(written.parse(read ?? []).words);
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause);
    throw new AppError('config', `word list: ${where}: ${why}`, {
      cause,
      hint: `an entry has word, level (${WORD_LEVELS.join(', ')}), context, allow, negation, boost, threshold, pinyin, scope`,
    });
  }
}

function fromLines(text: string): unknown[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [word, level] = line.split('\t').map((part) => part.trim());
      return level === undefined || level === '' ? word : { word, level };
    });
}

function toWordList(list: readonly WrittenWord[]): WordList {
  const warnings: string[] = [];
  const words = new Map<string, WordEntry>();
  for (const item of list) {
    const made = entryOf(item);
    if (words.has(made.word)) warnings.push(`${made.word}: listed twice, the later entry counts`);
    words.set(made.word, made);
    warnings.push(...warningsOf(made));
  }
  if (words.size === 0) warnings.push('the list is empty');
  return { words: [...words.values()], warnings };
}

/** A written word made ready to be listened for. */
export function entryOf({ pinyin, ...rest }: WrittenWord): WordEntry {
  const syllables = pinyin?.split(' ') ?? syllablesOfWord(rest.word);
  return { ...rest, syllables, polyphones: pinyin === undefined ? polyphonesOf(rest.word) : [] };
}

/** The same word as a person would write it; its pinyin only where somebody gave one. */
export function writtenOf({ syllables, polyphones: _, ...rest }: WordEntry): WrittenWord {
  const given = syllables.join(' ') !== syllablesOfWord(rest.word).join(' ');
  return { ...rest, ...(given ? { pinyin: syllables.join(' ') } : {}) };
}

/** Under three syllables and without a context: such a word is heard by chance all day. */
export const isShort = ({ syllables, context }: WordEntry): boolean => syllables.length < 3 && context === undefined;

function warningsOf(entry: WordEntry): string[] {
  const { word, syllables, polyphones } = entry;
  const short = isShort(entry);
  const readings = polyphones.map(({ character, readings: all }) => `${character} (${all.join(', ')})`).join('; ');
  return [
    ...(short ? [`${word}: under three syllables and without a context: expect false alarms`] : []),
    ...(readings === '' ? [] : [`${word}: read as "${syllables.join(' ')}"; other readings: ${readings}`]),
  ];
}
