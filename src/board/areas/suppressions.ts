import type { EventMs } from '../../core/time.js';
import { authorize } from '../access/authorize.js';
import type { IncidentObject } from '../access/objects.js';
import type { incidentRoutes } from '../api/contract/incidents.js';
import type { Hall } from '../hall/hall.js';
import { ApiError } from '../http/apiError.js';
import type { HandlersOf } from '../http/call.js';
import type { People } from '../incidents/people.js';
import type { Suppression, Suppressions } from '../incidents/suppressions.js';
import { actorOf } from './leaves.js';

export interface SuppressionAreaDeps {
  suppressions: Suppressions;
  hall: () => Hall;
  people: People;
  /** The hall's present. */
  now: () => EventMs;
}

/** Repeated false alarms of one place: a proposal a supervisor accepts for a while, or rejects. */
export function suppressionArea(
  deps: SuppressionAreaDeps,
): HandlersOf<Pick<typeof incidentRoutes, 'listSuppressions' | 'decideSuppression'>> {
  const { suppressions, hall, people } = deps;
  const all = (): Suppression[] => suppressions.list(deps.now());
  const objectOf = ({ id, rule, subject }: Suppression): IncidentObject => ({
    ...{ kind: 'incident', id, rule, subjectKind: hall().subject(subject).kind },
    ...{ about: [], assignee: undefined, judges: [] },
  });
  return {
    listSuppressions: {
      handle: ({ principal, language }) => ({
        items: all()
          .filter((item) => authorize(principal, 'incident.read', objectOf(item)).allowed)
          .map(({ decidedBy, ...item }) => ({
            ...item,
            subjectName: hall().subject(item.subject).name,
            decidedBy: decidedBy === null ? null : people(decidedBy, language),
          })),
      }),
    },
    decideSuppression: {
      object({ id }) {
        const item = all().find((candidate) => candidate.id === id && candidate.state === 'proposed');
        if (!item) throw new ApiError('not-found');
        return objectOf(item);
      },
      handle(call) {
        const { accept, until, note } = call.body;
        const now = deps.now();
        if (until !== undefined && until <= now) {
          throw new ApiError('bad-input', { fields: [{ path: 'until', message: 'in the past' }] });
        }
        const decision = { accept, until, by: actorOf(call), note, now };
        if (!suppressions.decide(call.params.id, decision)) throw new ApiError('not-found');
        return { ok: true };
      },
    },
  };
}
