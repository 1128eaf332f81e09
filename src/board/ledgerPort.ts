import type { Ledger } from '../alerts/ledger/openLedger.js';

/** The accounts part of the ledger. */
export type AccountsLedger = Pick<Ledger, 'users' | 'sessions' | 'tokens' | 'audit' | 'viewings' | 'settings'>;

/** The part of the ledger about alerts and the hall. */
export type AlertsLedger = Pick<
  Ledger,
  | 'stepsAfter'
  | 'stepsOf'
  | 'lastSeq'
  | 'openIncidents'
  | 'incidents'
  | 'ruleVersions'
  | 'observations'
  | 'snapshots'
  | 'leaves'
  | 'workflowSteps'
  | 'outbox'
  | 'transcripts'
  | 'transcriptNotes'
  | 'soundClips'
  | 'wordLists'
  | 'courtesy'
  | 'evaluations'
  | 'evaluationEntries'
  | 'signIns'
  | 'serviceSessions'
  | 'patrolVisits'
  | 'holds'
  | 'clips'
>;

/** Everything the board asks of the ledger; it never commits an alert step. */
export type BoardLedger = AccountsLedger & AlertsLedger & Pick<Ledger, 'diskFull'>;
