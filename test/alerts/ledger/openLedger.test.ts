import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../src/alerts/ledger/database.js';
import { pageQuery } from '../../../src/alerts/ledger/incidentQuery.js';
import { migrate } from '../../../src/alerts/ledger/migrations.js';
import { cameraId, subjectId } from '../../../src/core/ids.js';
import { eventMs, wallMs } from '../../../src/core/time.js';
import { fakeClock } from '../../support/fakeClock.js';
import { alertStep, endStep, temporaryFolder, testLedger } from '../../support/ledger.js';

const row = (payload: string) => ({ sink: 'mqtt', kind: 'alert', key: 'W01', payload });

describe('committing steps', () => {
  it('writes incident, step and outbox rows together and counts steps without gaps', () => {
    const ledger = testLedger();
    expect(ledger.lastSeq()).toBe(0);
    expect(ledger.commitStep(alertStep(1), [row('a')])).toEqual({ outcome: 'committed', seq: 1 });
    expect(ledger.commitStep(endStep(1), (seq) => [row(`seq ${seq}`)])).toEqual({ outcome: 'committed', seq: 2 });
    expect(ledger.incidents.get(alertStep(1).id)).toMatchObject({
      state: 'ended',
      start: alertStep(1).start,
      end: endStep(1).end,
      endReason: 'returned',
      seen: { observedMs: 1_200_000, unknownMs: 0 },
      camera: 'cam-1',
      workflow: 'found',
      ordinal: 2,
      lastSeq: 2,
    });
    expect(ledger.outbox.due('mqtt', 10, wallMs(0)).map(({ payload }) => payload)).toEqual(['a', 'seq 2']);
    expect(ledger.stepsAfter(0, 10).map(({ seq, step }) => [seq, step])).toEqual([
      [1, alertStep(1)],
      [2, endStep(1)],
    ]);
    expect(ledger.stepsAfter(1, 10)).toHaveLength(1);
    expect(ledger.stepsOf(alertStep(1).id)).toHaveLength(2);
  });

  it('refuses a step it has, without any effect', () => {
    const ledger = testLedger();
    ledger.commitStep(alertStep(1), [row('a')]);
    expect(ledger.commitStep(alertStep(1, { priority: 'high' }), [row('b')])).toEqual({ outcome: 'duplicate', seq: 1 });
    expect(ledger.incidents.get(alertStep(1).id)).toMatchObject({ priority: 'normal' });
    expect(ledger.outbox.depth('mqtt').depth).toBe(1);
    expect(ledger.commitStep(alertStep(2), [])).toEqual({ outcome: 'committed', seq: 2 });
  });

  it('rolls everything back, and leaves no gap, when making the rows fails', () => {
    const ledger = testLedger();
    const fail = (): never => {
      throw new Error('no rows');
    };
    expect(() => ledger.commitStep(alertStep(1), fail)).toThrow();
    expect([ledger.lastSeq(), ledger.incidents.count({}), ledger.stepsAfter(0, 1)]).toEqual([0, 0, []]);
    expect(ledger.commitStep(alertStep(2), [])).toEqual({ outcome: 'committed', seq: 1 });
  });

  it('does not let a step that comes late undo a later one', () => {
    const ledger = testLedger();
    ledger.commitStep(endStep(1), []);
    ledger.commitStep(alertStep(1), []);
    expect(ledger.incidents.get(alertStep(1).id)).toMatchObject({ state: 'ended', ordinal: 2 });
  });

  it('keeps the parameters an incident was found with, whatever the rule becomes', () => {
    const ledger = testLedger();
    const version = { rule: 'absence', version: 'absence-1', effectiveFrom: eventMs(0) };
    ledger.ruleVersions.remember({ ...version, parameters: { absent_after_s: 900 } });
    ledger.commitStep(alertStep(1), []);
    ledger.ruleVersions.remember({ ...version, parameters: { absent_after_s: 1 } });
    ledger.ruleVersions.remember({ ...version, version: 'absence-2', parameters: { absent_after_s: 600 } });
    expect(ledger.incidents.get(alertStep(1).id)?.parameters).toEqual({ absent_after_s: 900 });
    expect(ledger.ruleVersions.list('absence').map(({ parameters }) => parameters.absent_after_s)).toEqual([900, 600]);
  });

  it('is there again after closing and opening', async () => {
    const path = join(temporaryFolder(), 'data', 'ledger.sqlite');
    const first = testLedger(path);
    first.commitStep(alertStep(1), [row('a')]);
    await first.close();
    await first.close();
    const second = testLedger(path);
    expect(second.findings).toEqual([]);
    expect([second.lastSeq(), second.outbox.depth('mqtt').depth]).toEqual([1, 1]);
  });
});

describe('asking for incidents', () => {
  it('gives open ones with the urgent first', () => {
    const ledger = testLedger();
    for (const n of [1, 2, 3, 4]) ledger.commitStep(alertStep(n, n === 3 ? { priority: 'high' } : {}), []);
    ledger.commitStep(endStep(2), []);
    expect(ledger.openIncidents().map(({ id }) => id)).toEqual([3, 1, 4].map((n) => alertStep(n).id));
  });

  const filled = () => {
    const ledger = testLedger();
    for (let n = 0; n < 30; n++) {
      const subject = subjectId(`W0${n % 3}`);
      ledger.commitStep(alertStep(n, { subject, rule: n % 2 === 0 ? 'absence' : 'desk' }), []);
      if (n < 20) ledger.commitStep(endStep(n, { subject }), []);
    }
    return ledger;
  };

  it('pages from the newest to the oldest, each once', () => {
    const ledger = filled();
    const seen: number[] = [];
    for (let cursor: string | undefined, pages = 0; pages < 10; pages++) {
      const page = ledger.incidents.list({}, { limit: 7, cursor });
      seen.push(...page.items.map(({ start }) => start));
      cursor = page.next;
      if (!cursor) break;
    }
    expect(seen).toEqual(Array.from({ length: 30 }, (_, i) => alertStep(29 - i).start));
  });

  it.each([
    ['a rule', { rule: 'desk' }, 15],
    ['subjects', { subjects: [subjectId('W00'), subjectId('W02')] }, 20],
    ['no subject at all', { subjects: [] }, 0],
    ['what is active', { state: 'active' }, 10],
    ['what has ended', { state: 'ended' }, 20],
    ['a span of time', { from: alertStep(5).start, to: alertStep(9).start }, 4],
    ['a state of handling', { workflow: ['found'] }, 30],
    ['several conditions', { state: 'active', rule: 'absence', priority: 'normal' }, 5],
    ['a value that would be SQL', { rule: "x' OR '1'='1" }, 0],
  ] as const)('filters by %s', (_, filter, expected) => {
    const ledger = filled();
    expect(ledger.incidents.list(filter, { limit: 100 }).items).toHaveLength(expected);
    expect(ledger.incidents.count(filter)).toBe(expected);
  });

  it.each([
    ['nothing', {}],
    ['a rule', { rule: 'desk' }],
    ['a window', { subjects: [subjectId('W1')] }],
    ['a camera', { camera: cameraId('cam-1') }],
    ['what is urgent', { priority: 'high' }],
    ['what is active', { state: 'active' }],
    ['a span of time', { from: eventMs(0), to: eventMs(1) }],
    ['a state of handling', { workflow: ['found'] }],
  ] as const)('walks an index in order, never all incidents, for %s', (_, filter) => {
    const raw = openDatabase(':memory:');
    onTestFinished(() => void raw.close());
    migrate(raw);
    const { sql, parameters } = pageQuery(filter, { limit: 50 });
    const plan = raw.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters) as Array<{ detail: string }>;
    expect(plan.map(({ detail }) => detail).join()).toMatch(/^(SEARCH|SCAN) incidents USING INDEX incidents_\w+[^,]*$/);
  });

  it.each([[{ limit: 0 }], [{ limit: 5000 }], [{ limit: 10, cursor: "1' --" }]])('refuses the page %j', (page) => {
    expect(() => testLedger().incidents.list({}, page)).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });

  it('puts a reason beside an incident', () => {
    const ledger = testLedger();
    ledger.commitStep(alertStep(1), []);
    const excuse = { kind: 'leave', note: '外出办事', by: 'user-1', at: wallMs(5) };
    ledger.incidents.excuse(alertStep(1).id, excuse);
    ledger.commitStep(endStep(1), []);
    expect(ledger.incidents.get(alertStep(1).id)?.excuse).toEqual(excuse);
    expect(() => ledger.incidents.excuse(alertStep(9).id, excuse)).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
  });
});

describe('two processes', () => {
  it('may have the ledger open at once, as the command line does beside the service', () => {
    const path = join(temporaryFolder(), 'ledger.sqlite');
    const service = testLedger(path);
    service.commitStep(alertStep(1), []);
    const visit = testLedger(path, { backupEveryMs: 0 });
    visit.settings.set('a', 1);
    service.commitStep(alertStep(2), []);
    expect([visit.lastSeq(), service.settings.get('a'), visit.findings]).toEqual([2, 1, []]);
  });
});

describe('backups', () => {
  it('are made each hour beside the ledger, and on demand anywhere', async () => {
    const folder = temporaryFolder();
    const clock = fakeClock();
    const ledger = testLedger(join(folder, 'ledger.sqlite'), { clock });
    ledger.commitStep(alertStep(1), []);
    await clock.advance(3_600_000);
    await ledger.backup(join(folder, 'elsewhere', 'copy.sqlite'));
    expect(testLedger(join(folder, 'elsewhere', 'copy.sqlite')).lastSeq()).toBe(1);
    await ledger.close();
    expect(readdirSync(join(folder, 'backups'))).toEqual(['ledger-000000000001.sqlite']);
  });
});
