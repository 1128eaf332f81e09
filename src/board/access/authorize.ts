import { ACTIONS, type Action, type Role } from './actions.js';
import type { AccessObject, Principal } from './objects.js';
import { ANONYMOUS_ACTIONS, type Grant, POLICY, SCOPE_POLICY } from './policy.js';

/** The answer, with the reason of a refusal. */
export type Decision =
  | { allowed: true; needsReason: boolean }
  /** `role`: nobody of this role may. `object`: not with this one. */
  | { allowed: false; why: 'signed-out' | 'role' | 'object' };

/**
 * The one question before every route and every byte of evidence: may this principal do this to that? Pure; with the
 * object `none` it answers whether the action is possible at all.
 */
export function authorize(principal: Principal, action: Action, object: AccessObject): Decision {
  if (ANONYMOUS_ACTIONS.includes(action)) return { allowed: true, needsReason: false };
  switch (principal.kind) {
    case 'anonymous':
      return { allowed: false, why: 'signed-out' };
    case 'user': {
      const condition = POLICY[action][principal.role];
      return condition ? decide(condition(object, principal.id)) : { allowed: false, why: 'role' };
    }
    case 'token': {
      const grants = principal.scopes.flatMap((scope) => SCOPE_POLICY[scope][action] ?? []);
      if (grants.length === 0) return { allowed: false, why: 'role' };
      const best = grants.map((condition) => condition(object, '')).find((grant) => grant !== 'no');
      return decide(best ?? 'no');
    }
  }
}

const decide = (grant: Grant): Decision =>
  grant === 'no' ? { allowed: false, why: 'object' } : { allowed: true, needsReason: grant === 'yes-with-reason' };

/** Actions a role may do to at least some objects. */
export const actionsOf = (role: Role): Action[] =>
  ACTIONS.filter((action) => POLICY[action][role] !== undefined || ANONYMOUS_ACTIONS.includes(action));
