import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluationId, personId } from '../../../src/core/evaluation.js';
import { roomId } from '../../../src/core/ids.js';
import { eventMs, plusMs } from '../../../src/core/time.js';
import { evaluation, HOUR_MS, NINE } from '../../support/evaluation.js';
import { temporaryFolder, testLedger } from '../../support/ledger.js';

const R1 = roomId('R1');
const conflict = (text: string) =>
  expect.objectContaining({ code: 'conflict', message: expect.stringContaining(text) });
const openOf = (id: string, at = NINE) => ({ ...evaluation({ id }), state: 'open' as const, openedAt: at });

describe('evaluations', () => {
  it('are kept whole, one version after the other, with who changed what', () => {
    const { evaluations } = testLedger();
    const first = evaluations.save(evaluation(), 0, { by: 'chen', action: 'create' });
    const second = evaluations.save({ ...first, projectName: '改名' }, 1, { by: 'li', action: 'edit', note: '错字' });
    expect(evaluations.get(first.id)).toEqual(second);
    expect(second).toEqual({ ...evaluation(), projectName: '改名', version: 2 });
    expect(evaluations.history(first.id)).toMatchObject([
      { by: 'chen', action: 'create', version: 1, session: first },
      { by: 'li', action: 'edit', note: '错字', version: 2, session: second },
    ]);
    expect(evaluations.verify()).toMatchObject({ ok: true, length: 2 });
  });

  it('two editors cannot overwrite each other', () => {
    const { evaluations } = testLedger();
    const read = evaluations.save(evaluation(), 0);
    evaluations.save({ ...read, project: 'A' }, read.version);
    expect(() => evaluations.save({ ...read, project: 'B' }, read.version)).toThrow(conflict('version 2 is current'));
    expect(() => evaluations.save(evaluation(), 0)).toThrow(conflict('version'));
    expect(evaluations.get(read.id)?.project).toBe('A');
  });

  it('are found in a room at an instant: from the opening, up to the closing', () => {
    const { evaluations } = testLedger();
    const opened = evaluations.save(openOf('E1'), 0);
    const at = (ms: number) => evaluations.openIn(R1, eventMs(ms))?.id;
    expect([at(NINE - 1), at(NINE), at(NINE + 20 * HOUR_MS)]).toEqual([undefined, 'E1', 'E1']);
    evaluations.save({ ...opened, state: 'closed', closedAt: plusMs(NINE, HOUR_MS) }, 1);
    expect([at(NINE + HOUR_MS - 1), at(NINE + HOUR_MS)]).toEqual(['E1', undefined]);
    expect(evaluations.openIn(roomId('R2'), NINE)?.id).toBeUndefined();
  });

  it('one room has one open evaluation, and its plans do not overlap', () => {
    const { evaluations } = testLedger();
    const day = evaluations.save(evaluation({ id: 'E1' }), 0);
    expect(() => evaluations.save(evaluation({ id: 'E2' }), 0)).toThrow(conflict('planned there'));
    const next = { plannedStart: day.plannedEnd, plannedEnd: plusMs(day.plannedEnd, HOUR_MS) };
    const after = evaluations.save({ ...evaluation({ id: 'E2' }), ...next }, 0);
    const elsewhere = [{ room: roomId('R9'), venue: 'main' as const }];
    evaluations.save({ ...evaluation({ id: 'E3' }), rooms: elsewhere }, 0);
    evaluations.save({ ...day, state: 'open', openedAt: NINE }, 1);
    expect(() => evaluations.save({ ...after, state: 'open', openedAt: NINE }, 1)).toThrow(conflict('is open there'));
  });

  it('of an import come in together or not at all', () => {
    const { evaluations } = testLedger();
    const pair = [evaluation({ id: 'E1' }), evaluation({ id: 'E2' })];
    expect(() => evaluations.addAll(pair, { by: 'import', action: 'create' })).toThrow(conflict('planned there'));
    expect([evaluations.list(), evaluations.verify()]).toMatchObject([[], { ok: true, length: 0 }]);
  });

  it('are listed by state, room and span, newest first', () => {
    const { evaluations } = testLedger();
    const rooms = [{ room: roomId('R2'), venue: 'main' as const }];
    const ids = (filter: Parameters<typeof evaluations.list>[0]) => evaluations.list(filter).map(({ id }) => id);
    evaluations.save(openOf('E1'), 0);
    evaluations.save({ ...evaluation({ id: 'E2' }), rooms, plannedStart: plusMs(NINE, HOUR_MS) }, 0);
    expect(ids({})).toEqual(['E2', 'E1']);
    expect(ids({ state: 'open' })).toEqual(['E1']);
    expect(ids({ room: roomId('R2') })).toEqual(['E2']);
    expect(ids({ to: NINE })).toEqual([]);
    expect(ids({ from: plusMs(NINE, 30 * HOUR_MS) })).toEqual(['E1']);
    expect([evaluations.ofRoom(R1), evaluations.pendingIn(R1)].map(([one]) => one?.id)).toEqual(['E1', 'E1']);
  });

  it('a move to another room leaves the first one', () => {
    const { evaluations } = testLedger();
    const saved = evaluations.save(evaluation(), 0);
    evaluations.save({ ...saved, rooms: [{ room: roomId('R5'), venue: 'main' }] }, 1);
    expect([evaluations.ofRoom(R1).length, evaluations.ofRoom(roomId('R5')).length]).toEqual([0, 1]);
  });

  it('tell who watches, after they are on the disk', () => {
    const { evaluations } = testLedger();
    const heard: number[] = [];
    const end = evaluations.watch(({ version }) => heard.push(version));
    const saved = evaluations.save(evaluation(), 0);
    end();
    evaluations.save(saved, 1);
    expect(heard).toEqual([1]);
  });

  it('survive a restart', async () => {
    const path = join(temporaryFolder(), 'ledger.sqlite');
    const ledger = testLedger(path);
    const saved = ledger.evaluations.save(openOf('E1'), 0);
    await ledger.close();
    expect(testLedger(path).evaluations.openIn(R1, NINE)).toEqual(saved);
  });
});

describe('entries of exempt persons', () => {
  const entry = {
    evaluation: evaluationId('E1'),
    room: R1,
    person: personId('P9'),
    enteredAt: NINE,
    escort: '陈监督',
    reason: '答疑',
    by: 'chen',
  };

  it('are open from the entry up to the leaving', () => {
    const { evaluationEntries } = testLedger();
    const { id } = evaluationEntries.enter(entry);
    const inside = (ms: number) => evaluationEntries.openIn(R1, eventMs(NINE + ms)).length;
    expect([inside(-1), inside(0), inside(HOUR_MS)]).toEqual([0, 1, 1]);
    expect(() => evaluationEntries.leave(id, eventMs(NINE - 1), 'li')).toThrow(/before its begin/);
    expect([evaluationEntries.leave(id, plusMs(NINE, 60_000), 'li'), evaluationEntries.leave(id, NINE, 'li')]).toEqual([
      true,
      false,
    ]);
    expect([inside(59_999), inside(60_000)]).toEqual([1, 0]);
    expect(evaluationEntries.of(entry.evaluation)).toMatchObject([{ ...entry, leftBy: 'li' }]);
  });

  it('need an escort and a reason, and nobody enters twice', () => {
    const { evaluationEntries } = testLedger();
    expect(() => evaluationEntries.enter({ ...entry, escort: ' ' })).toThrow(/escort and reason/);
    evaluationEntries.enter(entry);
    expect(() => evaluationEntries.enter(entry)).toThrow(conflict('inside already'));
  });
});
