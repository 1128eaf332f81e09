import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Ledger, openLedger } from '../../src/alerts/ledger/openLedger.js';
import { parseConfig } from '../../src/core/config/load.js';
import { evaluationId, personId } from '../../src/core/evaluation.js';
import type { Box } from '../../src/core/geometry.js';
import { cameraId, roomId, subjectId } from '../../src/core/ids.js';
import type { AlertStep } from '../../src/core/incident.js';
import { silentLogger } from '../../src/core/log.js';
import type { Observation } from '../../src/core/observation.js';
import { type EventMs, eventMs, plusMs } from '../../src/core/time.js';
import type { Claim } from '../../src/detectors/sealed/claim.js';
import { packSighting, type RoomPerson } from '../../src/detectors/sealed/roomPersons.js';
import { hallTracks } from '../../src/pipeline/hallTracks.js';
import { makeJudge } from '../../src/pipeline/judge.js';
import { runningEvaluations } from '../../src/pipeline/runningEvaluations.js';
import { temporaryFolder } from '../support/clips.js';
import { evaluation, expert, NINE } from '../support/evaluation.js';
import { fakeClock } from '../support/fakeClock.js';

const config = parseConfig(
  JSON.stringify({
    site: { id: 't', name: 't' },
    cameras: [{ id: 'cam', source: 'rtsp://camera.test/room' }],
    rooms: [{ id: 'R1', cameras: ['cam'] }],
  }),
  'test',
);
const ROOM = roomId('R1');
const folder = temporaryFolder();

/** One run of the pipeline over recorded observations, from its start to a kill: the ledger is all that stays. */
function openRun(name: string) {
  const ledger = openLedger(join(folder, name, 'ledger.sqlite'), {
    ...{ clock: fakeClock(NINE), log: silentLogger, backupEveryMs: 0, reserveBytes: 0 },
  });
  const faces = (list: string) =>
    list === 'E1' ? ['A', 'B', 'C'].map((person) => ({ person, descriptor: new Float32Array(1024) })) : [];
  const evaluations = runningEvaluations({ ledger, vault: { templatesOf: faces }, log: silentLogger });
  const sealed = { running: evaluations.running, keep: ledger.roomEntries.add };
  const tracks = hallTracks(config, undefined, sealed);
  const judge = makeJudge(tracks.all);
  const steps: AlertStep[] = [];
  const take = (given: readonly AlertStep[]): void => {
    for (const step of given) if (ledger.commitStep(step, []).outcome === 'committed') steps.push(step);
  };
  return {
    ledger,
    steps,
    tracks,
    restore(newest: EventMs): void {
      const context = { ledger, site: 't', newest };
      take(tracks.all.flatMap((track) => track.attached.flatMap((rule) => rule.restore?.(context) ?? [])));
    },
    /** Looks each 2 s and ticks each second from `from` for `seconds`. `people`: `A` recognised, `?` not, `!` nobody. */
    async watch(from: number, seconds: number, people: string, firstTrack = 1): Promise<void> {
      for (let s = 0; s < seconds; s++) {
        const at = plusMs(NINE, (from + s) * 1000);
        const look =
          s % 2 === 0 ? [lookOf(at, people, { since: plusMs(NINE, from * 1000), firstTrack, looks: s / 2 + 1 })] : [];
        const tick: Observation = { subject: subjectId('R1'), kind: 'tick', at, value: true };
        const { observations, steps: told } = await judge.hear([...look, tick]);
        take(told);
        for (const observation of observations) ledger.observations.append(observation);
      }
      ledger.observations.flush();
    },
  };
}

function lookOf(
  at: EventMs,
  people: string,
  known: { since: EventMs; firstTrack: number; looks: number },
): Observation {
  const words = people.split(' ').filter((word) => word !== '');
  const persons = words.map((word, i): RoomPerson => {
    const box: Box = [0.1 * i, 0.3, 0.1 * i + 0.05, 0.7];
    return {
      ...{ track: known.firstTrack + i, box, firstAt: known.since, looks: known.looks, arrived: known.since > NINE },
      ...{ score: 0.8, live: null, claim: claimOf(word) },
    };
  });
  const facts = packSighting({ persons, gone: [], phones: [] });
  return { subject: subjectId('R1'), kind: 'persons', at, value: persons.length, camera: cameraId('cam'), facts };
}

function claimOf(word: string): Claim {
  if (word.startsWith('?')) return { type: 'undecided', reason: 'no-face' };
  return word.startsWith('!') ? { type: 'nobody' } : { type: 'person', person: word };
}

function openSession(ledger: Ledger): void {
  const roster = [expert('A'), expert('B'), expert('C')];
  ledger.evaluations.save(
    { ...evaluation({ roster }), state: 'open', openedAt: NINE, enterUntil: plusMs(NINE, 60_000) },
    0,
  );
}

const told = (steps: readonly AlertStep[]): string[] =>
  steps.map(
    ({ rule, step, at, start }) =>
      `${(at - NINE) / 1000} ${rule.replace('sealedRoom.', '')} ${step} ${(start - NINE) / 1000}`,
  );

let open: Ledger[] = [];
afterEach(async () => {
  for (const ledger of open) await ledger.close();
  open = [];
});
function run(name: string): ReturnType<typeof openRun> {
  const one = openRun(name);
  open.push(one.ledger);
  return one;
}
/** `kill -9`: nothing is told, nothing is closed in order; SQLite's own locks go with the file handle. */
async function kill(one: ReturnType<typeof openRun>): Promise<void> {
  await one.ledger.close();
  open = open.filter((ledger) => ledger !== one.ledger);
}

describe('a kill and a restart in the middle of a session', () => {
  it('makes nobody a stranger, late, or somebody who came back: they are unidentified until their face tells again', async () => {
    const first = run('calm');
    openSession(first.ledger);
    await first.watch(0, 300, 'A B C');
    expect(first.steps).toEqual([]);
    await kill(first);

    const second = run('calm');
    second.restore(plusMs(NINE, 299_000));
    // A minute later: faces do not tell at first; tracks have new numbers.
    await second.watch(360, 30, '? ? ?', 1);
    await second.watch(390, 120, 'A B C', 1);
    expect(told(second.steps)).toEqual([]);
    const entries = second.ledger.roomEntries.ofEvaluation(evaluationId('E1'));
    expect(entries.map(({ kind, person, outcome }) => `${kind} ${person} ${outcome}`)).toEqual([
      'found A rostered',
      'found B rostered',
      'found C rostered',
    ]);
    const live = second.tracks.rooms[0]!.live();
    expect(live).toMatchObject({ room: { sealed: { allowed: 3, outcomes: { rostered: 3, stranger: 0 } } } });
  });

  it('goes on with a stranger who was told: one incident, ended once somebody else is recognised in that place', async () => {
    const first = run('stranger');
    openSession(first.ledger);
    await first.watch(0, 20, 'A !');
    expect(told(first.steps)).toEqual(['0 stranger open 0']);
    await kill(first);

    const second = run('stranger');
    second.restore(plusMs(NINE, 19_000));
    await second.watch(40, 20, '? ?');
    expect(told(second.steps)).toEqual([]);
    await second.watch(60, 20, 'A !');
    expect(told(second.steps)).toEqual([]);
    await second.watch(80, 20, 'A B');
    expect(told(second.steps)).toEqual(['85 stranger ended 0']);
    expect(second.ledger.openIncidents()).toEqual([]);
  });

  it('neither forgets nor tells twice a head too many, and counts the time it was down for neither', async () => {
    const first = run('heads');
    openSession(first.ledger);
    await first.watch(0, 2, 'A B C ?');
    expect(first.steps).toEqual([]);
    await kill(first);
    const second = run('heads');
    second.restore(plusMs(NINE, 1000));
    await second.watch(60, 10, 'A B C ?');
    // One look before and two after: three seconds of seeing it, all in the second run or begun in the first.
    expect(second.steps.filter(({ rule }) => rule === 'sealedRoom.headCount').map(({ step }) => step)).toEqual([
      'open',
    ]);
    await kill(second);
    const third = run('heads');
    third.restore(plusMs(NINE, 69_000));
    await third.watch(80, 10, 'A B C ?');
    await third.watch(90, 10, 'A B C');
    expect(third.steps.filter(({ rule }) => rule === 'sealedRoom.headCount').map(({ step }) => step)).toEqual([
      'ended',
    ]);
  });

  it('takes the session as it stands then: closed meanwhile, presence is told, and nobody of it is known', async () => {
    const first = run('closed');
    openSession(first.ledger);
    await first.watch(0, 20, 'A');
    const session = first.ledger.evaluations.get(evaluationId('E1'))!;
    first.ledger.evaluations.save({ ...session, state: 'closed', closedAt: plusMs(NINE, 25_000) }, session.version);
    await kill(first);
    const second = run('closed');
    second.restore(plusMs(NINE, 19_000));
    await second.watch(40, 20, '?');
    expect(told(second.steps)).toEqual(['43 presence open 40']);
  });

  it('an exempt person with an open entry is counted after the restart too', async () => {
    const first = run('exempt');
    const roster = [expert('A'), expert('N', { role: 'exempt', escort: '王', reason: '答疑' })];
    first.ledger.evaluations.save({ ...evaluation({ roster }), state: 'open', openedAt: NINE }, 0);
    const entry = { evaluation: evaluationId('E1'), room: ROOM, person: personId('N'), enteredAt: eventMs(NINE) };
    first.ledger.evaluationEntries.enter({ ...entry, escort: '王', reason: '答疑', by: 'u1' });
    await first.watch(0, 20, 'A N');
    await kill(first);
    const second = run('exempt');
    second.restore(plusMs(NINE, 19_000));
    await second.watch(30, 20, 'A N');
    expect([...first.steps, ...second.steps]).toEqual([]);
  });
});
