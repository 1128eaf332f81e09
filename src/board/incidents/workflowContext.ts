import type { WorkflowContext } from '../../alerts/workflow/guards.js';
import type { WallMs } from '../../core/time.js';
import type { Principal } from '../access/objects.js';

export interface ContextFacts {
  principal: Principal;
  /** Users the incident speaks of. */
  about: readonly string[];
  at: WallMs;
  monthFrozen: boolean;
}

/** What the loop needs to know of who acts. A token never moves the loop; its id matches no person. */
export const contextOf = ({ principal, about, at, monthFrozen }: ContextFacts): WorkflowContext => ({
  actor: principal.kind === 'anonymous' ? 'anonymous' : principal.id,
  at,
  subjects: about,
  monthFrozen,
});
