import type { AnswerOf } from '../../../src/board/api/contract.js';
import type { TextKey } from '../locales/all.js';

type Brief = AnswerOf<'getIncident'>['incident']['workflow'];
export type WorkflowState = Brief['state'];
export type Verdict = NonNullable<Brief['verdict']>;
export type AppealState = NonNullable<Brief['appeal']>;

/** Where the loop of finding and handling stands. */
export const workflowText: Record<WorkflowState, TextKey> = {
  found: 'alerts.stateFound',
  verifying: 'alerts.stateVerifying',
  assigned: 'alerts.stateAssigned',
  handling: 'alerts.stateHandling',
  answered: 'alerts.stateAnswered',
  reviewed: 'alerts.stateReviewed',
  closed: 'alerts.stateClosed',
  'false-alarm': 'alerts.stateFalseAlarm',
};

export const verdictText: Record<Verdict, TextKey> = {
  confirmed: 'alerts.verdictConfirmed',
  excused: 'alerts.verdictExcused',
  'false-alarm': 'alerts.verdictFalseAlarm',
  'cannot-tell': 'alerts.verdictCannotTell',
};

export const appealText: Record<AppealState, TextKey> = {
  open: 'alerts.appealOpen',
  upheld: 'alerts.appealUpheld',
  overturned: 'alerts.appealOverturned',
  corrected: 'alerts.appealCorrected',
};

/** What a person may do; the keys are the contract's own. */
export const actionText: Record<string, TextKey> = {
  acknowledge: 'alerts.actAcknowledge',
  verdict: 'alerts.actVerdict',
  assign: 'alerts.actAssign',
  start: 'alerts.actStart',
  answer: 'alerts.actAnswer',
  review: 'alerts.actReview',
  close: 'alerts.actClose',
  reopen: 'alerts.actReopen',
  correct: 'alerts.actCorrect',
  comment: 'alerts.actComment',
  appeal: 'alerts.actAppeal',
  'appeal-decide': 'alerts.actAppealDecide',
  escalate: 'alerts.actDeadline',
};
