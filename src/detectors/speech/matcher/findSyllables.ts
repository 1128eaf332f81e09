import type { SpeechEvent } from '../../../core/speech.js';
import { eventMs } from '../../../core/time.js';
import type { SpeechHit } from '../soundHits.js';
import type { WordEntry } from '../wordEntry.js';

type SegmentEvent = Extract<SpeechEvent, { type: 'segment' }>;

/** Fewest syllables of a word that is looked for in bare pinyin: shorter ones stand everywhere. */
const FEWEST = 3;

/**
 * Words of at least three syllables in a segment that holds toneless pinyin instead of characters, syllable by syllable.
 * A segment with characters gives none.
 */
export function findSyllables(segment: SegmentEvent, words: readonly WordEntry[]): SpeechHit[] {
  if (/\p{Script=Han}/u.test(segment.text)) return [];
  const syllables = segment.text.split(' ');
  const timeOf = (index: number): number =>
    segment.start + ((segment.end - segment.start) * index) / Math.max(1, syllables.length);
  return words.flatMap((entry) => {
    const wanted = entry.syllables;
    if (wanted.length < FEWEST) return [];
    return syllables.flatMap((_, from): SpeechHit[] => {
      if (!wanted.every((one, i) => syllables[from + i] === one)) return [];
      const to = from + wanted.length;
      const variant = syllables.slice(from, to).join(' ');
      const times = { start: eventMs(Math.round(timeOf(from))), end: eventMs(Math.round(timeOf(to))) };
      return [{ word: entry.word, variant, tier: 'pinyin', ...times }];
    });
  });
}
