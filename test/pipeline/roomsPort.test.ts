import { describe, expect, it } from 'vitest';
import { evaluationId, personId } from '../../src/core/evaluation.js';
import { cameraId, roomId } from '../../src/core/ids.js';
import { makeLiveHub } from '../../src/core/liveHub.js';
import { silentLogger } from '../../src/core/log.js';
import { plusMs } from '../../src/core/time.js';
import { roomsPort } from '../../src/pipeline/roomsPort.js';
import { evaluation, expert, HOUR_MS, NINE } from '../support/evaluation.js';
import { testLedger } from '../support/ledger.js';

const R1 = roomId('R1');
const AGENT = expert('P9', { role: 'exempt', category: '代理机构', escort: '陈监督', reason: '答疑' });

function setup() {
  const ledger = testLedger();
  const live = makeLiveHub(silentLogger);
  return { ledger, live, port: roomsPort({ ledger, live, now: () => NINE }) };
}

describe('what the board asks of a room', () => {
  it('is the open session, else the next plan of these hours, else none', () => {
    const { ledger, port } = setup();
    expect(port.session(R1)).toBeNull();
    const later = { plannedStart: plusMs(NINE, 20 * HOUR_MS), plannedEnd: plusMs(NINE, 30 * HOUR_MS) };
    ledger.evaluations.save({ ...evaluation({ id: 'E2' }), ...later }, 0);
    expect(port.session(R1)).toBeNull();
    const saved = ledger.evaluations.save(evaluation(), 0);
    expect(port.session(R1)).toMatchObject({ id: 'E1', state: 'planned', people: 2, start: NINE, end: null });
    ledger.evaluations.save({ ...saved, state: 'open', openedAt: plusMs(NINE, 60_000) }, 1);
    expect(port.session(R1)).toMatchObject({ state: 'open', start: NINE + 60_000 });
    ledger.evaluations.save({ ...saved, state: 'closed', closedAt: plusMs(NINE, 90_000) }, 2);
    expect(port.session(R1)).toBeNull();
  });

  it('says of an expert nobody recognised that it is unknown, never that they are absent', () => {
    const { ledger, live, port } = setup();
    const other = expert('P5', { rooms: [roomId('R2')] });
    const roster = [expert('P1'), expert('P2'), AGENT, other];
    const rooms = [...evaluation().rooms, { room: roomId('R2'), venue: 'branch' as const }];
    ledger.evaluations.save({ ...evaluation({ roster }), rooms, state: 'open', openedAt: NINE }, 0);
    const sealed = {
      ...{
        evaluation: 'E1',
        project: 'x',
        allowed: 2,
        inside: [{ person: 'P1', name: '专家P1', seen: true, since: NINE }],
      },
      outcomes: { rostered: 1, 'rostered-wrong-room': 0, 'known-not-rostered': 0, stranger: 0, unidentified: 0 },
    };
    const room = { id: R1, persons: 1, since: NINE, speech: 'off', sealed } as const;
    live.publish({ type: 'room', room }, plusMs(NINE, 1000));
    expect(port.roster(R1).map(({ id, present }) => [id, present])).toEqual([
      ['P1', true],
      ['P2', 'unknown'],
      ['P9', false],
    ]);
    expect(port.roster(roomId('R2')).map(({ id }) => id)).toEqual(['P1', 'P2', 'P9', 'P5']);
  });

  it('shows what cameras saw and what was registered in one list, newest first', () => {
    const { ledger, port } = setup();
    const evaluationNow = evaluationId('E1');
    ledger.evaluations.save({ ...evaluation({ roster: [expert('P1'), AGENT] }), state: 'open', openedAt: NINE }, 0);
    const seen = { room: R1, camera: cameraId('c'), track: 1, door: '', place: '', evaluation: evaluationNow };
    const known = { person: personId('P1'), name: '专家P1', outcome: 'rostered' } as const;
    ledger.roomEntries.add({ ...seen, ...known, at: plusMs(NINE, 1000), kind: 'enter' });
    const { id } = ledger.evaluationEntries.enter({
      ...{ evaluation: evaluationNow, room: R1, person: AGENT.id, enteredAt: plusMs(NINE, 5000) },
      ...{ escort: '陈监督', reason: '答疑', by: 'chen' },
    });
    ledger.evaluationEntries.leave(id, plusMs(NINE, 9000), 'chen');
    expect(port.entries(R1).map(({ at, kind, person, outcome }) => [at - NINE, kind, person, outcome])).toEqual([
      [9000, 'leave', '专家P9', 'exempt'],
      [5000, 'enter', '专家P9', 'exempt'],
      [1000, 'enter', '专家P1', 'rostered'],
    ]);
    expect(port.entries(R1)[0]).toMatchObject({ escort: '陈监督', reason: '答疑' });
  });
});
