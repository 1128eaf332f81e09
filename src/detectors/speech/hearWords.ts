import type { SpeechEvent } from '../../core/speech.js';
import { type EventMs, plusMs } from '../../core/time.js';
import { FUZZY_CLASSES, type FuzzyClass } from '../../core/words.js';
import { type SpeechHit, soundHits } from './soundHits.js';
import { transcriptHits } from './speechHits.js';
import type { WordEntry } from './wordEntry.js';

/** A hit as it is told while people speak. */
export interface HeardHit extends SpeechHit {
  /** Read in a transcript. Otherwise it was heard as sound alone. */
  confirmed: boolean;
  level: WordEntry['level'];
}

/** One room's hearing: what an engine says goes in, hits come out, each once a lane. */
export interface WordHearing {
  /** Takes what the engine said. */
  take(event: SpeechEvent): HeardHit[];
  /** Time has come to `at`: gives the candidates that waited for what might follow them. */
  advance(at: EventMs): HeardHit[];
  relist(words: readonly WordEntry[]): void;
}

type Candidate = Extract<SpeechEvent, { type: 'candidate' }>;
type Segment = Extract<SpeechEvent, { type: 'segment' }>;

/** How far back a context or an allowed phrase is looked for. */
const MEMORY_MS = 40_000;
/** Characters of Mandarin are spoken at four or five a second. */
const MS_A_CHARACTER = 230;
/** The same hit may come with slightly other times from a longer transcript. */
const SAME_MS = 700;

/**
 * Makes a room's hearing. A candidate is told at once, but for a word whose allowed phrases or context may still follow:
 * that one waits as long as they take to be said.
 * @param fuzzy classes of sounds that count as one in transcripts
 */
export function hearWords(initial: readonly WordEntry[], fuzzy: readonly FuzzyClass[] = FUZZY_CLASSES): WordHearing {
  let words = initial;
  let candidates: Candidate[] = [];
  let segments: Segment[] = [];
  const told: Record<'heard' | 'read', SpeechHit[]> = { heard: [], read: [] };

  const fresh = (hits: readonly SpeechHit[], lane: 'heard' | 'read'): HeardHit[] => {
    const known = told[lane];
    const fits = hits.filter(
      (hit) => !known.some((one) => one.word === hit.word && Math.abs(one.start - hit.start) < SAME_MS),
    );
    known.push(...fits);
    return fits.flatMap((hit) => {
      const entry = words.find(({ word }) => word === hit.word);
      return entry ? [{ ...hit, confirmed: lane === 'read', level: entry.level }] : [];
    });
  };

  const forget = (at: EventMs): void => {
    const since = plusMs(at, -MEMORY_MS);
    candidates = candidates.filter(({ end }) => end > since);
    segments = segments.filter(({ end }) => end > since);
    for (const lane of ['heard', 'read'] as const) told[lane] = told[lane].filter(({ end }) => end > since);
  };

  /** Candidates that nothing which may still come can undo. */
  const heard = (at: EventMs): HeardHit[] => {
    const waits = new Map(words.map((entry) => [entry.word, waitMsOf(entry)]));
    const ripe = soundHits(candidates, words).filter((hit) => hit.end + (waits.get(hit.word) ?? 0) <= at);
    return fresh(ripe, 'heard');
  };

  return {
    take(event) {
      if (event.type === 'gap') return [];
      if (event.type === 'candidate') {
        candidates.push(event);
        return heard(event.end);
      }
      segments.push(event);
      forget(event.end);
      return fresh(transcriptHits(segments, words, fuzzy), 'read');
    },
    advance(at) {
      if (candidates.length === 0) return [];
      const hits = heard(at);
      forget(at);
      return hits;
    },
    relist: (next) => {
      words = next;
    },
  };
}

/** What an allowed phrase still has to say after the word, and nothing where none goes on. */
function waitMsOf({ word, allow }: WordEntry): number {
  const after = allow.map((phrase) => {
    const place = phrase.indexOf(word);
    return place < 0 ? 0 : phrase.length - place - word.length;
  });
  return Math.max(0, ...after) * MS_A_CHARACTER;
}
