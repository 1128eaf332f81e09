import { describe, expect, it } from 'vitest';
import { workflowActionSchema } from '../../../src/alerts/workflow/actions.js';
import { foldWorkflow } from '../../../src/alerts/workflow/applyStep.js';
import { allowedActions, stepWorkflow } from '../../../src/alerts/workflow/stepWorkflow.js';
import { WORKFLOW_ACTIONS, type WorkflowState } from '../../../src/alerts/workflow/workflow.js';
import { WORKFLOW_STATES } from '../../../src/core/loopWords.js';
import { act, by, FOUND_AT, found, INCIDENT, inState, PATHS, walk, wordOf } from './people.js';

/** One action of each name, by somebody who may do it where the state allows. */
const SAMPLE: Record<string, [string, object]> = {
  acknowledge: ['zhao', { action: 'acknowledge' }],
  verdict: ['zhao', { action: 'verdict', verdict: 'cannot-tell' }],
  assign: ['zhao', { action: 'assign', to: 'li' }],
  start: ['li', { action: 'start' }],
  answer: ['li', { action: 'answer', note: 'done' }],
  review: ['qian', { action: 'review', outcome: 'accept' }],
  close: ['qian', { action: 'close' }],
  reopen: ['qian', { action: 'reopen', note: 'again' }],
  correct: ['qian', { action: 'correct', verdict: 'cannot-tell', note: 'later' }],
  comment: ['qian', { action: 'comment', note: 'look' }],
  appeal: ['wang', { action: 'appeal', note: 'I was there' }],
  'appeal-decide': ['sun', { action: 'appeal-decide', outcome: 'upheld', note: 'no' }],
};

/** Where each action leads from each state; what is not listed is refused. */
const TABLE: Record<WorkflowState, Record<string, string>> = {
  found: { acknowledge: 'verifying', comment: 'found' },
  verifying: { verdict: 'verifying', assign: 'assigned', comment: 'verifying', appeal: 'verifying' },
  assigned: { assign: 'assigned', start: 'handling', comment: 'assigned', appeal: 'assigned' },
  handling: { assign: 'assigned', answer: 'answered', comment: 'handling', appeal: 'handling' },
  answered: { review: 'reviewed', comment: 'answered', appeal: 'answered' },
  reviewed: { close: 'closed', comment: 'reviewed', appeal: 'reviewed' },
  closed: { reopen: 'verifying', comment: 'closed', appeal: 'closed' },
  'false-alarm': { reopen: 'verifying', comment: 'false-alarm' },
};

describe('every action in every state', () => {
  const cases = WORKFLOW_STATES.flatMap((state) => WORKFLOW_ACTIONS.map((action) => ({ state, action })));
  it.each(cases)('$action in $state', ({ state, action }) => {
    const [actor, what] = SAMPLE[action]!;
    const outcome = stepWorkflow(inState(state), act(what), by(actor));
    const expected = TABLE[state][action];
    if (expected === undefined) expect(outcome.type).toBe('refused');
    else expect(wordOf(outcome)).toBe(expected);
    expect(allowedActions(inState(state), by(actor)).includes(action)).toBe(expected !== undefined);
  });
});

describe('a frozen month', () => {
  it.each<[WorkflowState, string, string]>([
    ['closed', 'reopen', 'refused: month-frozen'],
    ['false-alarm', 'reopen', 'refused: month-frozen'],
    ['closed', 'correct', 'closed'],
    ['false-alarm', 'correct', 'false-alarm'],
    ['handling', 'correct', 'refused: wrong-state'],
    ['closed', 'appeal', 'closed'],
  ])('%s: %s gives %s', (state, action, expected) => {
    const [actor, what] = SAMPLE[action]!;
    expect(wordOf(stepWorkflow(inState(state), act(what), by(actor, true)))).toBe(expected);
  });

  it('a month that is open is not corrected but reopened', () => {
    const [actor, what] = SAMPLE.correct!;
    expect(wordOf(stepWorkflow(inState('closed'), act(what), by(actor)))).toBe('refused: month-not-frozen');
  });

  it('a correction stands beside the verdict it replaces', () => {
    const { workflow, steps } = walk(
      [['qian', { action: 'correct', verdict: 'excused', reason: 'cover', note: 'AB岗' }]],
      inState('closed'),
      true,
    );
    expect(workflow.corrections).toEqual([{ at: FOUND_AT, by: 'qian', from: 'confirmed', to: 'excused', ordinal: 8 }]);
    expect(workflow.verdict).toEqual({ verdict: 'excused', reason: 'cover', by: 'qian' });
    expect(steps[0]!.data).toMatchObject({ correction: true });
  });

  it('a verdict that comes only after the month was frozen is a correction too', () => {
    const { workflow } = walk(
      [...PATHS.verifying.slice(0, 1), ['zhao', { action: 'verdict', verdict: 'confirmed' }]],
      found,
      true,
    );
    expect(workflow.corrections).toMatchObject([{ from: null, to: 'confirmed' }]);
  });
});

describe('who may do what', () => {
  it.each<[string, WorkflowState, string, object, string]>([
    [
      'the subject does not take up his own incident',
      'found',
      'wang',
      SAMPLE.acknowledge![1],
      'refused: actor-is-subject',
    ],
    ['the subject does not judge himself', 'verifying', 'wang', SAMPLE.verdict![1], 'refused: actor-is-subject'],
    [
      'the subject does not handle himself',
      'verifying',
      'zhao',
      { action: 'assign', to: 'wang' },
      'refused: handler-is-subject',
    ],
    ['nobody but the assigned begins', 'assigned', 'zhao', SAMPLE.start![1], 'refused: not-assignee'],
    ['nobody but the assigned answers', 'handling', 'zhao', SAMPLE.answer![1], 'refused: not-assignee'],
    ['the handler does not review his own answer', 'answered', 'li', SAMPLE.review![1], 'refused: reviewer-is-handler'],
    ['the subject does not review', 'answered', 'wang', SAMPLE.review![1], 'refused: actor-is-subject'],
    ['the subject does not close', 'reviewed', 'wang', SAMPLE.close![1], 'refused: actor-is-subject'],
    ['the subject does not reopen', 'closed', 'wang', SAMPLE.reopen![1], 'refused: actor-is-subject'],
    ['nobody appeals for another', 'closed', 'li', SAMPLE.appeal![1], 'refused: not-subject'],
    ['a false alarm leaves nothing to appeal', 'false-alarm', 'wang', SAMPLE.appeal![1], 'refused: nothing-to-appeal'],
    ['without a verdict there is nothing to appeal', 'found', 'wang', SAMPLE.appeal![1], 'refused: nothing-to-appeal'],
    [
      'an excuse needs its reason',
      'verifying',
      'zhao',
      { action: 'verdict', verdict: 'excused' },
      'refused: reason-needed',
    ],
    [
      'an excuse is one of the list',
      'verifying',
      'zhao',
      { action: 'verdict', verdict: 'excused', reason: 'tired' },
      'refused: unknown-reason',
    ],
    [
      'a false alarm needs its cause',
      'verifying',
      'zhao',
      { action: 'verdict', verdict: 'false-alarm' },
      'refused: reason-needed',
    ],
    [
      'a false alarm ends the loop',
      'verifying',
      'zhao',
      { action: 'verdict', verdict: 'false-alarm', reason: 'zone' },
      'false-alarm',
    ],
    [
      'what is confirmed is not closed without being handled',
      'verifying',
      'zhao',
      SAMPLE.close![1],
      'refused: wrong-state',
    ],
    ['an answer that is not enough goes back', 'answered', 'qian', { action: 'review', outcome: 'return' }, 'handling'],
  ])('%s', (_, state, actor, action, expected) => {
    expect(wordOf(stepWorkflow(inState(state), act(action), by(actor)))).toBe(expected);
  });

  it('what is excused or cannot be told may be closed without handling', () => {
    const excused = walk([
      ...PATHS.found,
      ['zhao', { action: 'acknowledge' }],
      ['zhao', { action: 'verdict', verdict: 'excused', reason: 'leave' }],
    ]);
    expect(wordOf(stepWorkflow(excused.workflow, act({ action: 'close' }), by('zhao')))).toBe('closed');
  });

  it('nothing is assigned or closed before a verdict', () => {
    const taken = walk([['zhao', { action: 'acknowledge' }]]).workflow;
    expect(wordOf(stepWorkflow(taken, act({ action: 'assign', to: 'li' }), by('zhao')))).toBe(
      'refused: verdict-needed',
    );
    expect(wordOf(stepWorkflow(taken, act({ action: 'close' }), by('zhao')))).toBe('refused: verdict-needed');
  });

  it('reopening begins anew: no verdict, no handler, but who judged before is remembered', () => {
    const { workflow } = walk([['qian', { action: 'reopen', note: '新证据' }]], inState('closed'));
    expect(workflow).toMatchObject({ state: 'verifying', verdict: null, assignee: null, reviewer: null, appeal: null });
    expect(workflow.judges).toEqual(['zhao', 'qian']);
  });
});

describe('appeal', () => {
  const appealed = () => walk([['wang', { action: 'appeal', note: '当时在后台' }]], inState('closed')).workflow;
  const decide = (outcome: string, more: object = {}) => ({
    action: 'appeal-decide',
    outcome,
    note: '已复查',
    ...more,
  });

  it.each<[string, string, object, string]>([
    ['upheld', 'sun', decide('upheld'), 'closed'],
    ['overturned', 'sun', decide('overturned'), 'false-alarm'],
    ['corrected', 'sun', decide('corrected', { verdict: 'excused', reason: 'back-office' }), 'closed'],
    ['corrected needs the verdict instead', 'sun', decide('corrected'), 'refused: verdict-needed'],
    [
      'corrected to the same is no correction',
      'sun',
      decide('corrected', { verdict: 'confirmed' }),
      'refused: same-verdict',
    ],
    [
      'corrected to an excuse needs its reason',
      'sun',
      decide('corrected', { verdict: 'excused' }),
      'refused: reason-needed',
    ],
    ['not by who gave the verdict', 'zhao', decide('upheld'), 'refused: first-reviewer'],
    ['not by who reviewed the answer', 'qian', decide('upheld'), 'refused: first-reviewer'],
    ['not by the subject', 'wang', decide('overturned'), 'refused: actor-is-subject'],
    ['no second appeal meanwhile', 'wang', { action: 'appeal', note: 'again' }, 'refused: appeal-open'],
    ['no reopening meanwhile', 'qian', SAMPLE.reopen![1], 'refused: appeal-open'],
  ])('%s', (_, actor, action, expected) => {
    expect(wordOf(stepWorkflow(appealed(), act(action), by(actor)))).toBe(expected);
  });

  it('is decided once', () => {
    const { workflow } = walk([['sun', decide('upheld')]], appealed());
    expect(workflow.appeal).toMatchObject({ state: 'upheld', by: 'wang', decidedBy: 'sun' });
    expect(wordOf(stepWorkflow(workflow, act({ action: 'appeal', note: 'again' }), by('wang')))).toBe(
      'refused: already-appealed',
    );
    expect(wordOf(stepWorkflow(workflow, act(decide('overturned')), by('chen')))).toBe('refused: no-appeal');
  });

  it('overturned puts a false alarm in force, and in a frozen month a correction', () => {
    const open = walk([['sun', decide('overturned')]], appealed()).workflow;
    expect(open.verdict).toEqual({ verdict: 'false-alarm', reason: 'appeal', by: 'sun' });
    expect(open.corrections).toEqual([]);
    const frozen = walk([['sun', decide('overturned')]], appealed(), true).workflow;
    expect(frozen).toMatchObject({
      state: 'closed',
      corrections: [{ from: 'confirmed', to: 'false-alarm', by: 'sun' }],
    });
  });

  it('stops no handling, but nothing is closed while it is open', () => {
    const { workflow } = walk([['wang', SAMPLE.appeal![1]]], inState('reviewed'));
    expect(wordOf(stepWorkflow(workflow, act({ action: 'close' }), by('qian')))).toBe('refused: appeal-open');
    const handling = walk(
      [
        ['wang', SAMPLE.appeal![1]],
        ['li', SAMPLE.answer![1]],
      ],
      inState('handling'),
    ).workflow;
    expect(handling).toMatchObject({ state: 'answered', appeal: { state: 'open' } });
  });
});

describe('a step', () => {
  it('says who, when, from where to where, with note and evidence', () => {
    const evidence = ['a'.repeat(64)];
    const { steps } = walk([['zhao', { action: 'acknowledge', note: '去看看', evidence }]]);
    expect(steps).toEqual([
      {
        ...{ incident: INCIDENT, ordinal: 1, actor: 'zhao', at: FOUND_AT, action: 'acknowledge' },
        ...{ from: 'found', to: 'verifying', note: '去看看', data: { evidence } },
      },
    ]);
  });

  it('a workflow is nothing but the sum of its steps', () => {
    for (const state of WORKFLOW_STATES) {
      const { workflow, steps } = walk(PATHS[state]);
      expect(foldWorkflow(INCIDENT, FOUND_AT, JSON.parse(JSON.stringify(steps)))).toEqual(workflow);
    }
  });

  it('a missing or senseless step is told, not skipped', () => {
    const { steps } = walk(PATHS.closed);
    expect(() => foldWorkflow(INCIDENT, FOUND_AT, steps.slice(1))).toThrow(/cannot follow step 0/);
    expect(() => foldWorkflow(INCIDENT, FOUND_AT, [{ ...steps[0]!, to: 'nowhere' }])).toThrow(/cannot follow/);
    expect(() => foldWorkflow(INCIDENT, FOUND_AT, [{ ...steps[0]!, data: { verdict: 'guilty' } }])).toThrow(
      /cannot follow/,
    );
  });
});

describe('what comes from the API', () => {
  it.each<[string, unknown]>([
    ['an unknown action', { action: 'delete' }],
    ['an unknown key', { action: 'close', force: true }],
    ['an answer without a note', { action: 'answer', note: '  ' }],
    ['a note without end', { action: 'comment', note: 'x'.repeat(2001) }],
    ['evidence that is no hash', { action: 'close', evidence: ['../../etc/passwd'] }],
    ['a verdict of its own', { action: 'verdict', verdict: 'guilty' }],
    ['an escalation', { action: 'escalate' }],
  ])('%s is refused', (_, body) => {
    expect(workflowActionSchema.safeParse(body).success).toBe(false);
  });
});
