import type { ConfigPort } from '../board/ports.js';
import type { Config } from '../core/config/schema.js';

/**
 * The configuration as the board sees and edits it. An edit is on disk at once and in force after a restart: cameras,
 * zones and rules are bound to running sources, and a half-changed hall would judge people by two sets of rules.
 */
export function boardConfig(initial: Config, file: string | undefined): ConfigPort {
  let edited = initial;
  return {
    current: () => edited,
    file,
    apply(next) {
      edited = next;
      return 'restart-needed';
    },
  };
}
