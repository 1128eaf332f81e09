import { describe, expect, it } from 'vitest';
import type { WorkflowRefusal } from '../../../src/alerts/workflow/guards.js';
import { EXCUSE_REASONS, FALSE_ALARM_CAUSES, WORKFLOW_ACTIONS } from '../../../src/alerts/workflow/workflow.js';
import type { ExpectationReason } from '../../../src/core/calendar/dayPlan.js';
import type { CalendarWarning } from '../../../src/core/calendar/holidays.js';
import { calendarMessages } from '../../../src/core/i18n/messages/calendar.js';
import { workflowMessages } from '../../../src/core/i18n/messages/workflow.js';
import { APPEAL_STATES, VERDICTS, WORKFLOW_STATES } from '../../../src/core/loopWords.js';
import type { EndReason } from '../../../src/core/rule.js';

/** The compiler refuses these tables where a code is added without a text, or a text without a code. */
type KeysUnder<M, P extends string> = { [K in keyof M]: K extends `${P}.${infer Code}` ? Code : never }[keyof M];
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
const refusals: Same<WorkflowRefusal, KeysUnder<typeof workflowMessages, 'workflow.refusal'>> = true;
const expectations: Same<ExpectationReason, KeysUnder<typeof calendarMessages, 'expected'>> = true;
const warnings: Same<CalendarWarning['code'], KeysUnder<typeof calendarMessages, 'calendar'>> = true;
const ends: Same<EndReason, KeysUnder<typeof calendarMessages, 'end'>> = true;

describe('texts of the loop and the calendar', () => {
  it('every code has one', () => {
    const codes = [
      ...WORKFLOW_STATES.map((code) => `workflow.state.${code}`),
      ...VERDICTS.map((code) => `workflow.verdict.${code}`),
      ...EXCUSE_REASONS.map((code) => `workflow.excuse.${code}`),
      ...FALSE_ALARM_CAUSES.map((code) => `workflow.cause.${code}`),
      ...APPEAL_STATES.map((code) => `workflow.appeal.${code}`),
      ...[...WORKFLOW_ACTIONS, 'escalate'].map((code) => `workflow.action.${code}`),
    ];
    const known = Object.keys(workflowMessages).filter((key) => !key.startsWith('workflow.refusal.'));
    expect(known.sort()).toEqual(codes.sort());
    expect([refusals, expectations, warnings, ends]).toEqual([true, true, true, true]);
  });

  it('in both languages, and none is empty', () => {
    for (const { zh, en } of Object.values({ ...workflowMessages, ...calendarMessages })) {
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).not.toMatch(/\p{Script=Han}|^$/u);
    }
  });
});
