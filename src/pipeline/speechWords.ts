import type { Ledger } from '../alerts/ledger/openLedger.js';
import { messageOf } from '../core/errors.js';
import type { RoomId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import type { EventMs } from '../core/time.js';
import type { WordScope } from '../core/words.js';
import type { WordEntry } from '../detectors/speech/wordEntry.js';
import { entryOf, readWordList, writtenOf } from '../detectors/speech/wordList.js';

/** The words that each room listens for, as the lists of the ledger stand now. */
export interface HallWords {
  /** Words of the hall, of the room, and of the evaluation that runs in it; the narrower entry of a word counts. */
  of(room: RoomId, at: EventMs): WordEntry[];
  /** Called when a list or an evaluation changed. Returns the end of it. */
  onChange(listen: () => void): () => void;
}

export interface HallWordsOptions {
  site: string;
  ledger: Pick<Ledger, 'wordLists' | 'evaluations'>;
  /** A list as a file, taken once: where the ledger has a list of the hall, people edit that one on the board. */
  file: string | undefined;
  log: Logger;
}

/** Opens the lists. A file that cannot be read costs no start: the hall then has no words, and says so. */
export function hallWords({ site, ledger, file, log }: HallWordsOptions): HallWords {
  const { wordLists, evaluations } = ledger;
  if (file !== undefined && wordLists.current('hall') === undefined) takeFile(file, wordLists, log);

  const entriesOf = (scope: WordScope): WordEntry[] => (wordLists.current(scope)?.words ?? []).map(entryOf);
  const applies = ({ scope }: WordEntry, room: RoomId, session: string | undefined): boolean =>
    (scope?.halls?.includes(site) ?? true) &&
    (scope?.rooms?.includes(room) ?? true) &&
    (scope?.sessions === undefined || (session !== undefined && scope.sessions.includes(session)));

  return {
    of(room, at) {
      const session = evaluations.openIn(room, at)?.id;
      const scopes: WordScope[] = ['hall', `room:${room}`, ...(session ? [`session:${session}` as const] : [])];
      const words = new Map<string, WordEntry>();
      for (const entry of scopes.flatMap(entriesOf)) {
        if (applies(entry, room, session)) words.set(entry.word, entry);
      }
      return [...words.values()];
    },
    onChange(listen) {
      const ends = [wordLists.onChange(listen), evaluations.watch(listen)];
      return () => {
        for (const end of ends) end();
      };
    },
  };
}

function takeFile(file: string, wordLists: Ledger['wordLists'], log: Logger): void {
  try {
    const { words } = readWordList(file);
    wordLists.save({ scope: 'hall', words: words.map(writtenOf), note: `file ${file}`, by: 'system', basedOn: 0 });
  } catch (error) {
    log.error({ file, error: messageOf(error) }, 'word list not taken');
  }
}
