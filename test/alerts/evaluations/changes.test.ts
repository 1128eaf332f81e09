import { describe, expect, it } from 'vitest';
import { type Changed, closed, edited, opened, planned } from '../../../src/alerts/evaluations/changes.js';
import { clashOf } from '../../../src/alerts/evaluations/clash.js';
import { checkDraft } from '../../../src/alerts/evaluations/draft.js';
import type { EvaluationSession } from '../../../src/core/evaluation.js';
import { roomId } from '../../../src/core/ids.js';
import { plusMs } from '../../../src/core/time.js';
import { evaluation, expert, HOUR_MS, NINE } from '../../support/evaluation.js';

const done = (changed: Changed): EvaluationSession => {
  if (!changed.ok) throw new Error(changed.why);
  return changed.session;
};
const ROOMS = new Set(['R1', 'R2']);

describe('an evaluation', () => {
  const fresh = evaluation();
  const running = done(opened(fresh, NINE));
  const over = done(closed(running, plusMs(NINE, HOUR_MS)));

  it('goes from planned to open to closed', () => {
    expect(planned(fresh.id, fresh)).toMatchObject({ state: 'planned', version: 0 });
    expect(running).toMatchObject({ state: 'open', openedAt: NINE });
    expect(over).toMatchObject({ state: 'closed', openedAt: NINE, closedAt: NINE + HOUR_MS });
  });

  it.each<[string, Changed, string]>([
    ['opened twice', opened(running, NINE), 'evaluation.refused.not-planned'],
    ['opened after its end', opened(over, NINE), 'evaluation.refused.closed'],
    ['closed twice', closed(over, NINE), 'evaluation.refused.closed'],
    ['edited after its end', edited(over, over), 'evaluation.refused.closed'],
    [
      'moved while it is open',
      edited(running, { ...running, rooms: [{ room: roomId('R2'), venue: 'main' }] }),
      'evaluation.refused.rooms',
    ],
  ])('is not %s', (_, changed, why) => {
    expect(changed).toEqual({ ok: false, why });
  });

  it('takes a replaced expert while it is open, and keeps its state', () => {
    const next = done(edited(running, { ...running, roster: [expert('P3')] }));
    expect(next).toEqual({ ...running, roster: [expert('P3')] });
  });

  it('can be called off without ever having been opened, and never ends before it began', () => {
    expect(done(closed(fresh, NINE))).toMatchObject({ state: 'closed', closedAt: NINE });
    expect(done(closed(running, plusMs(NINE, -5)))).toMatchObject({ closedAt: NINE });
  });
});

describe('a draft', () => {
  it.each<[string, Partial<EvaluationSession>, string[]]>([
    ['as it should be', {}, []],
    ['an empty roster, which is allowed', { roster: [] }, []],
    ['no project number', { project: ' ' }, ['project evaluation.problem.project']],
    ['an end before its start', { plannedEnd: NINE }, ['plannedEnd evaluation.problem.order']],
    ['no room', { rooms: [] }, ['rooms evaluation.problem.rooms']],
    ['an unknown room', { rooms: [{ room: roomId('R9'), venue: 'main' }] }, ['rooms.0 evaluation.problem.room']],
    ['no main venue', { rooms: [{ room: roomId('R1'), venue: 'branch' }] }, ['rooms evaluation.problem.main']],
    ['an id twice', { roster: [expert('P1'), expert('P1')] }, ['roster.1.id evaluation.problem.person-twice']],
    [
      'an exempt person without a reason',
      { roster: [expert('P1', { role: 'exempt', escort: '陈' })] },
      ['roster.0.escort evaluation.problem.exempt'],
    ],
    [
      "a person in somebody else's room",
      { roster: [expert('P1', { rooms: [roomId('R2')] })] },
      ['roster.0.rooms evaluation.problem.person-room'],
    ],
    [
      'a sign-in window that ends first',
      { signIn: [{ category: '', batch: '', from: NINE, to: NINE }] },
      ['signIn.0.to evaluation.problem.window-order'],
    ],
    ['a nameless bidder', { bidders: [{ name: '', shortNames: [] }] }, ['bidders.0.name evaluation.problem.bidder']],
  ])('with %s', (_, changes, expected) => {
    expect(checkDraft({ ...evaluation(), ...changes }, ROOMS).map(({ path, key }) => `${path} ${key}`)).toEqual(
      expected,
    );
  });
});

describe('two evaluations in one room', () => {
  const first = evaluation({ id: 'E1' });
  it.each<[string, Partial<EvaluationSession>, Partial<EvaluationSession>, boolean]>([
    ['at the same time', {}, {}, true],
    ['one after the other', {}, { plannedStart: first.plannedEnd, plannedEnd: plusMs(first.plannedEnd, 1) }, false],
    ['in different rooms', {}, { rooms: [{ room: roomId('R2'), venue: 'main' }] }, false],
    [
      'sharing a branch',
      { rooms: [...first.rooms, { room: roomId('R2'), venue: 'branch' }] },
      { rooms: [{ room: roomId('R2'), venue: 'main' }] },
      true,
    ],
    ['the other is over', { state: 'closed' }, {}, false],
    [
      'both open, though not planned together',
      { state: 'open' },
      { state: 'open', plannedStart: first.plannedEnd, plannedEnd: plusMs(first.plannedEnd, 1) },
      true,
    ],
  ])('%s', (_, one, two, clashes) => {
    const second = { ...evaluation({ id: 'E2' }), ...two };
    expect(clashOf(second, [{ ...first, ...one }, second]) !== undefined).toBe(clashes);
  });
});
