import type { EvaluationSession, RosterPerson } from '../../core/evaluation.js';
import type { evaluationMessages } from '../../core/i18n/messages/evaluation.js';
import type { MessageParameters } from '../../core/i18n/translate.js';
import { ID_PATTERN } from '../../core/ids.js';

/** What people write of an evaluation: everything that is neither its state nor its version. */
export type EvaluationDraft = Omit<EvaluationSession, 'id' | 'state' | 'openedAt' | 'closedAt' | 'version'>;

/** Something that cannot be so; `path` is where, as in `roster.3.name`. */
export interface EvaluationProblem {
  path: string;
  key: keyof typeof evaluationMessages;
  parameters?: MessageParameters;
}

/**
 * Everything that is wrong with a draft; empty where it may be saved. An empty roster is allowed: it becomes a finding
 * against the system once the evaluation runs. Pure.
 * @param rooms ids of the rooms that are configured
 */
export function checkDraft(draft: EvaluationDraft, rooms: ReadonlySet<string>): EvaluationProblem[] {
  return [...checkFrame(draft, rooms), ...checkRoster(draft), ...checkLists(draft)];
}

function checkFrame(draft: EvaluationDraft, rooms: ReadonlySet<string>): EvaluationProblem[] {
  const problems: EvaluationProblem[] = [];
  if (draft.project.trim() === '') problems.push({ path: 'project', key: 'evaluation.problem.project' });
  if (draft.plannedEnd <= draft.plannedStart) problems.push({ path: 'plannedEnd', key: 'evaluation.problem.order' });
  if (draft.rooms.length === 0) problems.push({ path: 'rooms', key: 'evaluation.problem.rooms' });
  const seen = new Set<string>();
  draft.rooms.forEach(({ room }, i) => {
    const parameters = { value: room };
    if (!rooms.has(room)) problems.push({ path: `rooms.${i}`, key: 'evaluation.problem.room', parameters });
    else if (seen.has(room)) problems.push({ path: `rooms.${i}`, key: 'evaluation.problem.room-twice', parameters });
    seen.add(room);
  });
  const mains = draft.rooms.filter(({ venue }) => venue === 'main').length;
  if (draft.rooms.length > 0 && mains !== 1) problems.push({ path: 'rooms', key: 'evaluation.problem.main' });
  return problems;
}

function checkRoster(draft: EvaluationDraft): EvaluationProblem[] {
  const own = new Set<string>(draft.rooms.map(({ room }) => room));
  const ids = new Set<string>();
  return draft.roster.flatMap((person, i) => {
    const problems = checkPerson(person, own).map((problem) => ({ ...problem, path: `roster.${i}.${problem.path}` }));
    if (ids.has(person.id)) {
      const parameters = { value: person.id };
      problems.push({ path: `roster.${i}.id`, key: 'evaluation.problem.person-twice', parameters });
    }
    ids.add(person.id);
    return problems;
  });
}

function checkPerson(person: RosterPerson, rooms: ReadonlySet<string>): EvaluationProblem[] {
  const problems: EvaluationProblem[] = [];
  if (person.name.trim() === '') problems.push({ path: 'name', key: 'evaluation.problem.name' });
  if (!ID_PATTERN.test(person.id)) problems.push({ path: 'id', key: 'evaluation.problem.person-id' });
  if (person.role === 'exempt' && !(person.escort?.trim() && person.reason?.trim())) {
    problems.push({ path: 'escort', key: 'evaluation.problem.exempt' });
  }
  for (const room of person.rooms) {
    if (rooms.has(room)) continue;
    problems.push({ path: 'rooms', key: 'evaluation.problem.person-room', parameters: { value: room } });
  }
  return problems;
}

function checkLists(draft: EvaluationDraft): EvaluationProblem[] {
  const windows = draft.signIn.flatMap((window, i): EvaluationProblem[] =>
    window.to > window.from ? [] : [{ path: `signIn.${i}.to`, key: 'evaluation.problem.window-order' }],
  );
  const bidders = draft.bidders.flatMap((bidder, i): EvaluationProblem[] =>
    bidder.name.trim() === '' ? [{ path: `bidders.${i}.name`, key: 'evaluation.problem.bidder' }] : [],
  );
  return [...windows, ...bidders];
}
