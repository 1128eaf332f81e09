import type { RoomId } from './ids.js';
import type { EventMs } from './time.js';

/** One bid evaluation (评标). Matches `ID_PATTERN`. */
export type EvaluationId = string & { readonly id: 'evaluation' };
/** One person of one evaluation's roster; unique within the evaluation. Matches `ID_PATTERN`. */
export type PersonId = string & { readonly id: 'person' };

export const evaluationId = (text: string): EvaluationId => text as EvaluationId;
export const personId = (text: string): PersonId => text as PersonId;

/** The list of the staff's faces and punches: not an evaluation's, and no id, so that none can be called so. */
export const STAFF_LIST = ':staff';

/** `planned` until somebody opens it, `closed` for good: a closed evaluation is never opened again. */
export type EvaluationState = 'planned' | 'open' | 'closed';

/** A room of an evaluation. A remote evaluation (远程异地评标) has one main venue and one or more branches. */
export interface EvaluationRoom {
  room: RoomId;
  venue: 'main' | 'branch';
}

/**
 * `expert` is counted and must be there. `exempt` (an agent, a notary, a technician) may be there for a reason with an
 * escort: each entry is logged with them, and they count into the head count only while an entry of theirs is open.
 */
export type RosterRole = 'expert' | 'exempt';

export interface RosterPerson {
  id: PersonId;
  name: string;
  role: RosterRole;
  /** The hall's own word: 经济, 技术, 业主代表, 代理机构, ... */
  category: string;
  /** Which sign-in batch; empty where there is one batch only. */
  batch: string;
  /** Rooms of the evaluation this person may be in; empty means all of them. */
  rooms: RoomId[];
  /** Only with `exempt`: who accompanies, and why. */
  escort?: string;
  reason?: string;
}

/** A bidder (投标人), for the word list: the full name and what people call it. */
export interface Bidder {
  name: string;
  shortNames: string[];
}

/** When one category or batch may sign in. */
export interface SignInWindow {
  /** A category, or empty for all. */
  category: string;
  /** A batch, or empty for all. */
  batch: string;
  from: EventMs;
  to: EventMs;
}

export interface EvaluationSession {
  id: EvaluationId;
  /** 项目编号. */
  project: string;
  /** 项目名称. */
  projectName: string;
  rooms: EvaluationRoom[];
  plannedStart: EventMs;
  plannedEnd: EventMs;
  state: EvaluationState;
  openedAt?: EventMs;
  closedAt?: EventMs;
  /** Empty is allowed and is a finding against the system once the evaluation runs, never "all strangers". */
  roster: RosterPerson[];
  bidders: Bidder[];
  signIn: SignInWindow[];
  /** Entering for the first time is late after this instant; undefined where any time is fine. */
  enterUntil?: EventMs;
  /** Whether somebody who left for good may come back in. */
  reentryAllowed: boolean;
  /** Grows by one with every change, so that two editors cannot overwrite each other. */
  version: number;
}
