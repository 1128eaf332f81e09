import { evaluationId } from '../../core/evaluation.js';
import type { Language } from '../../core/i18n/translate.js';
import { type EventMs, eventMs } from '../../core/time.js';
import { wilson } from '../../core/wilson.js';
import { type WordScope, type WrittenWord, writtenEntry } from '../../core/words.js';
import type { wordRoutes } from '../api/contract/words.js';
import type { AnswerOf } from '../api/contract.js';
import type { Hall } from '../hall/hall.js';
import { ApiError } from '../http/apiError.js';
import type { HandlersOf } from '../http/call.js';
import type { IncidentIndex } from '../incidents/incidentIndex.js';
import type { People } from '../incidents/people.js';
import type { BoardLedger } from '../ledgerPort.js';
import type { WordsPort } from '../roomPorts.js';
import { tryWords } from '../speech/trial.js';
import { verdictOf } from '../speech/verdicts.js';

export interface WordAreaDeps {
  ledger: Pick<BoardLedger, 'wordLists' | 'transcripts' | 'evaluations'>;
  hall: () => Hall;
  index: IncidentIndex;
  people: People;
  now: () => EventMs;
  words: WordsPort | undefined;
}

type WordRow = AnswerOf<'getWords'>['words'][number];
type Precision = AnswerOf<'getWordPrecision'>['items'][number];

const DAY_MS = 86_400_000;
const MONTH_DAYS = 31;
const TRIAL_DAYS = 7;

/** Word lists: who may read them may edit them, and nobody else learns what is in them. */
export function wordArea(deps: WordAreaDeps): HandlersOf<typeof wordRoutes> {
  const { ledger, hall, index, people, now } = deps;
  const port = (): WordsPort => {
    if (!deps.words) throw new ApiError('unavailable');
    return deps.words;
  };
  const rowsOf = (words: readonly WrittenWord[]): WordRow[] =>
    words.map((word) => ({ ...word, ...port().reading(word) }));

  const listOf = (scope: WordScope, language: Language): AnswerOf<'getWords'> => {
    const versions = ledger.wordLists.versions(scope);
    return {
      scope,
      version: versions[0]?.version ?? 0,
      words: rowsOf(versions[0]?.words ?? []),
      versions: versions.map(({ version, words, note, by, createdAt }) => ({
        ...{ version, words: words.length, note, createdAt },
        by: people(by, language).name,
      })),
    };
  };

  /** A list of a room or an evaluation that nobody knows would never be listened for. */
  const known = (scope: string): WordScope => {
    const [kind, id = ''] = scope.split(':');
    const exists =
      kind === 'hall' ||
      (kind === 'room' ? hall().room(id) !== undefined : ledger.evaluations.get(evaluationId(id)) !== undefined);
    if (!exists) throw new ApiError('not-found');
    return scope as WordScope;
  };

  return {
    listWordLists: { handle: () => ({ items: scopes(deps) }) },
    getWords: { handle: ({ query, language }) => listOf(known(query.scope), language) },
    putWords: {
      handle({ body, principal, language }) {
        const scope = known(body.scope);
        const by = principal.kind === 'user' ? principal.id : 'system';
        ledger.wordLists.save({ scope, words: body.words, note: body.note, by, basedOn: body.basedOn });
        return listOf(scope, language);
      },
    },
    checkWords: { handle: ({ body }) => ({ words: rowsOf(body.words) }) },
    tryWords: {
      handle({ body }) {
        const to = eventMs(body.to ?? now());
        const from = eventMs(body.from ?? to - TRIAL_DAYS * DAY_MS);
        const parts = ledger.transcripts
          .between(from, to)
          .filter(({ room }) => body.room === undefined || room === body.room);
        return tryWords(body.words, parts, port());
      },
    },
    getWordPrecision: {
      handle({ query }) {
        const to = eventMs(query.to ?? now() + 1);
        const from = eventMs(query.from ?? to - MONTH_DAYS * DAY_MS);
        return { items: precisionOf(index, from, to) };
      },
    },
    suggestBidders: {
      handle({ query }) {
        const session = ledger.evaluations.get(evaluationId(query.evaluation));
        if (!session) throw new ApiError('not-found');
        const names = session.bidders.flatMap(({ name, shortNames }) => [name, ...shortNames]);
        return { words: rowsOf([...new Set(names)].map((word) => writtenEntry.parse({ word, level: 'serious' }))) };
      },
    },
  };
}

/** The hall's list, each room's, and those of the evaluations that are planned or under way. */
function scopes({ ledger, hall }: WordAreaDeps): AnswerOf<'listWordLists'>['items'] {
  const sessions = ledger.evaluations.list().filter(({ state }) => state !== 'closed');
  const all: Array<{ scope: WordScope; name: string }> = [
    { scope: 'hall', name: hall().config.site.name },
    ...hall().config.rooms.map(({ id, name }) => ({ scope: `room:${id}` as const, name: name ?? id })),
    ...sessions.map(({ id, projectName }) => ({ scope: `session:${id}` as const, name: projectName })),
  ];
  return all.map(({ scope, name }) => {
    const list = ledger.wordLists.current(scope);
    return {
      ...{ scope, name, version: list?.version ?? 0, words: list?.words.length ?? 0 },
      changedAt: list?.createdAt ?? null,
    };
  });
}

/** What people decided about each word, most hits first. */
function precisionOf(index: IncidentIndex, from: EventMs, to: EventMs): Precision[] {
  const words = new Map<string, Pick<Precision, 'confirmed' | 'rejected' | 'undecided'>>();
  for (const { id, rule, detail } of index.within(from, to)) {
    if (rule !== 'speech' || typeof detail?.word !== 'string') continue;
    const sums = words.get(detail.word) ?? { confirmed: 0, rejected: 0, undecided: 0 };
    sums[verdictOf(index.loopOf(id))] += 1;
    words.set(detail.word, sums);
  }
  const rows = [...words].map(([word, sums]): Precision => {
    const decided = sums.confirmed + sums.rejected;
    const interval = wilson(sums.confirmed, decided);
    return {
      ...{ word, ...sums, hits: decided + sums.undecided },
      precision: decided === 0 ? null : sums.confirmed / decided,
      ...{ low: interval?.low ?? null, high: interval?.high ?? null },
    };
  });
  return rows.sort((a, b) => b.hits - a.hits || (a.word < b.word ? -1 : 1));
}
