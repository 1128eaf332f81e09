import { canonicalJson, sha256 } from '../../core/hash.js';
import type { Rule, RuleDetail } from '../../core/rule.js';
import { initialLasting, type LastingState, type LastingTimes, stepLasting } from './serviceLasting.js';

/**
 * 在岗睡觉: head down and still at the desk for `stillFor`. Off by default and its accuracy is not measured: no label shows
 * anybody asleep. Reads `asleep` and `tick`.
 */
export function sleepingRule(times: LastingTimes): Rule<LastingState> {
  const parameters: RuleDetail = {
    still_for_s: times.lastsFor / 1000,
    stale_after_s: times.staleAfter / 1000,
    measured: false,
  };
  return {
    name: 'sleeping',
    version: sha256(canonicalJson(parameters)).slice(0, 12),
    parameters,
    wants: ['asleep', 'tick'],
    initial: initialLasting,
    step: (state, observation) => stepLasting(state, observation, { kind: 'asleep', times, parameters }),
  };
}
