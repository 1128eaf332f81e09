import type { Ledger } from '../alerts/ledger/openLedger.js';
import { initialMachine, machineKey, restoreMachines } from '../alerts/machine/machineState.js';
import { type AlertStep, incidentId } from '../core/incident.js';
import type { Observation } from '../core/observation.js';
import type { Rule, RuleEvent } from '../core/rule.js';
import { type EventMs, eventMs, plusMs } from '../core/time.js';
import { observationsOfRuns, rebuildRule, reconcileAbsence } from '../detectors/rules/rebuild.js';
import type { WindowTrack } from './windowTrack.js';

/** A day and a shift: longer than any absence that can still be open within one shift. */
const REBUILT_MS = 26 * 3_600_000;

/** How far back the rules are fed again: `REBUILT_MS` before the newest look in the ledger. */
const sinceOf = (newest: EventMs): EventMs => plusMs(newest, -REBUILT_MS);

/** The last step of each incident that the rebuilt span can touch, oldest `seq` first. */
function lastSteps(ledger: Ledger, since: EventMs): AlertStep[] {
  const recent = [];
  for (let cursor: string | undefined; ; ) {
    const page = ledger.incidents.list({ from: since }, { limit: 500, ...(cursor === undefined ? {} : { cursor }) });
    recent.push(...page.items);
    if (page.next === undefined) break;
    cursor = page.next;
  }
  const ids = new Set([...recent, ...ledger.openIncidents()].map((incident) => incident.id));
  const steps = [...ids].map((id) => ledger.stepsOf(id).at(-1)!);
  return steps.sort((a, b) => a.seq - b.seq).map((stored) => stored.step);
}

/**
 * After a restart, feeds each window's stored observations to its rule again, so that a restart neither resets a
 * 14-minute absence nor counts the time it was down. Returns the steps that the crash swallowed, for the ledger.
 */
export function restoreTracks(
  ledger: Ledger,
  windows: readonly WindowTrack[],
  { site, newest }: { site: string; newest: EventMs },
): AlertStep[] {
  const since = sinceOf(newest);
  const machines = restoreMachines(lastSteps(ledger, since));
  const open = ledger.openIncidents();
  return windows.flatMap((window) => restoreWindow(window, { site, ledger, since, newest, machines, open }));
}

interface Context {
  site: string;
  ledger: Ledger;
  since: EventMs;
  newest: EventMs;
  machines: ReturnType<typeof restoreMachines>;
  open: ReturnType<Ledger['openIncidents']>;
}

function restoreWindow(window: WindowTrack, context: Context): AlertStep[] {
  const { ledger, since, newest, machines, open } = context;
  const { absence, subject } = window;
  const runs = ledger.observations.runsOf(subject, ['staff', 'citizens'], since, eventMs(newest + 1));
  const everyMs = Number(absence.rule.parameters.stale_after_s) * 1000;
  const looks = observationsOfRuns(subject, runs, everyMs);
  const [state, events] = rebuildRule(absence.rule, withRoster(window, looks, since));
  const machine = machines.get(machineKey(absence.rule.name, subject)) ?? initialMachine;
  const told = absence.resume(state, machine, judgedNow(events, effectiveFromOf(ledger, absence.rule)));

  const mine = (step: { subject: string; rule: string }): boolean =>
    step.subject === subject && step.rule === absence.rule.name;
  const ended = new Set(told.filter((step) => step.step === 'ended').map((step) => step.id));
  const [joined, more] = reconcileAbsence(absence.state(), {
    open:
      told.find((step) => step.step === 'open' && !ended.has(step.id)) ??
      open.find((incident) => mine(incident) && !ended.has(incident.id)),
    hasEnded: (start) =>
      ledger.incidents.get(incidentId(context.site, absence.rule.name, subject, start))?.state === 'ended',
  });
  return [...told, ...absence.takeUp(joined, more)];
}

/** Event time from which a version judges; 0 for one that the ledger does not know. */
const effectiveFromOf = (ledger: Ledger, { name, version }: Pick<Rule<unknown>, 'name' | 'version'>): number =>
  ledger.ruleVersions.list(name).find((known) => known.version === version)?.effectiveFrom ?? 0;

/** A changed rule judges from its effective time on: what was over before that is not raised after the fact. */
function judgedNow(events: readonly RuleEvent[], effectiveFrom: number): RuleEvent[] {
  const over = new Set(
    events
      .filter(({ type, at }) => (type === 'end' || type === 'cancel') && at < effectiveFrom)
      .map(({ start }) => start),
  );
  return events.filter(({ type, start }) => !(over.has(start) && (type === 'raise' || type === 'escalate')));
}

/** The looks with the roster's word between them, as it stands now: a standby filed meanwhile counts. */
export function withRoster(window: WindowTrack, looks: Observation[], since: EventMs): Observation[] {
  const result: Observation[] = [];
  let until: EventMs | undefined = since;
  for (const look of looks) {
    while (until !== undefined && until <= look.at) {
      const word = window.expectedAt(until);
      result.push({ subject: window.subject, kind: 'expected', at: until, value: word.expected, reason: word.reason });
      until = word.until;
    }
    result.push(look);
  }
  return result;
}
