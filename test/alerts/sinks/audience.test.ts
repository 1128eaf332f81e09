import { describe, expect, it } from 'vitest';
import type { AlertSink } from '../../../src/alerts/outbox/alertSink.js';
import { type AlertMessage, alertMessage } from '../../../src/alerts/outbox/messages.js';
import { type Audience, withAudience } from '../../../src/alerts/sinks/audience.js';
import { subjectId } from '../../../src/core/ids.js';
import type { AlertStep } from '../../../src/core/incident.js';
import type { OutboxRow } from '../../../src/core/sink.js';
import { fakeClock } from '../../support/fakeClock.js';
import { alertStep } from '../../support/ledger.js';
import { alertRow, facts } from '../../support/outbox.js';

const never = new AbortController().signal;
/** 2026-10-08 at a time of day in Shanghai. */
const at = (hour: number, minute = 0) => fakeClock(Date.UTC(2026, 9, 8, hour - 8, minute, 0));

function reader(changes: Partial<Audience> = {}) {
  const told: number[] = [];
  const inner: AlertSink = {
    ...{ name: 'inner', wants: ['alert', 'camera'], batchSize: 100, lingerMs: 0 },
    async deliver(batch) {
      told.push(...batch.map((row) => row.id));
      return { accepted: batch.map((row) => row.id), rejected: [], retry: [] };
    },
    async close() {},
  };
  const sink = withAudience(inner, {
    ...{ roles: ['hall-supervisor'], priorities: ['normal', 'high'], steps: ['open', 'escalated', 'ended'] },
    ...{ quietHours: [], urgentAlways: true, timeZone: 'Asia/Shanghai', clock: at(10), suppressed: () => false },
    ...{ deadlines: true, overtaken: () => false },
    ...changes,
  });
  return { told, sink };
}

const row = (id: number, changes: Partial<AlertStep> = {}): OutboxRow =>
  alertRow(id, { payload: JSON.stringify(alertMessage(facts, alertStep(id, changes), id)) });
const atRoom = { subject: subjectId('R1') };
const camera = alertRow(9, { kind: 'camera', payload: '{"camera":"cam-1","state":"offline","findings":["offline"]}' });

describe('who is told what', () => {
  const all = [
    row(1),
    row(2, { rule: 'desk' }),
    row(3, { rule: 'sealedRoom', ...atRoom }),
    row(4, { rule: 'speech', ...atRoom }),
    camera,
  ];
  it.each<[string, Partial<Audience>, number[]]>([
    ['a hall supervisor: windows', { roles: ['hall-supervisor'] }, [1, 2]],
    ['a bid supervisor: rooms and words', { roles: ['bid-supervisor'] }, [3, 4]],
    ['a manager: both, but no word', { roles: ['manager'] }, [1, 2, 3]],
    ['an administrator: cameras', { roles: ['admin'] }, [9]],
    ['two roles: what concerns either', { roles: ['hall-supervisor', 'admin'] }, [1, 2, 9]],
  ])('%s', async (_, changes, expected) => {
    const { told, sink } = reader(changes);
    const delivered = await sink.deliver(all, never);
    expect(told).toEqual(expected);
    expect([...delivered.accepted].sort()).toEqual([1, 2, 3, 4, 9]);
    expect(delivered.retry).toEqual([]);
  });

  it('only the steps and priorities that were asked for', async () => {
    const { told, sink } = reader({ priorities: ['high'], steps: ['open'] });
    await sink.deliver([row(1), row(2, { priority: 'high' }), row(3, { priority: 'high', step: 'ended' })], never);
    expect(told).toEqual([2]);
  });

  it('nothing that a supervisor has suppressed', async () => {
    const suppressed = (message: AlertMessage): boolean => message.subject === 'W01' && message.rule === 'desk';
    const { told, sink } = reader({ suppressed });
    const delivered = await sink.deliver([row(1), row(2, { rule: 'desk' })], never);
    expect([told, [...delivered.accepted].sort()]).toEqual([[1], [1, 2]]);
  });
});

describe('quiet hours', () => {
  const night = [
    { from: '18:00', to: '24:00' },
    { from: '00:00', to: '08:00' },
  ];
  it.each([
    ['17:59', at(17, 59), [1]],
    ['18:00', at(18), []],
    ['23:59', at(23, 59), []],
    ['00:00', at(24), []],
    ['07:59', at(7, 59), []],
    ['08:00', at(8), [1]],
  ])('at %s', async (_, clock, expected) => {
    const { told, sink } = reader({ quietHours: night, clock });
    const delivered = await sink.deliver([row(1)], never);
    expect(told).toEqual(expected);
    expect(delivered.retry).toEqual(expected.length > 0 ? [] : [1]);
  });

  it('hold a normal alert back until they are over, and let an urgent one through', async () => {
    const clock = at(23);
    const { told, sink } = reader({ quietHours: night, clock });
    const batch = [row(1), row(2, { priority: 'high' })];
    expect(await sink.deliver(batch, never)).toEqual({ accepted: [2], rejected: [], retry: [1] });
    await clock.advance(9 * 3_600_000);
    expect(await sink.deliver([batch[0]!], never)).toMatchObject({ accepted: [1], retry: [] });
    expect(told).toEqual([2, 1]);
  });

  it('hold an urgent one back too where the hall says so', async () => {
    const { told, sink } = reader({ quietHours: night, clock: at(23), urgentAlways: false });
    expect(await sink.deliver([row(1, { priority: 'high' })], never)).toMatchObject({ retry: [1] });
    expect(told).toEqual([]);
  });
});
