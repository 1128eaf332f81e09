import type { incidentRoutes } from '../api/contract/incidents.js';
import { ApiError } from '../http/apiError.js';
import type { Call, HandlersOf } from '../http/call.js';
import { sendRange } from '../http/sendRange.js';
import { incidentDetail, mediaObject } from '../incidents/incidentDetail.js';
import { findIncidents, type QueryDeps } from '../incidents/incidentQuery.js';
import { mediaMime, mediaName } from '../incidents/media.js';
import { type ActDeps, existing } from './incidentActs.js';

export type IncidentAreaDeps = ActDeps & QueryDeps;

type ReadRoutes = Pick<typeof incidentRoutes, 'listIncidents' | 'getIncident' | 'registerView' | 'getIncidentMedia'>;

/** Incidents: lists, one whole, and their evidence. */
export function incidentArea(deps: IncidentAreaDeps): HandlersOf<ReadRoutes> {
  const { view, views, ledger } = deps;
  const object = ({ id }: { id: string }) => view.object(existing(id, deps));
  return {
    listIncidents: {
      handle({ query, principal, language }) {
        const found = findIncidents(query, principal, deps);
        const page = found.slice(query.offset, query.offset + query.limit);
        return { items: page.map((record) => view.summary(record, language)), total: found.length };
      },
    },
    getIncident: {
      object,
      handle: (call) => incidentDetail(existing(call.params.id, deps), call, deps),
    },
    registerView: {
      object,
      handle({ principal, params, body }) {
        if (principal.kind !== 'user') throw new ApiError('forbidden');
        return { until: views.grant(principal, mediaObject(params.id), body.reason) };
      },
    },
    getIncidentMedia: {
      object,
      async handle(call) {
        const snapshot = ledger.snapshots
          .of(existing(call.params.id, deps).id)
          .find((candidate) => mediaName(candidate) === call.params.name);
        if (!snapshot || !deps.evidence) throw new ApiError('not-found');
        register(call, deps);
        const bytes = await deps.evidence.read(snapshot.path, snapshot.sha256);
        call.response.setHeader('Cache-Control', 'private, no-store');
        call.response.setHeader('Content-Disposition', `inline; filename="${mediaName(snapshot)}"`);
        call.response.type(mediaMime(snapshot));
        sendRange(call.request, call.response, bytes);
      },
    },
  };
}

/** Every byte of evidence that is given out stands in the register, with its reason where the policy wants one. */
function register(
  { principal, params, needsReason }: Call<'getIncidentMedia'>,
  { views }: Pick<IncidentAreaDeps, 'views'>,
): void {
  const what = mediaObject(params.id);
  if (needsReason && views.grantedUntil(principal, what) === undefined) throw new ApiError('reason-required');
  views.note(principal, what);
}
