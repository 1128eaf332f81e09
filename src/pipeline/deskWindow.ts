import { initialMachine, machineKey, restoreMachines } from '../alerts/machine/machineState.js';
import { dayOf, instantOf } from '../core/calendar/localDay.js';
import type { Config, WindowConfig } from '../core/config/schema.js';
import { cameraId, windowId } from '../core/ids.js';
import type { AlertStep } from '../core/incident.js';
import type { DeskLive, WindowLive } from '../core/live.js';
import type { LabelledBox, Observation } from '../core/observation.js';
import type { RuleDetail } from '../core/rule.js';
import { type EventMs, eventMs, plusMs } from '../core/time.js';
import { deskRule } from '../detectors/rules/desk.js';
import type { DeskParameters, DeskState } from '../detectors/rules/deskState.js';
import { observationsOfRuns, rebuildRule } from '../detectors/rules/rebuild.js';
import type { AttachedRule, RestoreContext } from './attachedRule.js';
import { type RuleRunner, ruleRunner } from './ruleRunner.js';

/** A desk is fed again this far back after a restart: a bag over a night and a weekend's lock-up are longer than needed. */
const REBUILT_MS = 26 * 3_600_000;

/** Parameters of a window's desk: the hall's, with what is written at the window itself. */
export const deskSettingsOf = (config: Config, window: WindowConfig) => ({
  ...config.rules.desk,
  ...window.rules.desk,
});

/** The desk rule of one window, bound to its subject; undefined where it is off or no desk is drawn. */
export function deskWindow(config: Config, window: WindowConfig): AttachedRule<WindowLive> | undefined {
  const settings = deskSettingsOf(config, window);
  if (!settings.enabled || window.deskZone.length === 0) return undefined;
  const { persistFor, samples, samplesNeeded, rearmAfter, quietFor, staleAfter, inspectOnly, outsideHours } = settings;
  const parameters: DeskParameters = {
    ...{ persistFor, samples, samplesNeeded, rearmAfter, quietFor, staleAfter, inspectOnly, outsideHours },
  };
  const rule = deskRule(parameters);
  const subject = windowId(window.id);
  const camera = cameraId(window.camera);
  const runner = ruleRunner(rule, {
    site: config.site.id,
    rule: rule.name,
    ruleVersion: rule.version,
    subject,
    camera,
  });
  const inspecting = inspections(settings, config.site.timeZone);
  let inspected = false;
  let newest: Observation | undefined;
  let since: EventMs = eventMs(0);
  let shown = '';

  return {
    rules: [rule],
    kinds: ['desk'],
    derive(observation) {
      if (observation.kind !== 'tick' || settings.inspectAt.length === 0) return [];
      const now = inspecting(observation.at);
      if (now === inspected) return [];
      inspected = now;
      return [{ subject, kind: 'inspection', at: observation.at, value: now }];
    },
    feed(observation) {
      if (observation.kind === 'desk') newest = observation;
      const steps = runner.feed(observation);
      const state = wordOf(runner.state());
      if (state !== shown) [shown, since] = [state, observation.at];
      return steps;
    },
    foresee: runner.foresee,
    end: (at) => runner.end(at),
    restore: (context) => restoreDesk(runner, { ...context, settings, subject }),
    live: () => ({ desk: liveOf(runner.state(), newest, since) }),
    boxes: () => boxesOf(newest),
  };
}

/** Whether an instant lies within an inspection. Its spans of a day are worked out once. */
function inspections(
  { inspectAt, inspectFor }: { inspectAt: string[]; inspectFor: number },
  timeZone: string,
): (at: EventMs) => boolean {
  let known: { day: string; begins: EventMs[] } | undefined;
  return (at) => {
    const day = dayOf(at, timeZone);
    if (known?.day !== day) known = { day, begins: inspectAt.map((time) => instantOf(day, time, timeZone)) };
    return known.begins.some((begin) => at >= begin && at < begin + inspectFor);
  };
}

interface RestoreDesk extends RestoreContext {
  settings: { lookEvery: number };
  subject: ReturnType<typeof windowId>;
}

/** Feeds the stored looks again; an incident that is still open is taken over although they do not reach its begin. */
function restoreDesk(runner: RuleRunner<DeskState>, { ledger, newest, settings, subject }: RestoreDesk): AlertStep[] {
  const { rule } = runner;
  const runs = ledger.observations.runsOf(
    subject,
    ['desk', 'citizens'],
    plusMs(newest, -REBUILT_MS),
    eventMs(newest + 1),
  );
  const looks = observationsOfRuns(subject, runs, settings.lookEvery);
  const [rebuilt, events] = rebuildRule(rule, looks);
  const incidents = ledger.incidents.list({ rule: rule.name, subjects: [subject] }, { limit: 50 }).items;
  const steps = incidents.map(({ id }) => ledger.stepsOf(id).at(-1)!).sort((a, b) => a.seq - b.seq);
  const machine = restoreMachines(steps.map(({ step }) => step)).get(machineKey(rule.name, subject)) ?? initialMachine;
  const last = steps.at(-1)?.step;
  const told = runner.resume(rebuilt, machine, events);
  const endedNow = told.some((step) => step.step === 'ended' && step.id === last?.id);
  if (!last || last.step === 'ended' || endedNow || rebuilt.episode?.start === last.start) return told;
  const { start, seen } = last;
  const episode = {
    phase: 'open' as const,
    start,
    heldMs: seen.observedMs,
    pausedMs: seen.unknownMs,
    tidySince: null,
    worst: null,
  };
  return [
    ...told,
    ...runner.takeUp({ ...rebuilt, episode: { ...episode, tidySince: rebuilt.episode?.tidySince ?? null } }, []),
  ];
}

function wordOf({ episode, shown }: DeskState): DeskLive['state'] {
  if (episode?.phase === 'open') return 'disorder';
  if (shown === 'unknown') return 'unknown';
  return shown ? 'suspect' : 'tidy';
}

function liveOf(state: DeskState, newest: Observation | undefined, since: EventMs): DeskLive {
  const facts: RuleDetail = newest?.facts ?? {};
  const words = (value: RuleDetail[string] | undefined): string[] =>
    Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  const areas = Array.isArray(facts.difference_percent) ? facts.difference_percent.map(Number) : [];
  return {
    state: wordOf(state),
    since,
    ...(state.reason === undefined ? {} : { reason: state.reason }),
    ...(newest === undefined ? {} : { at: newest.at }),
    items: words(facts.items),
    missing: words(facts.missing),
    differencePercent: areas.reduce((sum, area) => sum + area, 0),
    clutter: typeof facts.clutter === 'number' ? facts.clutter : null,
    references: typeof facts.references === 'string' ? facts.references : 'none',
  };
}

const boxesOf = (newest: Observation | undefined): LabelledBox[] => newest?.boxes ?? [];
