import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Ledger, openLedger } from '../../src/alerts/ledger/openLedger.js';
import type { WorkflowAction } from '../../src/alerts/workflow/actions.js';
import { foldWorkflow } from '../../src/alerts/workflow/applyStep.js';
import { stepWorkflow } from '../../src/alerts/workflow/stepWorkflow.js';
import type { IncidentId } from '../../src/core/ids.js';
import { silentLogger } from '../../src/core/log.js';
import { freezeMonth } from '../../src/reports/month/monthReport.js';
import { fakeClock } from '../support/fakeClock.js';
import { temporaryFolder } from '../support/ledger.js';
import { endOf, fillLedger, idOf, simulateMonth } from '../support/simulatedMonth.js';

const program = fileURLToPath(new URL('../../bin/hallwatch.js', import.meta.url));

describe('report month', () => {
  it('gives 2 and a hint for what cannot be reported, 0 and the figures of an empty month', async () => {
    const folder = temporaryFolder();
    const config = join(folder, 'hall.yaml');
    writeFileSync(
      config,
      `site: { id: t, name: 测试大厅 }\nstorage: { data: ${JSON.stringify(join(folder, 'var'))} }\n`,
    );
    const hallwatch = (...args: string[]) =>
      new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
        execFile(process.execPath, [program, ...args, '--config', config], { cwd: folder }, (error, out, err) =>
          resolve({ code: error ? error.code : 0, out, err }),
        );
      });
    expect(await hallwatch('report', 'month', '2026-13')).toMatchObject({
      code: 2,
      err: expect.stringContaining('YYYY-MM'),
    });
    expect(await hallwatch('report', 'month', '2199-01')).toMatchObject({
      code: 2,
      err: expect.stringContaining('has not begun'),
    });
    expect(await hallwatch('report', 'month', '2026-01', '--format', 'doc')).toMatchObject({ code: 2 });
    const { code, out } = await hallwatch('report', 'month', '2026-01', '--format', 'json');
    expect([code, JSON.parse(out).figures.days]).toEqual([0, 31]);
    expect(
      await hallwatch('influx', 'replay', '--from', '2026-01-01T00:00:00Z', '--to', '2026-01-02T00:00:00Z'),
    ).toMatchObject({
      code: 2,
      err: expect.stringContaining('no database is configured'),
    });
  });
});

/** What a person does with an incident of a month that is frozen. */
function act(ledger: Ledger, id: IncidentId, [actor, action]: [string, WorkflowAction]): void {
  const loop = foldWorkflow(id, ledger.stepsOf(id)[0]!.recordedAt, ledger.workflowSteps.of(id));
  const outcome = stepWorkflow(loop, action, { actor, at: loop.since, subjects: ['clerk'], monthFrozen: true });
  if (outcome.type !== 'step') throw new Error(outcome.reason);
  const { ordinal, from, to, note, data } = outcome.step;
  ledger.workflowSteps.append({ incident: id, ordinal, actor, action: action.action, from, to, note, data });
}

describe('report month of a frozen month', () => {
  it('keeps its hash and its figures when an appeal is overturned afterwards, and lists both values', async () => {
    const folder = temporaryFolder();
    const data = join(folder, 'var');
    const month = simulateMonth({ windows: 4, rooms: 0, seed: 5, month: '2024-05' });
    const config = join(folder, 'hall.yaml');
    writeFileSync(config, `${month.yaml}storage: { data: ${JSON.stringify(data)} }\n`);
    const clock = fakeClock(month.from);
    const open = () =>
      openLedger(join(data, 'ledger.sqlite'), {
        ...{ clock, log: silentLogger, staleAfterMs: month.lookEveryMs, backupEveryMs: 0, reserveBytes: 0 },
      });
    const report = (...args: string[]) =>
      new Promise<string>((resolve, reject) => {
        const all = [program, 'report', 'month', '2024-05', '--config', config, ...args];
        const options = { cwd: folder, maxBuffer: 1 << 26 };
        execFile(process.execPath, all, options, (error, out) => (error ? reject(error) : resolve(out)));
      });
    let ledger = open();
    fillLedger(month, ledger, clock);
    const hash = await freezeMonth('2024-05', 'boss', { ledger, config: month.config, asOf: endOf(month) });
    await ledger.close();
    const before = JSON.parse(await report('--format', 'json'));
    expect([before.hash, before.corrections]).toEqual([hash, { list: [], figures: [] }]);

    const incident = month.incidents.find(({ verdict, appeal }) => verdict === 'confirmed' && appeal === null)!;
    ledger = open();
    const id = idOf(month, incident);
    act(ledger, id, ['clerk', { action: 'appeal', note: '当时在后台', evidence: [] }]);
    act(ledger, id, [
      'chief',
      { action: 'appeal-decide', outcome: 'overturned', reason: '', note: '属实', evidence: [] },
    ]);
    await ledger.close();
    const after = JSON.parse(await report('--format', 'json'));
    expect([after.hash, after.figures]).toEqual([hash, before.figures]);
    expect(after.corrections.list).toMatchObject([{ incident: id, from: 'confirmed', to: 'false-alarm', by: 'chief' }]);
    const { confirmed } = before.figures.hall.incidents.counts;
    expect(after.corrections.figures).toContainEqual({
      ...{ key: 'sim', name: '模拟政务服务中心', figure: 'confirmed', frozen: confirmed, corrected: confirmed - 1 },
    });
    const text = await report();
    expect(text).toContain(hash);
    expect(text).toMatch(/封存后更正1项/);
    const html = await report('--format', 'html');
    expect(html).toMatch(/封存后更正[\s\S]*属实[\s\S]*误报/);
  });
});
