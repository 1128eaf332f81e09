import { describe, expect, it } from 'vitest';
import { verifyChain } from '../../../src/alerts/ledger/hashChain.js';
import type { IncidentId } from '../../../src/core/ids.js';
import { alertStep, testLedger } from '../../support/ledger.js';

const { id } = alertStep(1);
const step = (ordinal: number, from: string, to: string) => ({
  incident: id,
  ordinal,
  actor: 'u1',
  action: 'verify',
  from,
  to,
});

function setup() {
  const ledger = testLedger();
  ledger.commitStep(alertStep(1), []);
  return ledger;
}

describe('workflow steps', () => {
  it('move the incident and are kept in order with their data', () => {
    const ledger = setup();
    const row = { sink: 'webhook-desk', kind: 'alert', key: 'W01', payload: '{}' };
    const first = ledger.workflowSteps.append(
      { ...step(1, 'found', 'verifying'), note: '在看', data: { verdict: 'confirmed' } },
      [row],
    );
    expect(first).toMatchObject({
      outcome: 'committed',
      step: { seq: 1, note: '在看', data: { verdict: 'confirmed' } },
    });
    ledger.workflowSteps.append(step(2, 'verifying', 'assigned'));
    expect(ledger.incidents.get(id)?.workflow).toBe('assigned');
    expect(ledger.workflowSteps.of(id).map(({ to }) => to)).toEqual(['verifying', 'assigned']);
    expect(ledger.workflowSteps.after(1, 10)).toHaveLength(1);
    expect(ledger.outbox.depth('webhook-desk').depth).toBe(1);
    expect(ledger.incidents.list({ workflow: ['assigned'] }, { limit: 5 }).items).toHaveLength(1);
  });

  it('tell the second of two who acted at once that somebody was faster', () => {
    const ledger = setup();
    ledger.workflowSteps.append(step(1, 'found', 'verifying'));
    expect(ledger.workflowSteps.append(step(1, 'found', 'closed'))).toEqual({ outcome: 'conflict' });
    expect(ledger.workflowSteps.append(step(3, 'found', 'closed'))).toEqual({ outcome: 'conflict' });
    expect(ledger.incidents.get(id)?.workflow).toBe('verifying');
  });

  it('are refused for an incident nobody knows', () => {
    const ledger = setup();
    const stray = { ...step(1, 'found', 'closed'), incident: 'absence-0' as IncidentId };
    expect(() => ledger.workflowSteps.append(stray)).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(ledger.workflowSteps.verify()).toMatchObject({ ok: true, length: 0 });
  });

  it('keep a later alert step from undoing what people did', () => {
    const ledger = setup();
    ledger.workflowSteps.append(step(1, 'found', 'verifying'));
    ledger.commitStep(alertStep(1, { step: 'escalated', ordinal: 2, tier: 1 }), []);
    expect(ledger.incidents.get(id)).toMatchObject({ workflow: 'verifying', state: 'escalated', tier: 1 });
  });
});

describe('hash chain', () => {
  const rows = () => {
    const ledger = setup();
    for (let i = 1; i <= 4; i++) ledger.workflowSteps.append(step(i, `s${i - 1}`, `s${i}`));
    return ledger.workflowSteps.of(id).map(({ at, note, previousHash, hash, ...rest }) => {
      const { data: _data, ...plain } = rest;
      return { ...plain, at: Number(at), note, data: null, previous_hash: previousHash, hash };
    });
  };

  it.each([
    ['nothing was done', (chain: ReturnType<typeof rows>) => chain, { ok: true, length: 4 }],
    [
      'a row was changed',
      (chain) => chain.map((row) => (row.seq === 2 ? { ...row, to: 'closed' } : row)),
      { ok: false, seq: 2 },
    ],
    ['a row was removed', (chain) => chain.filter((row) => row.seq !== 2), { ok: false, seq: 2 }],
    ['the first row was removed', (chain) => chain.slice(1), { ok: false, seq: 1 }],
    [
      'a row was removed and the rest renumbered',
      (chain) => chain.filter((row) => row.seq !== 2).map((row, i) => ({ ...row, seq: i + 1 })),
      { ok: false, seq: 2 },
    ],
    ['two rows changed places', (chain) => [chain[1]!, chain[0]!, chain[2]!, chain[3]!], { ok: false, seq: 1 }],
  ] as Array<[string, (chain: ReturnType<typeof rows>) => ReturnType<typeof rows>, object]>)(
    'says so when %s',
    (_, change, expected) => {
      expect(verifyChain(change(rows()))).toMatchObject(expected);
    },
  );
});
