import type { EvaluationSession, PersonId, RosterPerson } from '../../core/evaluation.js';
import type { RoomOutcome } from '../../core/roomEntry.js';
import type { Claim } from '../sealed/claim.js';

/** The evaluation that runs in a room, with what the rules have to know beside the session itself. */
export interface RunningEvaluation {
  session: EvaluationSession;
  /** Persons of the roster of whom there is a face template. */
  enrolled: readonly PersonId[];
  /** Exempt persons with an open entry in this room. */
  exemptInside: readonly PersonId[];
  /** Names of persons of other evaluations, by `EVALUATION/PERSON`, as `Gallery.others` names them. */
  otherNames: Readonly<Record<string, string>>;
}

/** Whether the roster lets a person into a room; an exempt person needs an open entry beside it. */
const hasRoom = ({ rooms }: RosterPerson, room: string): boolean =>
  rooms.length === 0 || rooms.some((allowed) => allowed === room);

/** Who of the roster may be in the room now: experts of this room, and exempt persons while their entry is open. */
export function allowedIn({ session, exemptInside }: RunningEvaluation, room: string): RosterPerson[] {
  return session.roster.filter((person) =>
    person.role === 'exempt' ? exemptInside.includes(person.id) : hasRoom(person, room),
  );
}

/** Those of `allowedIn` of whom there is no template: a face that is nobody's may be theirs. */
export const withoutTemplate = (running: RunningEvaluation, room: string): RosterPerson[] =>
  allowedIn(running, room).filter(({ id }) => !running.enrolled.includes(id));

/** The outcome of one person's claim by itself. Without an evaluation, or without a roster, nobody is strange to it. */
export function outcomeOf(claim: Claim, running: RunningEvaluation | undefined, room: string): RoomOutcome {
  if (!running || running.session.roster.length === 0 || claim.type === 'undecided') return 'unidentified';
  if (claim.type === 'nobody') return 'stranger';
  if (claim.type === 'known') return 'known-not-rostered';
  const person = running.session.roster.find(({ id }) => id === claim.person);
  // Taken off the roster since the look: the next face look decides anew.
  if (!person) return 'unidentified';
  if (person.role === 'exempt') return running.exemptInside.includes(person.id) ? 'rostered' : 'known-not-rostered';
  return hasRoom(person, room) ? 'rostered' : 'rostered-wrong-room';
}

/** Name and id of whom a claim is about, for people; undefined where it names nobody. */
export function nameOf(claim: Claim, running: RunningEvaluation | undefined): string | undefined {
  if (claim.type === 'known') return running?.otherNames[claim.person] ?? claim.person;
  if (claim.type !== 'person') return undefined;
  return running?.session.roster.find(({ id }) => id === claim.person)?.name ?? claim.person;
}
