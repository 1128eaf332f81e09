import { unreachable } from '../../core/errors.js';
import type { CameraId, IncidentId, SubjectId } from '../../core/ids.js';
import { type AlertStep, incidentId } from '../../core/incident.js';
import type { RuleEvent, RuleName } from '../../core/rule.js';
import { type ActiveIncident, afterStep, type MachineState } from './machineState.js';

/** What does not change from event to event of one subject and rule. */
export interface MachineContext {
  site: string;
  rule: RuleName;
  ruleVersion: string;
  subject: SubjectId;
  camera?: CameraId;
}

/** Why an event told nothing. */
export type Refusal =
  /** The same pending was noted already. */
  | 'already-pending'
  /** A raise, or an escalation no higher than what was told: a replay, or a restart. */
  | 'already-told'
  /** The incident has ended, and an ended incident never opens again. */
  | 'already-ended'
  /** An event of an older incident than the one that is open. */
  | 'older-than-open'
  /** An end or a cancel of something that was never pending nor open. */
  | 'unknown-incident';

/** What became of a rule event. `steps` go to the ledger, in order; everything else is told to nobody. */
export type Decision =
  | { type: 'steps'; steps: AlertStep[] }
  | { type: 'pending'; id: IncidentId }
  | { type: 'cancelled'; id: IncidentId }
  | { type: 'refused'; id: IncidentId; reason: Refusal };

/**
 * The alert machine of one subject and rule: `pending -> open -> (escalated) -> ended`, each step once, in that order,
 * whatever is repeated, late or lost. Pure. The caller keeps the new state only once the ledger has the steps.
 */
export function stepMachine(state: MachineState, event: RuleEvent, context: MachineContext): [MachineState, Decision] {
  const id = incidentId(context.site, context.rule, context.subject, event.start);
  if (state.ended.includes(id)) return [state, { type: 'refused', id, reason: 'already-ended' }];
  switch (event.type) {
    case 'pending':
      return notePending(state, event, id);
    case 'raise':
    case 'escalate':
      return rise(state, event, { ...context, id });
    case 'end':
    case 'cancel':
      return finish(state, event, { ...context, id });
    default:
      return unreachable(event, 'rule event');
  }
}

type Identified = MachineContext & { id: IncidentId };
type EventOf<T extends RuleEvent['type']> = Extract<RuleEvent, { type: T }>;

const activeOf = (state: MachineState): ActiveIncident | undefined =>
  state.current && state.current.phase !== 'pending' ? state.current : undefined;

const refuse = (state: MachineState, id: IncidentId, reason: Refusal): [MachineState, Decision] => [
  state,
  { type: 'refused', id, reason },
];

function notePending(state: MachineState, event: EventOf<'pending'>, id: IncidentId): [MachineState, Decision] {
  const active = activeOf(state);
  if (active?.id === id) return refuse(state, id, 'already-told');
  if (state.current?.id === id) return refuse(state, id, 'already-pending');
  if (active) {
    // The open one stays until its own end, or until a newer one is raised and shows that its end was lost.
    return event.start < active.start ? refuse(state, id, 'older-than-open') : [state, { type: 'pending', id }];
  }
  return [
    { ...state, current: { phase: 'pending', id, start: event.start } },
    { type: 'pending', id },
  ];
}

function rise(
  state: MachineState,
  event: EventOf<'raise' | 'escalate'>,
  context: Identified,
): [MachineState, Decision] {
  const { id } = context;
  const active = activeOf(state);
  if (active?.id === id) return climb(state, active, event, context);
  if (active && event.start < active.start) return refuse(state, id, 'older-than-open');
  // A newer incident proves that the older one is over although its end never came.
  const lost = active
    ? [endOf(active, context, { at: event.at, end: event.start, reason: 'returned', seen: active.seen })]
    : [];
  // An escalation whose raise was lost opens the incident: late is better than silent.
  const opened: AlertStep = { ...stepOf(event, context), step: 'open', ordinal: 1 };
  const steps = [...lost, opened];
  return [steps.reduce(afterStep, state), { type: 'steps', steps }];
}

function climb(
  state: MachineState,
  active: ActiveIncident,
  event: EventOf<'raise' | 'escalate'>,
  context: Identified,
): [MachineState, Decision] {
  const higher = event.tier > active.tier || (event.priority === 'high' && active.priority === 'normal');
  if (event.type === 'raise' || !higher) return refuse(state, context.id, 'already-told');
  const step: AlertStep = {
    ...stepOf(event, context),
    ruleVersion: active.ruleVersion,
    step: 'escalated',
    ordinal: active.ordinal + 1,
    tier: Math.max(event.tier, active.tier),
    priority: active.priority === 'high' ? 'high' : event.priority,
  };
  return [afterStep(state, step), { type: 'steps', steps: [step] }];
}

function finish(state: MachineState, event: EventOf<'end' | 'cancel'>, context: Identified): [MachineState, Decision] {
  const { id } = context;
  const { current } = state;
  if (current?.id !== id) {
    const older = activeOf(state) && event.start < current!.start;
    return refuse(state, id, older ? 'older-than-open' : 'unknown-incident');
  }
  if (current.phase === 'pending')
    return [
      { ...state, current: null },
      { type: 'cancelled', id },
    ];
  // A cancel of something that was told is an end: after a change of parameters the rule may not know of the raise.
  const told = event.type === 'end' ? event : { ...event, end: event.at, seen: current.seen };
  const step = endOf(current, context, told);
  return [afterStep(state, step), { type: 'steps', steps: [step] }];
}

/** The last step of an incident. It keeps the rule version under which it was opened. */
function endOf(
  active: ActiveIncident,
  context: MachineContext,
  event: Omit<EventOf<'end'>, 'type' | 'start'>,
): AlertStep {
  const { id, priority, tier, start, ruleVersion } = active;
  return {
    ...identityOf({ ...context, id, ruleVersion }),
    step: 'ended',
    ordinal: active.ordinal + 1,
    at: event.at,
    start,
    end: event.end,
    endReason: event.reason,
    priority,
    tier,
    seen: event.seen,
  };
}

const identityOf = ({ id, rule, ruleVersion, subject, camera }: Identified) => ({
  id,
  rule,
  ruleVersion,
  subject,
  ...(camera === undefined ? {} : { camera }),
});

const stepOf = (event: EventOf<'raise' | 'escalate'>, context: Identified) => ({
  ...identityOf(context),
  at: event.at,
  start: event.start,
  priority: event.priority,
  tier: event.tier,
  seen: event.seen,
  ...(event.detail === undefined ? {} : { detail: event.detail }),
});
