import { onTestFinished } from 'vitest';
import { alertMessage, type SiteFacts } from '../../src/alerts/outbox/messages.js';
import { type OutboxOptions, type OutboxRun, runOutbox } from '../../src/alerts/outbox/runOutbox.js';
import { systemClock } from '../../src/core/clock.js';
import { subjectId } from '../../src/core/ids.js';
import { silentLogger } from '../../src/core/log.js';
import type { OutboxRow } from '../../src/core/sink.js';
import { wallMs } from '../../src/core/time.js';
import { alertStep } from './ledger.js';

/** A site with two windows and a room. */
export const facts: SiteFacts = {
  site: 'haishu',
  district: '海曙区',
  subjects: new Map([
    ['W01', { type: 'window', name: '01 综合窗口', department: '不动产登记' }],
    ['W02', { type: 'window', name: '02 综合窗口', department: '' }],
    ['R1', { type: 'room', name: '第一评标室', department: '' }],
  ]),
};

/** An outbox row of the n-th alert of a window, as the ledger would give it to a sink. */
export function alertRow(n: number, changes: Partial<OutboxRow> & { subject?: string } = {}): OutboxRow {
  const { subject = 'W01', ...rest } = changes;
  const message = alertMessage(facts, alertStep(n, { subject: subjectId(subject) }), n);
  return {
    id: n,
    sink: 'test',
    kind: 'alert',
    key: subject,
    payload: JSON.stringify(message),
    createdAt: wallMs(0),
    attempts: 0,
    ...rest,
  };
}

/** Waits of a few milliseconds on the real clock, for tests with real servers. */
export const QUICK = { stepsMs: [20, 50, 100], jitter: 0 };

/** Runs the outbox until the test ends. */
export function startOutbox(options: Pick<OutboxOptions, 'ledger' | 'sinks'> & Partial<OutboxOptions>): OutboxRun {
  const stop = new AbortController();
  const run = runOutbox({ clock: systemClock, log: silentLogger, signal: stop.signal, ladder: QUICK, ...options });
  onTestFinished(async () => {
    stop.abort();
    await run.done;
    for (const sink of options.sinks) await sink.close();
  });
  return run;
}
