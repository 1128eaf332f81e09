import type { Config, WindowConfig } from '../core/config/schema.js';
import type { WindowLive } from '../core/live.js';
import type { AttachedRule } from './attachedRule.js';
import { deskWindow } from './deskWindow.js';
import { plainWindowRules, type SessionHooks, serviceWindow } from './serviceWindow.js';

/** The further rules of one window, as the configuration asks for them. */
export function windowRules(
  config: Config,
  window: WindowConfig,
  hooks: SessionHooks = {},
): AttachedRule<WindowLive>[] {
  const desk = deskWindow(config, window);
  const service = serviceWindow(config, window, hooks);
  return [...(desk ? [desk] : []), ...(service ? [service] : []), ...plainWindowRules(config, window)];
}
