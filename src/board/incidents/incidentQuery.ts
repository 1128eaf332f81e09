import type { IncidentRecord } from '../../alerts/ledger/incidents.js';
import { type EventMs, eventMs } from '../../core/time.js';
import { authorize } from '../access/authorize.js';
import type { Principal } from '../access/objects.js';
import type { QueryOf } from '../api/contract.js';
import type { Hall } from '../hall/hall.js';
import type { IncidentIndex } from './incidentIndex.js';
import type { IncidentView } from './incidentView.js';

export type IncidentQuery = QueryOf<'listIncidents'>;

export interface QueryDeps {
  index: IncidentIndex;
  view: IncidentView;
  hall: () => Hall;
}

/** Whether a principal may read an incident; the same question as on its own page. */
export const mayRead = (principal: Principal, record: IncidentRecord, view: IncidentView): boolean =>
  authorize(principal, 'incident.read', view.object(record)).allowed;

/** The incidents a principal may see that match a query, in its order. Cheap conditions are asked first. */
export function findIncidents(query: IncidentQuery, principal: Principal, deps: QueryDeps): IncidentRecord[] {
  const { index, view } = deps;
  const matches = matcher(query, principal, deps);
  const found = index
    .within(instant(query.from), instant(query.to))
    .filter((record) => matches(record) && mayRead(principal, record, view));
  return inOrder(found, query.sort, view);
}

const instant = (ms: number | undefined): EventMs | undefined => (ms === undefined ? undefined : eventMs(ms));

function matcher(query: IncidentQuery, principal: Principal, deps: QueryDeps): (record: IncidentRecord) => boolean {
  const { index, view } = deps;
  const subjects = subjectsMatching(query, deps.hall());
  const assignee = query.assignee === 'me' && principal.kind === 'user' ? principal.id : query.assignee;
  const text = query.q?.toLowerCase() ?? '';
  const named = text === '' ? undefined : subjectsNamed(text, deps.hall());
  const tests: Array<((record: IncidentRecord) => boolean) | undefined> = [
    query.rule === undefined ? undefined : ({ rule }) => rule === query.rule,
    query.subject === undefined ? undefined : ({ subject }) => subject === query.subject,
    subjects && (({ subject }) => subjects.has(subject)),
    query.state === undefined ? undefined : stateIs(query.state),
    query.priority === undefined ? undefined : ({ priority }) => priority === query.priority,
    named && (({ id, subject }) => named.has(subject) || id.toLowerCase().includes(text)),
    query.workflow === undefined ? undefined : ({ id }) => workflowIs(query.workflow!, index.loopOf(id).state),
    query.verdict === undefined
      ? undefined
      : ({ id }) => (index.loopOf(id).verdict?.verdict ?? 'none') === query.verdict,
    query.appeal === undefined ? undefined : ({ id }) => appealIs(query.appeal!, index.loopOf(id).appeal?.state),
    assignee === undefined ? undefined : ({ id }) => index.loopOf(id).assignee === assignee,
    query.overdue === undefined ? undefined : (record) => view.overdue(record) === query.overdue,
  ];
  const asked = tests.filter((test) => test !== undefined);
  return (record) => asked.every((test) => test(record));
}

const stateIs = (wanted: string) => (record: IncidentRecord) =>
  wanted === 'active' ? record.state !== 'ended' : record.state === wanted;
const workflowIs = (wanted: string, state: string): boolean =>
  wanted === 'unfinished' ? state !== 'closed' && state !== 'false-alarm' : state === wanted;
const appealIs = (wanted: string, appeal: string | undefined): boolean =>
  wanted === 'any' ? appeal !== undefined : appeal === wanted;

/** Ids of the subjects of an area and department; undefined where neither is asked. */
function subjectsMatching({ area, department }: IncidentQuery, hall: Hall): Set<string> | undefined {
  if (area === undefined && department === undefined) return undefined;
  return new Set(
    hall.subjects
      .filter(
        (s) => (area === undefined || s.area === area) && (department === undefined || s.department === department),
      )
      .map((subject) => subject.id),
  );
}

function subjectsNamed(text: string, hall: Hall): Set<string> {
  const hits = hall.subjects.filter(({ id, name, department }) =>
    [id, name, department].some((part) => part.toLowerCase().includes(text)),
  );
  return new Set(hits.map((subject) => subject.id));
}

/** `urgent`: open before ended, high before normal, overdue before the rest, longest first. */
function inOrder(records: IncidentRecord[], sort: IncidentQuery['sort'], view: IncidentView): IncidentRecord[] {
  switch (sort) {
    case 'newest':
      return records;
    case 'oldest':
      return records.reverse();
    case 'longest':
      return sortedBy(records, (record) => [record.start - view.endMs(record)]);
    case 'urgent':
      return sortedBy(records, (record) => [
        record.state === 'ended' ? 1 : 0,
        record.priority === 'high' ? 0 : 1,
        view.overdue(record) ? 0 : 1,
        record.start,
      ]);
  }
}

/** Ascending by a list of numbers, worked out once a record. */
function sortedBy(records: IncidentRecord[], keysOf: (record: IncidentRecord) => number[]): IncidentRecord[] {
  return records
    .map((record) => ({ record, keys: keysOf(record) }))
    .sort((a, b) => {
      const differing = a.keys.findIndex((key, i) => key !== b.keys[i]);
      return differing < 0 ? 0 : a.keys[differing]! - b.keys[differing]!;
    })
    .map(({ record }) => record);
}
