import { describe, expect, it, onTestFinished } from 'vitest';
import type { Ledger } from '../../src/alerts/ledger/openLedger.js';
import { parseConfig } from '../../src/core/config/load.js';
import { AppError } from '../../src/core/errors.js';
import { type EvaluationSession, evaluationId } from '../../src/core/evaluation.js';
import { roomId } from '../../src/core/ids.js';
import { silentLogger as log } from '../../src/core/log.js';
import type { AfterSpeech } from '../../src/core/speech.js';
import { eventMs, plusMs } from '../../src/core/time.js';
import { afterSession } from '../../src/pipeline/afterSession.js';
import { fakeClock } from '../support/fakeClock.js';
import { testLedger } from '../support/ledger.js';

const START = eventMs(Date.UTC(2026, 10, 20, 1));
const ROOM = roomId('R1');
const ID = evaluationId('S1');
const config = parseConfig(
  JSON.stringify({
    site: { id: 'test', name: 'test' },
    cameras: [{ id: 'cam-r1', source: 'sim:room-1' }],
    rooms: [{ id: 'R1', cameras: ['cam-r1'], audio: 'cam-r1' }],
  }),
  'test',
);

const session = (state: EvaluationSession['state']): EvaluationSession => ({
  ...{ id: ID, project: 'P1', projectName: 'P1', rooms: [{ room: ROOM, venue: 'main' }], state },
  ...{ plannedStart: START, plannedEnd: plusMs(START, 3_600_000), openedAt: START, roster: [], bidders: [] },
  ...{ signIn: [], reentryAllowed: false, version: 0 },
  ...(state === 'closed' ? { closedAt: plusMs(START, 600_000) } : {}),
});

/** What was said: text, second, and who an engine said it was. */
type Said = [text: string, second: number, speaker?: string];
const SAID: Said[] = [
  ['第一家照顾一下', 10],
  ['第二家怎么样', 20],
  ['第三家可以吗', 30],
];

function say(ledger: Ledger, said: readonly Said[]): void {
  for (const [text, second, speaker] of said) {
    const start = plusMs(START, second * 1000);
    const part = { room: ROOM, start, end: plusMs(start, 2000), kind: 'segment' as const, text, engine: 'sherpa' };
    ledger.transcripts.append({ ...part, ...(speaker === undefined ? {} : { speaker }) });
  }
}

/** Networks that mark the end and hear one voice for each second of the minute; `ends`: how often their process ends. */
function networks({ can = 'ready', ends = 0 } = {}): AfterSpeech & { asked: number } {
  let left = ends;
  const work = <T>(answer: T): Promise<T> => {
    after.asked += 1;
    left -= 1;
    return left >= 0
      ? Promise.reject(new AppError('internal', 'process: ended', { retryable: true }))
      : Promise.resolve(answer);
  };
  const after = {
    asked: 0,
    can: async () => ({ punctuation: can, speakers: can }),
    punctuate: (texts: readonly string[]) => work(texts.map((text) => `${text}。`)),
    voices: (sounds: readonly Float32Array[]) =>
      work(sounds.map((sound) => Float32Array.from([sound[0]!, 1 - sound[0]!]))),
    rest: async () => {},
  };
  return after;
}

/** The first and the third segment are one voice. */
const sound = async (_camera: unknown, from: number): Promise<Float32Array> =>
  Float32Array.from([from === START + 20_000 ? 1 : 0]);

function open(ledger: Ledger, after: AfterSpeech, heard: typeof sound | (() => Promise<undefined>) = sound) {
  const clock = fakeClock(START);
  const finisher = afterSession({ config, ledger, after, sound: heard, clock, log });
  onTestFinished(() => finisher.close());
  return { clock, finisher };
}

const partsOf = (ledger: Ledger) =>
  ledger.transcripts
    .of(ROOM, START, plusMs(START, 600_000))
    .map(({ text, punctuated, speaker }) => [text, punctuated, speaker]);

async function closed(said: readonly Said[], after: AfterSpeech, heard?: () => Promise<undefined>) {
  const ledger = testLedger();
  const { clock, finisher } = open(ledger, after, heard);
  const opened = ledger.evaluations.save(session('open'), 0);
  say(ledger, said);
  ledger.evaluations.save(session('closed'), opened.version);
  await clock.advance(31_000);
  await finisher.idle();
  return { ledger, note: ledger.transcriptNotes.get(ID, ROOM) };
}

describe('a transcript once its session is closed', () => {
  it('gets punctuation and speakers; its text stays as it was heard', async () => {
    const { ledger, note } = await closed(SAID, networks());
    expect(note).toMatchObject({ parts: 3, punctuation: 'done', speakers: 'done', voices: 2 });
    expect(partsOf(ledger)).toEqual([
      ['第一家照顾一下', '第一家照顾一下。', 'S1'],
      ['第二家怎么样', '第二家怎么样。', 'S2'],
      ['第三家可以吗', '第三家可以吗。', 'S1'],
    ]);
  });

  it.each([
    ['no network is installed', SAID, networks({ can: 'no-model' }), { punctuation: 'no-model', speakers: 'no-model' }],
    ['a network is damaged', SAID, networks({ can: 'model-damaged' }), { punctuation: 'model-damaged' }],
    ['nothing was said', [] as Said[], networks(), { punctuation: 'nothing-said', speakers: 'nothing-said' }],
    [
      'the engine wrote both itself',
      [['好，第一家。', 5, 'S1']] as Said[],
      networks(),
      { punctuation: 'given', speakers: 'given' },
    ],
    ['the demonstration model listened', [['zhao gu yi xia', 5]] as Said[], networks(), { punctuation: 'pinyin' }],
    ['the process ends once', SAID, networks({ ends: 1 }), { punctuation: 'done', speakers: 'done' }],
    ['the process ends again and again', SAID, networks({ ends: 99 }), { punctuation: 'failed', speakers: 'failed' }],
  ])('says what became of it where %s', async (_, said, after, outcome) => {
    expect((await closed(said, after)).note).toMatchObject(outcome);
  });

  it('has no speakers where nothing was recorded', async () => {
    const { note } = await closed(SAID, networks(), async () => undefined);
    expect(note).toMatchObject({ punctuation: 'done', speakers: 'no-sound', voices: 0 });
  });

  it('takes no word from a network that changes words', async () => {
    const after = { ...networks(), punctuate: async (texts: readonly string[]) => texts.map(() => '照顾第一家。') };
    expect(partsOf((await closed(SAID, after)).ledger).map(([, punctuated]) => punctuated)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is taken up where a stop of the service cut it off, and done once', async () => {
    const ledger = testLedger();
    say(ledger, SAID);
    const opened = ledger.evaluations.save(session('open'), 0);
    ledger.evaluations.save(session('closed'), opened.version);
    let release = (): void => {};
    const held = new Promise<undefined>((resolve) => {
      release = () => resolve(undefined);
    });
    const first = open(ledger, networks(), () => held);
    while (
      ledger.transcripts.of(ROOM, START, plusMs(START, 60_000)).every(({ punctuated }) => punctuated === undefined)
    )
      await new Promise((resolve) => setImmediate(resolve));
    const stopping = first.finisher.close();
    release();
    await stopping;
    expect(ledger.transcriptNotes.get(ID, ROOM)).toMatchObject({ punctuation: 'running', speakers: 'running' });

    const second = networks();
    await open(ledger, second).finisher.idle();
    expect(ledger.transcriptNotes.get(ID, ROOM)).toMatchObject({ punctuation: 'done', speakers: 'done', voices: 2 });
    expect(second.asked).toBe(1);
    const third = networks();
    await open(ledger, third).finisher.idle();
    expect(third.asked).toBe(0);
  });

  it('is looked at again at the next start where a network was missing', async () => {
    const { ledger } = await closed(SAID, networks({ can: 'no-model' }));
    await open(ledger, networks()).finisher.idle();
    expect(ledger.transcriptNotes.get(ID, ROOM)).toMatchObject({ punctuation: 'done', speakers: 'done' });
  });

  it('leaves what the engine said of speakers, however often it is looked at again', async () => {
    const said: Said[] = [['第一家照顾一下', 10, 'S7']];
    const { ledger, note } = await closed(said, networks({ can: 'no-model' }));
    expect(note).toMatchObject({ punctuation: 'no-model', speakers: 'given' });
    await open(ledger, networks()).finisher.idle();
    expect(ledger.transcriptNotes.get(ID, ROOM)).toMatchObject({ punctuation: 'done', speakers: 'given' });
    expect(partsOf(ledger)).toEqual([['第一家照顾一下', '第一家照顾一下。', 'S7']]);
  });
});
