import type { PatrolVisit } from '../../alerts/ledger/patrolVisits.js';
import { nextRound } from '../../alerts/patrol/patrolPlan.js';
import type { PatrolConfig } from '../../core/config/schema.js';
import { type EventMs, eventMs, plusMs } from '../../core/time.js';
import type { patrolRoutes } from '../api/contract/patrols.js';
import type { AnswerOf, BodyOf } from '../api/contract.js';
import type { ConfigFile } from '../configEdit/configFile.js';
import type { Hall } from '../hall/hall.js';
import { ApiError } from '../http/apiError.js';
import type { HandlersOf } from '../http/call.js';
import type { AlertsLedger } from '../ledgerPort.js';
import type { PatrolPort } from '../ports.js';
import type { ViewRegister } from '../viewRegister.js';

export interface PatrolAreaDeps {
  ledger: Pick<AlertsLedger, 'patrolVisits'>;
  hall: () => Hall;
  now: () => EventMs;
  configFile: ConfigFile;
  /** Undefined where the service does not walk. */
  patrol: PatrolPort | undefined;
  views: ViewRegister;
}

type Plan = AnswerOf<'listPatrols'>['plans'][number];
type Visit = AnswerOf<'listPatrolVisits'>['items'][number];

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Records of one answer. */
const MOST_VISITS = 2000;

/** Patrols: their plans, what was found on each visit, and a round by hand. */
export function patrolArea(deps: PatrolAreaDeps): HandlersOf<typeof patrolRoutes> {
  const { ledger, hall, configFile, patrol } = deps;
  return {
    listPatrols: {
      handle: () => ({
        plans: hall().config.patrols.map((plan) => planView(plan, deps)),
        running: patrol !== undefined,
        etag: configFile.etag(),
      }),
    },
    putPatrols: {
      handle({ body }) {
        const value = body.plans.map(writtenPlan);
        return { effect: configFile.edit(body.etag, () => [{ path: ['patrols'], value }]) };
      },
    },
    startPatrol: {
      handle({ params }) {
        if (!patrol) throw new ApiError('unavailable');
        return { round: patrol.start(params.id) };
      },
    },
    listPatrolVisits: {
      handle({ query: { from, to, plan } }) {
        const visits = ledger.patrolVisits.list(eventMs(from), eventMs(to), plan);
        return { items: visits.slice(0, MOST_VISITS).map((visit) => visitView(visit, hall())) };
      },
    },
    getPatrolPicture: {
      handle({ params, principal, response }) {
        const round = eventMs(Number(params.round));
        const visit = ledger.patrolVisits
          .list(round, plusMs(round, 1), params.id)
          .find(({ point }) => point === params.point);
        const picture = visit?.facts.snapshots[Number(params.picture)];
        if (!patrol || !visit || !picture) throw new ApiError('not-found');
        // Whoever looks into an evaluation room is written down.
        if (hall().seesRoom(visit.facts.camera)) deps.views.note(principal, `camera:${visit.facts.camera}`);
        response.setHeader('Cache-Control', 'no-store');
        response.type('image/jpeg').send(Buffer.from(patrol.read(picture.path, picture.sha256)));
      },
    },
  };
}

function planView(plan: PatrolConfig, { ledger, now, hall }: PatrolAreaDeps): Plan {
  const at = now();
  const visits = ledger.patrolVisits.list(plusMs(at, -30 * DAY_MS), plusMs(at, 1), plan.id);
  const round = visits[0]?.round;
  const newest = visits.filter((visit) => visit.round === round);
  const count = (state: PatrolVisit['state']): number => newest.filter((visit) => visit.state === state).length;
  return {
    ...{ id: plan.id, name: plan.name, days: plan.days, from: plan.between.from, to: plan.between.to },
    everyMinutes: Math.round(plan.every / MINUTE_MS),
    withinMinutes: Math.round(plan.within / MINUTE_MS),
    settleSeconds: Math.round(plan.settle / 1000),
    points: plan.points.map((point) => ({ ...point, preset: point.preset ?? '' })),
    next: nextRound(plan, at, hall().config.site.timeZone) ?? null,
    last: round === undefined ? null : { round, done: count('done'), missed: count('missed') },
  };
}

/** A plan as the file says it, with what is the default left out. */
function writtenPlan(plan: BodyOf<'putPatrols'>['plans'][number]) {
  return {
    ...{ id: plan.id, name: plan.name, days: plan.days, between: { from: plan.from, to: plan.to } },
    ...{ every: `${plan.everyMinutes}m`, within: `${plan.withinMinutes}m`, settle: `${plan.settleSeconds}s` },
    points: plan.points.map(({ preset, ...point }) => ({ ...point, ...(preset === '' ? {} : { preset }) })),
  };
}

const visitView = ({ plan, round, point, state, at, facts }: PatrolVisit, hall: Hall): Visit => ({
  ...{ plan, round, point, state, at, name: facts.name, camera: facts.camera },
  planName: hall.config.patrols.find(({ id }) => id === plan)?.name ?? plan,
  preset: facts.preset ?? '',
  counts: Object.entries(facts.counts).map(([label, count]) => ({ label, count })),
  findings: facts.findings,
  reason: facts.reason ?? '',
  pictures: facts.snapshots.length,
});
