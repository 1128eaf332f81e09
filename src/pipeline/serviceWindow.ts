import type { Config, WindowConfig } from '../core/config/schema.js';
import { cameraId, windowId } from '../core/ids.js';
import type { AlertStep } from '../core/incident.js';
import type { ServiceLive, WindowLive } from '../core/live.js';
import type { Observation } from '../core/observation.js';
import type { Rule } from '../core/rule.js';
import type { ServiceSession } from '../core/service.js';
import { plusMs } from '../core/time.js';
import { phoneUseRule } from '../detectors/rules/phoneUse.js';
import { processRule } from '../detectors/rules/process.js';
import { sleepingRule } from '../detectors/rules/sleeping.js';
import {
  endSession,
  initialSession,
  type SessionOptions,
  type SessionState,
  stepSession,
} from '../detectors/service/serviceSession.js';
import type { AttachedRule } from './attachedRule.js';
import { type RuleRunner, ruleRunner } from './ruleRunner.js';

/** Where finished sessions go. */
export interface SessionHooks {
  /** Keeps a session: `ledger.serviceSessions.add`. */
  sessionEnded?(session: ServiceSession): void;
}

const LOOK_HOLDS_MS = 10_000;

/** The sessions of one window; undefined where they are off or no citizen zone is drawn and no queue system is wired. */
export function serviceWindow(
  config: Config,
  window: WindowConfig,
  hooks: SessionHooks,
): AttachedRule<WindowLive> | undefined {
  const { service } = config.rules;
  if (!service.enabled) return undefined;
  const subject = windowId(window.id);
  const { beginAfter, endAfter, lostAfter, smile } = service;
  const options: SessionOptions = {
    ...{ window: subject, beginAfter, endAfter, lostAfter, staleAfter: LOOK_HOLDS_MS },
    ...(smile.enabled ? { smileHold: 2 * smile.every } : {}),
  };
  let state: SessionState = initialSession;
  const keep = (sessions: readonly ServiceSession[]): void => {
    for (const session of sessions) hooks.sessionEnded?.(session);
  };
  return {
    rules: [],
    kinds: smile.enabled ? ['smile'] : [],
    feed(observation) {
      const [next, sessions] = stepSession(state, observation, options);
      state = next;
      keep(sessions);
      return [];
    },
    end(at) {
      keep(endSession(state, at, options));
      state = initialSession;
      return [];
    },
    // What was under way when the service stopped is seen again from the stored looks, so that a restart cuts no session.
    restore({ ledger, newest }) {
      const from = plusMs(newest, -REBUILT_MS);
      const runs = ledger.observations.runsOf(subject, ['staff', 'citizens'], from, plusMs(newest, 1));
      const looks: Observation[] = runs.flatMap(({ kind, firstAt, lastAt, value }) => {
        const every = Array.from(
          { length: Math.floor((lastAt - firstAt) / LOOK_HOLDS_MS) },
          (_, i) => firstAt + i * LOOK_HOLDS_MS,
        );
        return [...every, lastAt].map((at) => ({ subject, kind, at: plusMs(firstAt, at - firstAt), value }));
      });
      for (const look of looks.sort((a, b) => a.at - b.at)) {
        const [next, sessions] = stepSession(state, look, options);
        state = next;
        keep(sessions);
      }
      return [];
    },
    live: () => ({ service: liveOf(state, options) }),
  };
}

/** Longer than a service, short enough to be read at start for every window. */
const REBUILT_MS = 2 * 3_600_000;

function liveOf({ visit }: SessionState, { beginAfter }: SessionOptions): ServiceLive {
  if (!visit) return { state: 'idle' };
  if (visit.met === null) return { state: 'waiting', since: visit.came };
  return visit.byQueue || visit.togetherMs >= beginAfter
    ? { state: 'serving', since: visit.met }
    : { state: 'arriving', since: visit.came };
}

/** Rules with a plain runner each: process steps, phone in use, asleep. */
export function plainWindowRules(config: Config, window: WindowConfig): AttachedRule<WindowLive>[] {
  const { process, phoneUse, sleeping } = config.rules;
  const staleAfter = 3 * phoneUse.every;
  const bound = (rule: Rule<unknown>, kinds: readonly string[]): AttachedRule<WindowLive> => {
    const context = { site: config.site.id, rule: rule.name, ruleVersion: rule.version };
    const runner: RuleRunner<unknown> = ruleRunner(rule, {
      ...context,
      subject: windowId(window.id),
      camera: cameraId(window.camera),
    });
    return {
      rules: [rule],
      kinds,
      feed: (observation): AlertStep[] => runner.feed(observation),
      foresee: runner.foresee,
      end: (at) => runner.end(at),
    };
  };
  const lasting = (lastsFor: number) => ({ lastsFor, staleAfter, clearAfter: 30_000 });
  return [
    ...(process.enabled
      ? process.steps.map((step, i) => bound(processRule(step, `process.${i + 1}`) as Rule<unknown>, []))
      : []),
    ...(phoneUse.enabled ? [bound(phoneUseRule(lasting(phoneUse.useFor)) as Rule<unknown>, ['phone'])] : []),
    ...(sleeping.enabled ? [bound(sleepingRule(lasting(sleeping.stillFor)) as Rule<unknown>, ['asleep'])] : []),
  ];
}
