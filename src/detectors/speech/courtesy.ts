import type { CourtesyOutcome } from '../../core/courtesy.js';
import type { SpeechEvent } from '../../core/speech.js';
import { type EventMs, plusMs } from '../../core/time.js';
import type { Truth } from '../../core/truth.js';
import { writtenEntry } from '../../core/words.js';
import { makeMatcher, matchText } from './matcher/matchText.js';
import { entryOf } from './wordList.js';

/** The phrases of a hall; any of a list will do. */
export interface CourtesyPhrases {
  greeting: readonly string[];
  farewell: readonly string[];
  wait: readonly string[];
  /** How far from the beginning and the end of a session they may stand, ms. */
  within: number;
}

/** A service session as far as courtesy goes. */
export interface CourtesySession {
  window: CourtesyOutcome['window'];
  start: EventMs;
  end: EventMs;
  /** Whether the citizen had to wait in it. */
  waited: boolean;
}

/** Greetings come while the citizen sits down, before both are seen together. */
const EARLIER_MS = 5000;
/** Unheard for more than this share of a stretch, a phrase that was not found is unknown, never missing. */
const UNHEARD_SHARE = 0.2;

type Segment = Extract<SpeechEvent, { type: 'segment' }>;

/**
 * Judges one session by what was said at its window. Pure. Only transcripts with characters count: where nobody listened,
 * where too much was not understood, or where an engine writes no characters, the answer is unknown.
 * @param said what was understood and what was not, of a span that holds the session and `within` around it
 * @param listened stretches in which a recogniser of characters listened
 */
export function judgeCourtesy(
  session: CourtesySession,
  { said, listened }: { said: readonly SpeechEvent[]; listened: readonly { start: EventMs; end: EventMs }[] },
  phrases: CourtesyPhrases,
): CourtesyOutcome {
  const { window, start, end, waited } = session;
  const segments = said.filter((event): event is Segment => event.type === 'segment');
  const gaps = said.filter((event) => event.type === 'gap');
  const was = (words: readonly string[], from: EventMs, to: EventMs): Truth => {
    if (segments.some((one) => one.start < to && one.end > from && says(one.text, words))) return true;
    const heardMs = overlapMs(listened, from, to) - overlapMs(gaps, from, to);
    return heardMs < (1 - UNHEARD_SHARE) * (to - from) ? 'unknown' : false;
  };
  return {
    ...{ window, start },
    greeting: was(phrases.greeting, plusMs(start, -EARLIER_MS), plusMs(start, phrases.within)),
    farewell: was(phrases.farewell, plusMs(end, -phrases.within), plusMs(end, EARLIER_MS)),
    wait: waited ? was(phrases.wait, start, end) : 'not-due',
  };
}

function says(text: string, words: readonly string[]): boolean {
  const entries = words.map((word) => entryOf(writtenEntry.parse({ word, negation: 'keep' })));
  return matchText(text, makeMatcher(entries, [])).length > 0;
}

const overlapMs = (spans: readonly { start: EventMs; end: EventMs }[], from: EventMs, to: EventMs): number =>
  spans.reduce((sum, { start, end }) => sum + Math.max(0, Math.min(end, to) - Math.max(start, from)), 0);
