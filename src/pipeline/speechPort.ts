import type { WordsPort } from '../board/ports.js';
import { findSyllables } from '../detectors/speech/matcher/findSyllables.js';
import { transcriptHits } from '../detectors/speech/speechHits.js';
import { entryOf, isShort } from '../detectors/speech/wordList.js';

/** The matcher as the board uses it: how words are read, and what they would have found. */
export const wordsPort: WordsPort = {
  reading(word) {
    const entry = entryOf(word);
    return { syllables: entry.syllables, polyphones: entry.polyphones, short: isShort(entry) };
  },
  find(words, said) {
    const entries = words.map(entryOf);
    const segments = said.map((part) => ({ type: 'segment' as const, ...part }));
    const read = transcriptHits(segments, entries);
    // The demonstration engine writes pinyin: its transcripts are searched by syllables.
    const spelled = segments.flatMap((segment) => findSyllables(segment, entries));
    return [...read, ...spelled]
      .map(({ word, variant, tier, start }) => ({ word, variant, tier, at: start }))
      .sort((a, b) => a.at - b.at);
  },
};
