import type { WordsPort } from '../board/roomPorts.js';
import { FUZZY_CLASSES, type FuzzyClass } from '../core/words.js';
import { findSyllables } from '../detectors/speech/matcher/findSyllables.js';
import { transcriptHits } from '../detectors/speech/speechHits.js';
import { entryOf, isShort } from '../detectors/speech/wordList.js';

/** The matcher as the board uses it: how words are read, and what they would have found with the hall's similar sounds. */
export const wordsPort = (fuzzy: readonly FuzzyClass[] = FUZZY_CLASSES): WordsPort => ({
  reading(word) {
    const entry = entryOf(word);
    return { syllables: entry.syllables, polyphones: entry.polyphones, short: isShort(entry) };
  },
  find(words, said) {
    const entries = words.map(entryOf);
    const segments = said.map((part) => ({ type: 'segment' as const, ...part }));
    const read = transcriptHits(segments, entries, fuzzy);
    // The demonstration engine writes pinyin: its transcripts are searched by syllables.
    const spelled = segments.flatMap((segment) => findSyllables(segment, entries));
    return [...read, ...spelled]
      .map(({ word, variant, tier, start }) => ({ word, variant, tier, at: start }))
      .sort((a, b) => a.at - b.at);
  },
});
