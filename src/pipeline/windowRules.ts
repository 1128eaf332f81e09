import type { Config, WindowConfig } from '../core/config/schema.js';
import type { WindowLive } from '../core/live.js';
import type { AttachedRule } from './attachedRule.js';

/** The further rules of one window, as the configuration asks for them. */
export function windowRules(_config: Config, _window: WindowConfig): AttachedRule<WindowLive>[] {
  return [];
}
