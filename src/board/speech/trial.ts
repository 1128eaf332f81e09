import type { TranscriptPart } from '../../alerts/ledger/transcripts.js';
import type { WrittenWord } from '../../core/words.js';
import type { AnswerOf } from '../api/contract.js';
import type { WordsPort } from '../roomPorts.js';

type Trial = AnswerOf<'tryWords'>;

const EXAMPLES = 50;

/** What words would have found in past transcripts, room by room: hits an hour of sound that was understood. Pure. */
export function tryWords(words: readonly WrittenWord[], parts: readonly TranscriptPart[], port: WordsPort): Trial {
  const said = parts.filter(({ kind }) => kind === 'segment');
  const rooms = [...new Set(said.map(({ room }) => room))];
  const found = rooms.flatMap((room) => {
    const own = said.filter((part) => part.room === room);
    return port.find(words, own).map((hit) => ({
      ...{ room, ...hit },
      text: own.find(({ start, end }) => start <= hit.at && hit.at < end)?.text ?? '',
    }));
  });
  const hours = said.reduce((sum, { start, end }) => sum + (end - start), 0) / 3_600_000;
  const byWord = new Map<string, number>();
  for (const { word } of found) byWord.set(word, (byWord.get(word) ?? 0) + 1);
  return {
    ...{ hours, hits: found.length, perHour: hours > 0 ? found.length / hours : null },
    engines: [...new Set(said.map(({ engine }) => engine))],
    byWord: [...byWord].map(([word, hits]) => ({ word, hits })).sort((a, b) => b.hits - a.hits),
    examples: found.slice(0, EXAMPLES),
  };
}
