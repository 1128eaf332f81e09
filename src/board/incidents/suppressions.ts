import type { IncidentRecord } from '../../alerts/ledger/incidents.js';
import {
  isSuppressed,
  SUPPRESSIONS_KEY,
  type SuppressionDecision,
  suppressionDecision,
} from '../../alerts/workflow/suppression.js';
import { sha256 } from '../../core/hash.js';
import { type EventMs, eventMs } from '../../core/time.js';
import { type ListSetting, listSetting } from '../duty/listSetting.js';
import type { AccountsLedger } from '../ledgerPort.js';
import type { IncidentIndex } from './incidentIndex.js';

/** A place where the same false alarm keeps coming, and what a supervisor said of it. */
export interface Suppression extends Omit<SuppressionDecision, 'accepted' | 'by' | 'at' | 'note'> {
  state: 'proposed' | 'accepted' | 'rejected' | 'expired';
  decidedBy: string | null;
}

export interface Suppressions {
  list(now: EventMs): Suppression[];
  /** Whether an incident that began then falls into an accepted span: it is kept and shown, and rings no bell. */
  covers(incident: Pick<IncidentRecord, 'rule' | 'subject' | 'start'>): boolean;
  /** False where the proposal is not there, or decided already. */
  decide(
    id: string,
    decision: { accept: boolean; until: number | undefined; by: string; note: string; now: EventMs },
  ): boolean;
}

/** So many false alarms of one cause at one place within the span make a proposal. */
export const PROPOSE_AFTER = 3;
export const PROPOSE_WITHIN_MS = 14 * 86_400_000;
/** An accepted suppression always ends: by itself after two weeks, at most after ninety days. */
export const SUPPRESS_FOR_MS = 14 * 86_400_000;
export const LONGEST_SUPPRESSION_MS = 90 * 86_400_000;

const KEPT = 500;

/** Proposals are worked out from verdicts; only decisions are stored. */
export function openSuppressions(ledger: Pick<AccountsLedger, 'settings'>, index: IncidentIndex): Suppressions {
  const decisions = listSetting(ledger, SUPPRESSIONS_KEY, suppressionDecision);
  const proposals = (now: EventMs): Suppression[] => proposalsOf(index, decisions, now);
  return {
    list: (now) => [
      ...proposals(now),
      ...decisions
        .all()
        .map((item) => viewOf(item, now))
        .reverse(),
    ],
    covers: (incident) => isSuppressed(decisions.all(), incident),
    decide(id, { accept, until, by, note, now }) {
      const proposal = proposals(now).find((item) => item.id === id);
      if (!proposal) return false;
      const { rule, subject, cause, falseAlarms, proposedAt } = proposal;
      const end = Math.min(until ?? now + SUPPRESS_FOR_MS, now + LONGEST_SUPPRESSION_MS);
      const entry = { id, rule, subject, cause, falseAlarms, proposedAt };
      const decision = { ...entry, accepted: accept, until: accept ? end : null, by, at: now, note };
      decisions.save([...decisions.all(), decision].slice(-KEPT));
      return true;
    },
  };
}

function viewOf({ accepted, by, at: _at, note: _note, ...facts }: SuppressionDecision, now: EventMs): Suppression {
  const over = facts.until !== null && now >= facts.until;
  return { ...facts, state: accepted ? (over ? 'expired' : 'accepted') : 'rejected', decidedBy: by };
}

function proposalsOf(index: IncidentIndex, decisions: ListSetting<SuppressionDecision>, now: EventMs): Suppression[] {
  const lastDecided = new Map(decisions.all().map((item) => [placeOf(item), item]));
  const groups = new Map<string, { rule: string; subject: string; cause: string; at: number[] }>();
  for (const { id, rule, subject, start } of index.within(eventMs(now - PROPOSE_WITHIN_MS), undefined)) {
    const { verdict } = index.loopOf(id);
    if (verdict?.verdict !== 'false-alarm') continue;
    const place = { rule, subject, cause: verdict.reason };
    const before = lastDecided.get(placeOf(place));
    // What was decided, and what fell into an accepted span, needs new evidence to be proposed again.
    if (before && start < (before.until ?? before.at)) continue;
    const group = groups.get(placeOf(place)) ?? { ...place, at: [] };
    group.at.push(start);
    groups.set(placeOf(place), group);
  }
  return [...groups.values()]
    .filter(({ at }) => at.length >= PROPOSE_AFTER)
    .map(({ at, ...place }) => ({
      ...place,
      id: `sup-${sha256(`${placeOf(place)}\n${Math.min(...at)}`).slice(0, 16)}`,
      falseAlarms: at.length,
      proposedAt: Math.max(...at),
      until: null,
      state: 'proposed',
      decidedBy: null,
    }));
}

const placeOf = ({ rule, subject, cause }: { rule: string; subject: string; cause: string }): string =>
  `${rule}\n${subject}\n${cause}`;
