import { canonicalJson, sha256 } from '../../core/hash.js';
import type { Rule, RuleDetail } from '../../core/rule.js';
import { initialLasting, type LastingState, type LastingTimes, stepLasting } from './serviceLasting.js';

/**
 * 工作人员使用手机: a phone seen at the hands of staff for `useFor`. Off by default and its accuracy is not measured: the
 * labels at hand show hardly a phone in use at a counter. Reads `phone` and `tick`.
 */
export function phoneUseRule(times: LastingTimes): Rule<LastingState> {
  const parameters: RuleDetail = {
    use_for_s: times.lastsFor / 1000,
    stale_after_s: times.staleAfter / 1000,
    measured: false,
  };
  return {
    name: 'phoneUse',
    version: sha256(canonicalJson(parameters)).slice(0, 12),
    parameters,
    wants: ['phone', 'tick'],
    initial: initialLasting,
    step: (state, observation) => stepLasting(state, observation, { kind: 'phone', times, parameters }),
  };
}
