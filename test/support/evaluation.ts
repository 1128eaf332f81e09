import { type EvaluationSession, evaluationId, personId, type RosterPerson } from '../../src/core/evaluation.js';
import { roomId } from '../../src/core/ids.js';
import { eventMs, plusMs } from '../../src/core/time.js';

export const HOUR_MS = 3_600_000;
/** 9 o'clock in Shanghai on 8 October 2026. */
export const NINE = eventMs(Date.UTC(2026, 9, 8, 1, 0, 0));

/** An expert of the roster, or what `changes` say. */
export const expert = (id: string, changes: Partial<RosterPerson> = {}): RosterPerson => ({
  id: personId(id),
  name: `专家${id}`,
  role: 'expert',
  category: '技术',
  batch: '',
  rooms: [],
  ...changes,
});

/** A planned evaluation in room R1 from 9 to 17 o'clock with two experts. */
export const evaluation = (changes: { id?: string; roster?: RosterPerson[] } = {}): EvaluationSession => ({
  id: evaluationId(changes.id ?? 'E1'),
  project: 'HS-2026-081',
  projectName: '海曙区智慧政务二期',
  rooms: [{ room: roomId('R1'), venue: 'main' }],
  plannedStart: NINE,
  plannedEnd: plusMs(NINE, 8 * HOUR_MS),
  state: 'planned',
  roster: changes.roster ?? [expert('P1'), expert('P2')],
  bidders: [],
  signIn: [],
  reentryAllowed: false,
  version: 1,
});
