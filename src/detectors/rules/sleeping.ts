import type { Rule } from '../../core/rule.js';
import { type LastingState, type LastingTimes, lastingRule } from './serviceLasting.js';

/**
 * 在岗睡觉: head down and still at the desk for `stillFor`. Off by default and its accuracy is not measured: no label shows
 * anybody asleep. Reads `asleep` and `tick`.
 */
export const sleepingRule = (times: LastingTimes): Rule<LastingState> =>
  lastingRule({ name: 'sleeping', kind: 'asleep', limit: 'still_for_s' }, times);
