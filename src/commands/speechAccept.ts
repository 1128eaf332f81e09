import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { AppError, messageOf } from '../core/errors.js';
import type { SpeechEvent } from '../core/speech.js';
import { wilson } from '../core/wilson.js';
import { FUZZY_CLASSES, type FuzzyClass } from '../core/words.js';
import { makeMatcher, matchText } from '../detectors/speech/matcher/matchText.js';
import { mergeHits } from '../detectors/speech/matcher/mergeHits.js';
import { speechHits } from '../detectors/speech/speechHits.js';
import type { WordEntry } from '../detectors/speech/wordEntry.js';

/** One sentence that is played: its recording, and what is said in it. */
export interface AcceptSentence {
  file: string;
  text: string;
}

/** What an acceptance run found of one word, or of all. */
export interface AcceptCount {
  word: string;
  /** Sentences in which the list finds the word by its text. */
  said: number;
  found: number;
  recall: number | null;
  recallLow: number | null;
  recallHigh: number | null;
  falseAlarms: number;
  /** Over the hours of all sound, with a Poisson interval of 95 % (Byar). */
  falseAlarmsAnHour: number;
  falseAlarmsLow: number;
  falseAlarmsHigh: number;
}

/**
 * Reads a list of sentences: a recording and what is said in it a line, a tab between; paths are looked for beside the list.
 * @throws AppError `config` for another shape, `not-found`
 */
export function readSentences(path: string): AcceptSentence[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AppError('not-found', `sentences: ${path}: ${messageOf(cause)}`, { cause });
  }
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [file, said] = line.split('\t').map((part) => part.trim());
    if (!file || !said) {
      throw new AppError('config', `sentences: ${path}: ${JSON.stringify(line)}: not a file, a tab and a text`, {
        hint: 'one line: recordings/01.wav<TAB>请大家照顾一下',
      });
    }
    return { file: isAbsolute(file) ? file : join(dirname(path), file), text: said };
  });
}

/** What one sentence showed. `seconds` is the length of its sound. */
export interface AcceptTrial {
  sentence: AcceptSentence;
  events: SpeechEvent[];
  seconds: number;
}

/**
 * Compares what an engine heard with what was said: a word that the list finds in the text must be heard in the sound, every
 * other hit is a false alarm. One hit a word and sentence counts.
 */
export function acceptance(
  trials: readonly AcceptTrial[],
  words: readonly WordEntry[],
  fuzzy: readonly FuzzyClass[] = FUZZY_CLASSES,
): AcceptCount[] {
  const matcher = makeMatcher(words, []);
  const hours = trials.reduce((sum, { seconds }) => sum + seconds, 0) / 3600;
  const sums = new Map(words.map(({ word }) => [word, { said: 0, found: 0, falseAlarms: 0 }]));
  for (const { sentence, events } of trials) {
    const said = new Set(matchText(sentence.text, matcher).map(({ word }) => word));
    const heard = mergeHits(speechHits(events, words, fuzzy));
    const found = new Set(heard.map(({ word }) => word));
    for (const [word, sum] of sums) {
      if (said.has(word)) {
        sum.said += 1;
        if (found.has(word)) sum.found += 1;
      } else sum.falseAlarms += heard.filter((hit) => hit.word === word).length;
    }
  }
  const rows = [...sums].map(([word, sum]) => countOf(word, sum, hours));
  const total = { said: 0, found: 0, falseAlarms: 0 };
  for (const sum of sums.values()) {
    total.said += sum.said;
    total.found += sum.found;
    total.falseAlarms += sum.falseAlarms;
  }
  return [countOf('*', total, hours), ...rows.filter((row) => row.said > 0 || row.falseAlarms > 0)];
}

function countOf(
  word: string,
  { said, found, falseAlarms }: { said: number; found: number; falseAlarms: number },
  hours: number,
): AcceptCount {
  const interval = wilson(found, said);
  const [low, high] = poissonInterval(falseAlarms);
  return {
    ...{ word, said, found, recall: said > 0 ? found / said : null },
    ...{ recallLow: interval?.low ?? null, recallHigh: interval?.high ?? null },
    ...{
      falseAlarms,
      falseAlarmsAnHour: falseAlarms / hours,
      falseAlarmsLow: low / hours,
      falseAlarmsHigh: high / hours,
    },
  };
}

/** 97.5 % points of the normal distribution. */
const Z = 1.96;

/** 95 % interval of a count (Byar's approximation: Breslow and Day, IARC Scientific Publications 82, 1987). */
function poissonInterval(count: number): [number, number] {
  const above = count + 1;
  const high = above * (1 - 1 / (9 * above) + Z / (3 * Math.sqrt(above))) ** 3;
  const low = count === 0 ? 0 : count * (1 - 1 / (9 * count) - Z / (3 * Math.sqrt(count))) ** 3;
  return [low, high];
}
