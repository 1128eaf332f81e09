import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { PatrolVisit } from '../alerts/ledger/patrolVisits.js';
import {
  dueTasks,
  type PatrolRound,
  type PatrolTask,
  roundAt,
  roundsBetween,
  roundsSince,
} from '../alerts/patrol/patrolPlan.js';
import type { Clock } from '../core/clock.js';
import type { PatrolConfig } from '../core/config/schema.js';
import { AppError, messageOf } from '../core/errors.js';
import { canonicalJson } from '../core/hash.js';
import { cameraId, subjectId } from '../core/ids.js';
import { type AlertStep, incidentId } from '../core/incident.js';
import type { Logger } from '../core/log.js';
import { type EventMs, eventMs, plusMs } from '../core/time.js';

export interface PatrolRunOptions {
  site: string;
  timeZone: string;
  /** Plans in force, asked anew each time. */
  plans: () => readonly PatrolConfig[];
  ledger: Pick<Ledger, 'patrolVisits' | 'openIncidents' | 'stepsOf'>;
  /** The hall's present, event time. */
  now: () => EventMs;
  visit(task: PatrolTask, signal: AbortSignal): Promise<PatrolVisit>;
  /** Takes a step about the patrol itself. */
  onStep(step: AlertStep): void;
  clock: Clock;
  log: Logger;
}

export interface PatrolRun {
  /** Begins a round by hand, now. @throws AppError `not-found` for an unknown plan */
  start(plan: string): EventMs;
  /** Stops after the visit under way. Idempotent. */
  close(): Promise<void>;
}

const EVERY_MS = 5000;
export const PATROL_RULE = 'patrol';
export const PATROL_VERSION = 'patrol-1';

/**
 * Goes the rounds: one visit at a time, in the order of the plan. A visit that fails is tried again until the round's
 * deadline; then the point is missed, which is told of the system and of nobody in the hall.
 */
export function runPatrols(options: PatrolRunOptions): PatrolRun {
  const { ledger, clock, log } = options;
  const stop = new AbortController();
  /** Since when each plan has been as it is: one that was changed begins anew with its next round. */
  const firstSeen = new Map<string, { plan: string; at: EventMs }>();
  let byHand: PatrolRound[] = [];
  const reasons = new Map<string, string>();
  let busy: Promise<void> | undefined;

  const rounds = (at: EventMs): PatrolRound[] => {
    byHand = byHand.filter(({ begin }) => begin > roundsSince(at, eventMs(0)));
    const plans = options.plans();
    for (const id of [...firstSeen.keys()]) if (!plans.some((plan) => plan.id === id)) firstSeen.delete(id);
    return plans.flatMap((plan) => {
      const written = canonicalJson(plan);
      const before = firstSeen.get(plan.id);
      const seen = before?.plan === written ? before.at : before ? at : knownSince(plan, at);
      firstSeen.set(plan.id, { plan: written, at: seen });
      const planned = roundsBetween(plan, roundsSince(at, seen), at, options.timeZone);
      return [...planned, ...byHand.filter((round) => round.plan.id === plan.id)];
    });
  };
  /** After a restart the rounds go on from the last one on record: what was missed while nobody walked is a finding. */
  const knownSince = (plan: PatrolConfig, at: EventMs): EventMs => {
    const last = ledger.patrolVisits.list(roundsSince(at, eventMs(0)), at, plan.id)[0];
    return last ? plusMs(last.round, -1) : at;
  };
  const recorded = ({ plan, begin }: PatrolRound): string[] => ledger.patrolVisits.pointsOf(plan.id, begin);

  const keep = (visit: PatrolVisit, round: PatrolRound): void => {
    reasons.delete(keyOf({ round, point: visit.point }));
    if (!ledger.patrolVisits.add(visit)) return;
    for (const step of stepsOf(visit, { round, options })) options.onStep(step);
  };

  const once = async (): Promise<void> => {
    for (;;) {
      const at = options.now();
      const [task] = dueTasks(rounds(at), at, recorded).filter((due) => !tried.has(taskKey(due)));
      if (!task || stop.signal.aborted) return;
      if (task.type === 'miss') keep(missed(task, at, reasons.get(taskKey(task))), task.round);
      else await tryVisit(task);
    }
  };
  /** Points that failed in this turn: the others come first, these again in the next. */
  const tried = new Set<string>();
  const tryVisit = async (task: PatrolTask): Promise<void> => {
    try {
      keep(await options.visit(task, stop.signal), task.round);
    } catch (error) {
      tried.add(taskKey(task));
      reasons.set(taskKey(task), error instanceof AppError ? error.code : 'internal');
      log.warn({ plan: task.round.plan.id, point: task.point.id, error: messageOf(error) }, 'patrol visit failed');
    }
  };
  const turn = async (): Promise<void> => {
    tried.clear();
    try {
      await once();
    } catch (error) {
      // A full disk or a broken plan: the next turn tries again.
      log.error({ error: messageOf(error) }, 'patrol stopped');
    } finally {
      busy = undefined;
    }
  };
  const timer = clock.every(EVERY_MS, () => {
    busy ??= turn();
  });

  return {
    start(id) {
      const plan = options.plans().find((candidate) => candidate.id === id);
      if (!plan) throw new AppError('not-found', `patrol ${id}: no such plan`);
      const round = roundAt(plan, options.now());
      byHand.push(round);
      busy ??= turn();
      return round.begin;
    },
    async close() {
      timer.cancel();
      stop.abort();
      await busy;
    },
  };
}

const keyOf = ({ round, point }: { round: PatrolRound; point: string }): string =>
  `${round.plan.id} ${round.begin} ${point}`;
const taskKey = ({ round, point }: PatrolTask): string => keyOf({ round, point: point.id });

function missed({ round, point }: PatrolTask, at: EventMs, reason = 'not-running'): PatrolVisit {
  const facts = { name: point.name, camera: cameraId(point.camera), snapshots: [], counts: {}, findings: [], reason };
  return { plan: round.plan.id, round: round.begin, point: point.id, state: 'missed', at, facts };
}

/** A missed point opens one incident a plan; the first round that is whole again ends it. */
function stepsOf(
  visit: PatrolVisit,
  { round, options }: { round: PatrolRound; options: PatrolRunOptions },
): AlertStep[] {
  const { ledger, site } = options;
  const subject = subjectId(round.plan.id);
  const open = ledger.openIncidents().find((incident) => incident.rule === PATROL_RULE && incident.subject === subject);
  const base: Omit<AlertStep, 'id' | 'step' | 'ordinal' | 'start'> = {
    ...{ rule: PATROL_RULE, ruleVersion: PATROL_VERSION, subject, at: visit.at, tier: 0 },
    priority: 'normal',
    camera: visit.facts.camera,
    seen: { observedMs: 0, unknownMs: 0 },
  };
  if (visit.state === 'missed') {
    if (open) return [];
    const id = incidentId(site, PATROL_RULE, subject, round.begin);
    const detail = { point: visit.facts.name, reason: visit.facts.reason ?? '' };
    return [{ ...base, id, step: 'open', ordinal: 1, start: round.begin, detail }];
  }
  const whole = ledger.patrolVisits
    .list(round.begin, plusMs(round.begin, 1), round.plan.id)
    .filter(({ state }) => state === 'done').length;
  if (!open || round.begin <= open.start || whole < round.plan.points.length) return [];
  const ordinal = ledger.stepsOf(open.id).length + 1;
  return [{ ...base, id: open.id, step: 'ended', ordinal, start: open.start, end: visit.at, endReason: 'returned' }];
}
