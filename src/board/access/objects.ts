import type { Role, TokenScope } from './actions.js';

/** Who asks. A token acts for another system, never with a person's rights. */
export type Principal =
  | { kind: 'anonymous' }
  | { kind: 'user'; id: string; name: string; unit: string; role: Role }
  | { kind: 'token'; id: string; name: string; scopes: readonly TokenScope[] };

/** What is asked about, reduced to the facts the policy needs. */
export type AccessObject =
  | { kind: 'none' }
  | {
      kind: 'incident';
      id: string;
      rule: string;
      subjectKind: 'window' | 'room' | 'unknown';
      /** Users who served at the subject while it lasted. */
      about: readonly string[];
      /** User the incident is assigned to now. */
      assignee: string | undefined;
      /** Users who gave a verdict or reviewed. */
      judges: readonly string[];
    }
  | { kind: 'camera'; id: string; seesRoom: boolean }
  | { kind: 'subject'; id: string; subjectKind: 'window' | 'room' | 'unknown' }
  | { kind: 'user'; id: string };

export type IncidentObject = Extract<AccessObject, { kind: 'incident' }>;

export const ANONYMOUS: Principal = { kind: 'anonymous' };
export const NO_OBJECT: AccessObject = { kind: 'none' };
