import { describe, expect, it } from 'vitest';
import { chainStep, chainSteps, verifyChain } from '../../../src/alerts/workflow/chain.js';
import { deadlineOf, dueEscalations, escalate } from '../../../src/alerts/workflow/deadlines.js';
import { stepWorkflow } from '../../../src/alerts/workflow/stepWorkflow.js';
import type { Workflow, WorkflowState } from '../../../src/alerts/workflow/workflow.js';
import { parseDuration } from '../../../src/core/duration.js';
import { wallMs } from '../../../src/core/time.js';
import { act, by, FOUND_AT, found, inState, PATHS, walk } from './people.js';

const past = (text: string) => wallMs(FOUND_AT + parseDuration(text));
const due = (workflow: Workflow, text: string): string[] =>
  dueEscalations(workflow, past(text)).map(({ track, level }) => `${track} ${level}`);

describe('deadlines', () => {
  it.each<[WorkflowState, string | undefined]>([
    ['found', '10m'],
    ['verifying', '30m'],
    ['assigned', '1d'],
    ['handling', '1d'],
    ['answered', '3d'],
    ['reviewed', '3d'],
    ['closed', undefined],
    ['false-alarm', undefined],
  ])('%s may last %s', (state, length) => {
    expect(deadlineOf(inState(state))).toBe(length === undefined ? undefined : past(length));
  });

  it('the deadline of an appeal runs beside, the earlier one counts', () => {
    const closed = walk([['wang', { action: 'appeal', note: 'no' }]], inState('closed')).workflow;
    expect(deadlineOf(closed)).toBe(past('3d'));
    const handling = walk([['wang', { action: 'appeal', note: 'no' }]], inState('handling')).workflow;
    expect(deadlineOf(handling)).toBe(past('1d'));
    expect(due(handling, '3d')).toEqual(['state 1', 'state 2', 'state 3', 'appeal 1']);
  });

  it('counts from the moment the state was entered, and a comment is no excuse', () => {
    const taken = stepWorkflow(found, act({ action: 'acknowledge' }), by('zhao', false, past('5m')));
    if (taken.type !== 'step') throw new Error('refused');
    const noted = stepWorkflow(
      taken.workflow,
      act({ action: 'comment', note: 'soon' }),
      by('zhao', false, past('20m')),
    );
    expect(noted.type === 'step' && deadlineOf(noted.workflow)).toBe(past('35m'));
  });

  it('a new handler has the whole time', () => {
    const again = stepWorkflow(
      inState('assigned'),
      act({ action: 'assign', to: 'zhou' }),
      by('zhao', false, past('20h')),
    );
    expect(again.type === 'step' && deadlineOf(again.workflow)).toBe(past('1d20h'));
  });
});

describe('escalation', () => {
  it.each<[string, string[]]>([
    ['9m59s', []],
    ['10m', ['state 1']],
    ['20m', ['state 1', 'state 2']],
    ['10h', ['state 1', 'state 2', 'state 3']],
  ])('after %s nobody took it up: %j', (elapsed, expected) => {
    expect(due(found, elapsed)).toEqual(expected);
  });

  it('is told once a level, by a step of the system, and begins anew with the next state', () => {
    const [first] = dueEscalations(found, past('12m'));
    const { workflow, step } = escalate(found, first!, past('12m'));
    expect(step).toMatchObject({ actor: 'system', action: 'escalate', from: 'found', to: 'found', at: past('12m') });
    expect(step.data).toEqual({ track: 'state', level: 1, dueAt: past('10m') });
    expect(workflow.escalation).toBe(1);
    expect(due(workflow, '19m')).toEqual([]);
    expect(due(workflow, '20m')).toEqual(['state 2']);
    const taken = stepWorkflow(workflow, act({ action: 'acknowledge' }), by('zhao', false, past('15m')));
    expect(taken.type === 'step' && taken.workflow.escalation).toBe(0);
  });

  it('an appeal that nobody decides escalates by itself', () => {
    const appealed = walk([['wang', { action: 'appeal', note: 'no' }]], inState('closed')).workflow;
    const [first] = dueEscalations(appealed, past('3d'));
    expect(first).toEqual({ track: 'appeal', state: 'closed', level: 1, dueAt: past('3d') });
    expect(escalate(appealed, first!, past('3d')).workflow).toMatchObject({ appealEscalation: 1, escalation: 0 });
  });
});

describe('the chain of an incident', () => {
  const chain = () => chainSteps(walk(PATHS.closed).steps);

  it('is whole as it was written, and after a way through JSON', () => {
    const whole = chain();
    expect(verifyChain(JSON.parse(JSON.stringify(whole)))).toEqual({ ok: true, head: whole.at(-1)!.hash });
    expect(verifyChain([])).toMatchObject({ ok: true });
  });

  it('shows a step that was altered, removed, or written anew', () => {
    const altered = chain().map((step) => (step.ordinal === 2 ? { ...step, actor: 'qian' } : step));
    expect(verifyChain(altered)).toEqual({ ok: false, ordinal: 2, reason: 'altered' });
    expect(verifyChain(chain().filter((step) => step.ordinal !== 3))).toEqual({
      ok: false,
      ordinal: 3,
      reason: 'missing',
    });
    const [first, second, ...rest] = chain();
    const { previousHash, hash: _, ...plain } = second!;
    const rewritten = chainStep(previousHash, { ...plain, note: 'nothing happened' });
    expect(verifyChain([first!, rewritten, ...rest])).toEqual({ ok: false, ordinal: 3, reason: 'not-linked' });
  });

  it('the order of keys changes nothing', () => {
    const [step] = walk(PATHS.verifying).steps;
    const turned = Object.fromEntries(Object.entries(step!).reverse()) as typeof step;
    expect(chainStep('0', turned!).hash).toBe(chainStep('0', step!).hash);
  });
});
