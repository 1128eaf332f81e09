import { describe, expect, it } from 'vitest';
import type { WorkflowAction } from '../../src/alerts/workflow/actions.js';
import { foldWorkflow } from '../../src/alerts/workflow/applyStep.js';
import { stepWorkflow } from '../../src/alerts/workflow/stepWorkflow.js';
import { canonicalJson, sha256 } from '../../src/core/hash.js';
import { subjectId, windowId } from '../../src/core/ids.js';
import { eventMs } from '../../src/core/time.js';
import { freezeMonth, isFrozenAt, monthReport } from '../../src/reports/month/monthReport.js';
import { fakeClock } from '../support/fakeClock.js';
import { testLedger } from '../support/ledger.js';
import { endOf, fillLedger, idOf, simulateMonth } from '../support/simulatedMonth.js';

function hall(options: Partial<Parameters<typeof simulateMonth>[0]> = {}) {
  const month = simulateMonth({ windows: 6, rooms: 2, seed: 5, ...options });
  const clock = fakeClock(month.from);
  const ledger = testLedger(':memory:', { clock, staleAfterMs: month.lookEveryMs });
  fillLedger(month, ledger, clock);
  const asOf = endOf(month);
  const report = (name = '2026-10') => monthReport(name, { ledger, config: month.config, asOf });
  const freeze = (name = '2026-10') => freezeMonth(name, 'boss', { ledger, config: month.config, asOf });
  return { month, clock, ledger, report, freeze, asOf };
}

describe('a frozen month', () => {
  it('keeps its hash when an appeal is overturned afterwards, and lists the correction with both values', async () => {
    const { month, ledger, report, freeze } = hall();
    const before = await report();
    expect(before.frozen).toBeNull();
    const hash = await freeze();
    expect(hash).toBe(sha256(canonicalJson(before.figures)));

    const incident = month.incidents.find(({ verdict, appeal }) => verdict === 'confirmed' && appeal === null)!;
    const id = idOf(month, incident);
    const act = (actor: string, action: WorkflowAction): void => {
      const record = ledger.incidents.get(id)!;
      const monthFrozen = isFrozenAt(ledger, record.start, 'Asia/Shanghai');
      expect(monthFrozen).toBe(true);
      const loop = foldWorkflow(id, ledger.stepsOf(id)[0]!.recordedAt, ledger.workflowSteps.of(id));
      const subjects = [`user-${Number(incident.subject.slice(1)) - 1}`];
      const outcome = stepWorkflow(loop, action, { actor, at: loop.since, subjects, monthFrozen });
      if (outcome.type !== 'step') throw new Error(outcome.reason);
      const { ordinal, from, to, note, data } = outcome.step;
      ledger.workflowSteps.append({ incident: id, ordinal, actor, action: action.action, from, to, note, data });
    };
    act(`user-${Number(incident.subject.slice(1)) - 1}`, { action: 'appeal', note: '当时在后台', evidence: [] });
    expect((await report()).corrections.list).toEqual([]);
    act('chief', { action: 'appeal-decide', outcome: 'overturned', reason: '', note: '属实', evidence: [] });

    const after = await report();
    expect(after.hash).toBe(hash);
    expect(after.figures).toEqual(JSON.parse(JSON.stringify(before.figures)));
    expect(after.corrections.list).toMatchObject([
      { incident: id, subject: incident.subject, from: 'confirmed', to: 'false-alarm', by: 'chief' },
    ]);
    const { counts } = before.figures.hall.incidents;
    const row = before.figures.incidents.find((one) => one.id === id)!;
    const shown = after.corrections.figures.filter(({ key }) => key === 'sim');
    expect(shown).toEqual([
      {
        key: 'sim',
        name: '模拟政务服务中心',
        figure: 'confirmed',
        frozen: counts.confirmed,
        corrected: counts.confirmed - 1,
      },
      {
        key: 'sim',
        name: '模拟政务服务中心',
        figure: 'falseAlarm',
        frozen: counts.falseAlarm,
        corrected: counts.falseAlarm + 1,
      },
      {
        ...{ key: 'sim', name: '模拟政务服务中心', figure: 'unexcusedS' },
        frozen: before.figures.hall.time.unexcusedS,
        corrected: before.figures.hall.time.unexcusedS - (row.absentS - row.leaveS),
      },
    ]);
    // What the correction says is what a fresh count says.
    const { monthFigures } = await import('../../src/reports/figures/monthFigures.js');
    const { monthSource } = await import('../../src/reports/month/source.js');
    const recounted = await monthFigures(monthSource({ ledger, config: month.config, asOf: endOf(month) }), '2026-10');
    expect(recounted.hall.incidents.counts.confirmed).toBe(counts.confirmed - 1);
    expect(recounted.hall.time.unexcusedS).toBe(shown[2]!.corrected);
  });

  it('is frozen once, and not before it is over', async () => {
    const { freeze, ledger, month, asOf } = hall({ windows: 1, rooms: 0, days: [8, 9] });
    await expect(
      freezeMonth('2026-10', 'boss', { ledger, config: month.config, asOf: eventMs(asOf - 1) }),
    ).rejects.toMatchObject({ code: 'usage', message: 'month 2026-10: is not over' });
    await freeze();
    await expect(freeze()).rejects.toMatchObject({ code: 'conflict' });
    expect(ledger.months.list()).toMatchObject([{ month: '2026-10', by: 'boss' }]);
  });

  it('does not depend on looks that were deleted since', async () => {
    const { freeze, report, ledger } = hall({ windows: 2, rooms: 0, days: [8, 9, 12] });
    await freeze();
    const before = await report();
    for (const day of [1, 2])
      ledger.leaves.add({ subject: windowId('W001'), from: eventMs(day), to: eventMs(2e15), kind: 'leave', by: 'x' });
    expect((await report()).figures).toEqual(before.figures);
  });
});

describe('what a month is held against', () => {
  it('is the month before and the year before, where somebody looked then', async () => {
    const { month, report, ledger, clock } = hall({ windows: 2, rooms: 0 });
    expect(await report()).toMatchObject({ previous: null, yearBefore: null });
    const earlier = simulateMonth({ windows: 2, rooms: 0, month: '2026-09', seed: 9 });
    const both = testLedger(':memory:', { clock: fakeClock(earlier.from), staleAfterMs: 60_000 });
    for (const one of [earlier, month]) {
      const own = fakeClock(one.from);
      fillLedger({ ...one, leaves: [] }, both, own);
    }
    const { previous, yearBefore } = await monthReport('2026-10', {
      ledger: both,
      config: month.config,
      asOf: endOf(month),
    });
    expect(previous).toMatchObject({ month: '2026-09', frozen: false });
    expect(previous!.hall.confirmed).toBe(
      earlier.incidents.filter(({ verdict, appeal }) => verdict === 'confirmed' && appeal !== 'overturned').length,
    );
    expect(yearBefore).toBeNull();
    await freezeMonth('2026-09', 'boss', { ledger: both, config: month.config, asOf: endOf(month) });
    const later = await monthReport('2026-10', { ledger: both, config: month.config, asOf: endOf(month) });
    expect(later.previous).toEqual({ ...previous, frozen: true });
    expect([ledger.months.list(), clock.pending >= 0]).toEqual([[], true]);
  });
});

describe('a window added in the middle of the month', () => {
  it('is counted from its first look, has no place, and is not called unseen before', async () => {
    const { month, ledger, clock, asOf } = hall({ windows: 3, rooms: 0 });
    const added = month.config.windows[2]!;
    const fresh = testLedger(':memory:', { clock, staleAfterMs: 60_000 });
    month.config.windows.forEach(({ id }, i) => {
      for (const { at, value } of month.looksAt(i)) {
        if (id === added.id && at < month.from + 19 * 86_400_000) continue;
        fresh.observations.append({ subject: subjectId(id), kind: 'staff', at: eventMs(at), value: value as number });
      }
      fresh.observations.flush();
    });
    const { figures } = await monthReport('2026-10', { ledger: fresh, config: month.config, asOf });
    const late = figures.windows.find(({ key }) => key === added.id)!;
    const first = figures.windows[0]!;
    expect(late.watchedFrom).toBe('2026-10-20T00:30:00.000Z');
    expect(late.time.scheduledS).toBe(9 * 6.5 * 3600);
    expect(late.time.coverage).toBeGreaterThan(0.9);
    expect(first.time.scheduledS).toBe(18 * 6.5 * 3600);
    expect(figures.ranking.windows.find(({ key }) => key === added.id)).toMatchObject({ place: null });
    expect(ledger.lastSeq()).toBeGreaterThan(0);
  });

  it('that nobody ever looked at has no coverage and no rate, and is not called compliant', async () => {
    const month = simulateMonth({ windows: 1, rooms: 0 });
    const ledger = testLedger();
    const { figures } = await monthReport('2026-10', { ledger, config: month.config, asOf: endOf(month) });
    const [window] = figures.windows;
    expect(window).toMatchObject({ watchedFrom: null, days: { clean: 0, unclean: 0, undecided: 18 } });
    expect(window!.time).toMatchObject({
      scheduledS: 421_200,
      unknownS: 421_200,
      coverage: 0,
      presence: { value: null },
    });
    expect(window!.clean).toMatchObject({ value: null });
    expect(figures.ranking.windows).toMatchObject([{ place: null, unranked: 'coverage' }]);
  });
});

describe('what counts', () => {
  it('is nothing that nobody judged, and nothing that nobody could tell', async () => {
    const { month, report } = hall({ windows: 8 });
    const { figures } = await report();
    const verdicts = new Map(month.incidents.map((incident) => [String(idOf(month, incident)), incident]));
    for (const row of figures.incidents) expect(verdicts.has(row.id)).toBe(true);
    const { counts, falseAlarmRate } = figures.hall.incidents;
    expect(falseAlarmRate.whole).toBe(counts.confirmed + counts.excused + counts.falseAlarm);
    const confirmedS = figures.incidents
      .filter(({ verdict }) => verdict === 'confirmed')
      .reduce((sum, row) => sum + row.absentS - row.leaveS, 0);
    expect(figures.hall.time.unexcusedS).toBe(confirmedS);
  });
});
