import type { EventMs } from '../../core/time.js';

/** One look at a face of the sign-in camera that was compared with the roster. */
export interface SignInLook {
  at: EventMs;
  /** Best candidate; undefined where the face did not decide. */
  person: string | undefined;
  /** `evidenceOf` of the match, 0-1.25. */
  evidence: number;
}

export interface SignInDecision {
  person: string;
  at: EventMs;
  looks: number;
}

/** How many looks have to agree, in which span. One look never decides. */
export interface SignInLimits {
  looks: number;
  withinMs: number;
}

export const SIGN_IN_LIMITS: SignInLimits = { looks: 3, withinMs: 10_000 };

/**
 * Who has arrived, from the newest looks of a track: `limits.looks` of them name one person and none in the same span
 * names another. The instant is that of the first agreeing look. Pure.
 */
export function decideSignIn(
  looks: readonly SignInLook[],
  limits: SignInLimits = SIGN_IN_LIMITS,
): SignInDecision | undefined {
  const last = looks.at(-1);
  if (!last) return undefined;
  const recent = looks.filter(({ at, person }) => person !== undefined && last.at - at <= limits.withinMs);
  const person = recent[0]?.person;
  if (person === undefined || recent.length < limits.looks) return undefined;
  if (recent.some((look) => look.person !== person)) return undefined;
  return { person, at: recent[0]!.at, looks: recent.length };
}
