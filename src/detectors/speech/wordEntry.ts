import type { WrittenWord } from '../../core/words.js';
import type { Polyphone } from './pinyin.js';

/** One word to listen for. */
export interface WordEntry extends Omit<WrittenWord, 'pinyin'> {
  /** Toneless, ü is `v`; empty for a word without Chinese characters. */
  syllables: string[];
  /** Shown beside the word; empty where the pinyin was given. */
  polyphones: Polyphone[];
}

/** A list as read. */
export interface WordList {
  words: WordEntry[];
  /** English sentences for the person who keeps the list. */
  warnings: string[];
}
