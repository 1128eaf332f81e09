import type { Keyword, SpeechEvent } from '../../core/speech.js';
import type { EventMs } from '../../core/time.js';
import { syllablesOfWord } from './pinyin.js';
import type { WordEntry } from './wordEntry.js';

/** How a hit was found: heard as sound, or read in a transcript as characters, as pinyin, as similar pinyin. */
export type HitTier = 'sound' | 'text' | 'pinyin' | 'fuzzy';

/** A word of the list that was said. */
export interface SpeechHit {
  word: string;
  tier: HitTier;
  /** What was said: the characters of the transcript, or the word itself where there is only sound. */
  variant: string;
  start: EventMs;
  end: EventMs;
  /** S1, S2, ... where voices can be told apart. */
  speaker?: string;
}

type Candidate = Extract<SpeechEvent, { type: 'candidate' }>;

/** Characters are spoken at four or five a second: what a gap of characters means where there is only sound. */
const MS_A_CHARACTER = 230;

/** What an engine must listen for: the words, and the phrases around them that decide whether they count. */
export function keywordsOf(words: readonly WordEntry[]): Keyword[] {
  const keywords = new Map<string, Keyword>();
  const around = words.flatMap(({ allow, context }) => [...allow, ...(context?.words ?? [])]);
  for (const word of around) keywords.set(word, { word, syllables: syllablesOfWord(word) });
  for (const { word, syllables, threshold, boost } of words) {
    const tuned = { ...(threshold === undefined ? {} : { threshold }), ...(boost === undefined ? {} : { boost }) };
    keywords.set(word, { word, syllables, ...tuned });
  }
  return [...keywords.values()].filter(({ syllables }) => syllables.length > 0);
}

/** The candidates that are hits: not inside an allowed phrase that was heard too, and near their context. */
export function soundHits(candidates: readonly Candidate[], words: readonly WordEntry[]): SpeechHit[] {
  const byWord = new Map<string, Candidate[]>();
  for (const candidate of candidates) byWord.set(candidate.word, [...(byWord.get(candidate.word) ?? []), candidate]);
  const heard = (phrases: readonly string[]): Candidate[] => phrases.flatMap((phrase) => byWord.get(phrase) ?? []);

  return words
    .flatMap((entry) => {
      const allowed = heard(entry.allow);
      const context = entry.context && heard(entry.context.words);
      const gapMs = (entry.context?.gap ?? 0) * MS_A_CHARACTER;
      return (byWord.get(entry.word) ?? [])
        .filter((hit) => !allowed.some((phrase) => distanceMs(hit, phrase) < 0))
        .filter((hit) => !context || context.some((word) => distanceMs(hit, word) <= gapMs))
        .map(({ word, start, end }): SpeechHit => ({ word, variant: word, tier: 'sound', start, end }));
    })
    .sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Milliseconds between two stretches; below 0 where they overlap. */
const distanceMs = (a: Candidate, b: Candidate): number => Math.max(a.start, b.start) - Math.min(a.end, b.end);
