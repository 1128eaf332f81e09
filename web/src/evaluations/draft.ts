import type { BodyIn } from '../../../src/board/api/contract.js';
import { hallText, instantOf } from '../duty/hallTime.js';
import type { Evaluation } from './words.js';

export type DraftPerson = Required<NonNullable<BodyIn<'addEvaluation'>['roster']>[number]>;
export interface DraftWindow {
  category: string;
  batch: string;
  /** On the hall's clock, as the pickers write it. */
  span: [string, string] | null;
}
export interface DraftBidder {
  name: string;
  /** With 、 between them. */
  shortNames: string;
}

/** An evaluation as the form holds it: times on the hall's clock, the main venue beside the rooms. */
export interface Draft {
  project: string;
  projectName: string;
  rooms: string[];
  main: string;
  span: [string, string] | null;
  enterUntil: string | null;
  reentryAllowed: boolean;
  roster: DraftPerson[];
  windows: DraftWindow[];
  bidders: DraftBidder[];
}

const QUARTER_MS = 900_000;
const WORKDAY_MS = 8 * 3_600_000;

export const newPerson = (): DraftPerson => ({
  ...{ id: '', name: '', role: 'expert', category: '', batch: '', escort: '', reason: '' },
  rooms: [],
});

/** The form's content for an evaluation, or for a new one that begins about now. */
export function draftOf(evaluation: Evaluation | undefined, nowMs: number, room?: string): Draft {
  if (!evaluation) {
    const start = Math.ceil(nowMs / QUARTER_MS) * QUARTER_MS;
    return {
      ...{
        project: '',
        projectName: '',
        rooms: room === undefined ? [] : [room],
        main: '',
        enterUntil: null,
        reentryAllowed: false,
      },
      ...{ roster: [newPerson()], windows: [], bidders: [] },
      span: [hallText(start), hallText(start + WORKDAY_MS)],
    };
  }
  return {
    project: evaluation.project,
    projectName: evaluation.projectName,
    rooms: evaluation.rooms.map(({ room }) => room),
    main: evaluation.rooms.find(({ venue }) => venue === 'main')?.room ?? '',
    span: [hallText(evaluation.plannedStart), hallText(evaluation.plannedEnd)],
    enterUntil: evaluation.enterUntil === null ? null : hallText(evaluation.enterUntil),
    reentryAllowed: evaluation.reentryAllowed,
    roster: evaluation.roster.map(({ id, name, role, category, batch, rooms, escort, reason }) => ({
      ...{ id, name, role, category, batch, escort, reason },
      rooms: [...rooms],
    })),
    windows: evaluation.signIn.map(({ category, batch, from, to }) => ({
      ...{ category, batch },
      span: [hallText(from), hallText(to)],
    })),
    bidders: evaluation.bidders.map(({ name, shortNames }) => ({ name, shortNames: shortNames.join('、') })),
  };
}

/** What is sent. Rows that were left empty are passed over; the first room is the main venue where none was chosen. */
export function bodyOf(draft: Draft): BodyIn<'addEvaluation'> {
  const [from, to] = draft.span ?? ['', ''];
  const main = draft.rooms.includes(draft.main) ? draft.main : draft.rooms[0];
  return {
    project: draft.project.trim(),
    projectName: draft.projectName.trim(),
    rooms: draft.rooms.map((room) => ({ room, venue: room === main ? 'main' : 'branch' })),
    plannedStart: instantOf(from),
    plannedEnd: instantOf(to),
    enterUntil: draft.enterUntil ? instantOf(draft.enterUntil) : null,
    reentryAllowed: draft.reentryAllowed,
    roster: draft.roster
      .filter(({ id, name, category }) => id || name.trim() || category.trim())
      .map((person) => ({ ...person, rooms: person.rooms.filter((room) => draft.rooms.includes(room)) })),
    signIn: draft.windows.flatMap(({ category, batch, span }) =>
      span ? [{ category: category ?? '', batch: batch ?? '', from: instantOf(span[0]), to: instantOf(span[1]) }] : [],
    ),
    bidders: draft.bidders
      .filter(({ name }) => name.trim() !== '')
      .map(({ name, shortNames }) => ({
        name: name.trim(),
        shortNames: shortNames
          .split(/[、,，;；|]/)
          .map((part) => part.trim())
          .filter(Boolean),
      })),
  };
}
