import type { EventMs } from '../../core/time.js';
import { MATCH_LIMITS, type MatchLimits } from '../faces/match.js';
import type { QualityVerdict } from '../faces/quality.js';

/** What one look at a face said. Plain JSON; nothing of the face itself is in it. */
export interface FaceLook {
  at: EventMs;
  quality: QualityVerdict;
  /** Best candidate of this evaluation's roster; empty where the roster has no template. */
  person: string;
  /** Evidence for them: see `evidenceOf`. */
  evidence: number;
  /** Best candidate among persons of other evaluations; empty where there are none. */
  other: string;
  otherEvidence: number;
  /** Advice of `antispoof`, 0-1. */
  live?: number;
}

/**
 * Who a followed person is, as far as several looks at the face tell. `person`: one of this roster. `known`: nobody of this
 * roster, but of another evaluation's. `nobody`: of neither. `undecided`: the face does not tell, with the reason.
 */
export type Claim =
  | { type: 'person'; person: string }
  | { type: 'known'; person: string }
  | { type: 'nobody' }
  | { type: 'undecided'; reason: UndecidedReason };

/**
 * `off`: faces are not used. `no-roster`: nobody to compare with. `no-face`: none was found. A quality verdict: the best face
 * so far was that. `few-looks`: one good look is never enough. `contradictory`: good looks that do not agree, or lie between.
 */
export type UndecidedReason = 'off' | 'no-roster' | 'no-face' | 'few-looks' | 'contradictory' | QualityVerdict;

export interface ClaimOptions {
  limits: MatchLimits;
  /** Good looks that must agree; 2 or more. */
  looksNeeded: number;
  /** Looks older than this no longer count, ms. */
  keepMs: number;
}

/** Two looks lie within 5 s of a person's appearance at one look in two seconds; the README has what more would change. */
export const CLAIM_OPTIONS: ClaimOptions = { limits: MATCH_LIMITS, looksNeeded: 2, keepMs: 120_000 };

/** Good looks that are kept of one person. */
const KEPT = 6;

/** Adds a look and forgets old ones. */
export function withLook(looks: readonly FaceLook[], look: FaceLook, { keepMs }: ClaimOptions): FaceLook[] {
  return [...looks, look].filter(({ at }) => look.at - at <= keepMs).slice(-KEPT);
}

/**
 * Judges the looks at one followed person together, newest looks first in weight: only the newest `looksNeeded` good ones must
 * agree to decide, so that a wrong decision (two people changed places behind a table) is corrected by as many looks.
 * A look that is not good, or lies between the limits, decides nothing and takes nothing away.
 */
export function claimOf(looks: readonly FaceLook[], before: Claim | undefined, options: ClaimOptions): Claim {
  const good = looks.filter(({ quality }) => quality === 'good');
  const newest = good.slice(-options.looksNeeded);
  const agreed = newest.length >= options.looksNeeded ? agreement(newest, options.limits) : undefined;
  if (agreed) return agreed;
  if (before && before.type !== 'undecided' && !contradicts(good.at(-1), before, options.limits)) return before;
  return { type: 'undecided', reason: reasonOf(looks, good, options) };
}

function agreement(looks: readonly FaceLook[], limits: MatchLimits): Claim | undefined {
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value / values.length, 0);
  const [first] = looks;
  const same = looks.every(({ person }) => person === first!.person) && first!.person !== '';
  const evidence = looks.map((look) => look.evidence);
  // Each look must point the same way, and their mean must be sure: one excellent look does not carry a poor one.
  if (same && mean(evidence) >= limits.rostered && Math.min(...evidence) >= limits.stranger) {
    return { type: 'person', person: first!.person };
  }
  // Without a candidate there was nothing to be strange to.
  if (looks.some(({ person }) => person === '') || Math.max(...evidence) >= limits.stranger) return undefined;
  const otherSame = looks.every(({ other }) => other === first!.other) && first!.other !== '';
  if (otherSame && Math.min(...looks.map((look) => look.otherEvidence)) >= limits.rostered) {
    return { type: 'known', person: first!.other };
  }
  return { type: 'nobody' };
}

/** A good look that says something else than what was decided: the decision is open again. */
function contradicts(look: FaceLook | undefined, claim: Claim, limits: MatchLimits): boolean {
  if (!look) return false;
  if (claim.type === 'person') return look.person !== claim.person || look.evidence < limits.stranger;
  return look.evidence >= limits.stranger;
}

function reasonOf(looks: readonly FaceLook[], good: readonly FaceLook[], options: ClaimOptions): UndecidedReason {
  if (looks.length === 0) return 'no-face';
  if (good.length === 0) return looks.at(-1)!.quality;
  if (good.every(({ person }) => person === '')) return 'no-roster';
  return good.length < options.looksNeeded ? 'few-looks' : 'contradictory';
}
