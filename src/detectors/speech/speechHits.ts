import type { SpeechEvent } from '../../core/speech.js';
import { eventMs } from '../../core/time.js';
import { FUZZY_CLASSES, type FuzzyClass } from '../../core/words.js';
import { makeMatcher, matchText } from './matcher/matchText.js';
import { type SpeechHit, soundHits } from './soundHits.js';
import type { WordEntry } from './wordEntry.js';

type SegmentEvent = Extract<SpeechEvent, { type: 'segment' }>;

/**
 * The words of the list in what an engine said: in its transcript where that has characters, and in the words it heard
 * as sound. A word found in both is one hit, of the transcript's tier.
 */
export function speechHits(
  events: readonly SpeechEvent[],
  words: readonly WordEntry[],
  fuzzy: readonly FuzzyClass[] = FUZZY_CLASSES,
): SpeechHit[] {
  const segments = events.flatMap((event) => (event.type === 'segment' ? [event] : []));
  const candidates = events.flatMap((event) => (event.type === 'candidate' ? [event] : []));
  const read = transcriptHits(segments, words, fuzzy);
  const heard = soundHits(candidates, words).filter(
    (hit) => !read.some(({ word, start, end }) => word === hit.word && start < hit.end && hit.start < end),
  );
  return [...read, ...heard].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Segments are read as one text, so that a context may stand in the one before; a word does not cross two of them. */
export function transcriptHits(
  segments: readonly SegmentEvent[],
  words: readonly WordEntry[],
  fuzzy: readonly FuzzyClass[] = FUZZY_CLASSES,
): SpeechHit[] {
  const spoken = segments.filter(({ text }) => /\p{Script=Han}/u.test(text));
  const ends: number[] = [];
  for (const { text } of spoken) ends.push((ends.at(-1) ?? 0) + text.length + 1);
  const timeOf = (index: number, segment: number): number => {
    const { start, end, text } = spoken[segment]!;
    const first = ends[segment]! - text.length - 1;
    return Math.round(start + ((end - start) * (index - first)) / text.length);
  };
  const whole = spoken.map(({ text }) => text.replaceAll('\n', ' ')).join('\n');
  return matchText(whole, makeMatcher(words, fuzzy)).map(({ word, tier, variant, from, to }) => {
    const segment = ends.findIndex((end) => from < end);
    const { speaker } = spoken[segment]!;
    const times = { start: eventMs(timeOf(from, segment)), end: eventMs(timeOf(to, segment)) };
    return { word, tier, variant, ...times, ...(speaker === undefined ? {} : { speaker }) };
  });
}
