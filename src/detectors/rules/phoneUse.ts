import type { Rule } from '../../core/rule.js';
import { type LastingState, type LastingTimes, lastingRule } from './serviceLasting.js';

/**
 * 工作人员使用手机: a phone seen at the hands of staff for `useFor`. Off by default and its accuracy is not measured: the
 * labels at hand show hardly a phone in use at a counter. Reads `phone` and `tick`.
 */
export const phoneUseRule = (times: LastingTimes): Rule<LastingState> =>
  lastingRule({ name: 'phoneUse', kind: 'phone', limit: 'use_for_s' }, times);
