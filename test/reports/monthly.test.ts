import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/core/config/load.js';
import { silentLogger } from '../../src/core/log.js';
import { eventMs } from '../../src/core/time.js';
import { dueMonth, runMonthly } from '../../src/reports/monthly.js';
import { reportService } from '../../src/reports/reportService.js';
import { fakeClock } from '../support/fakeClock.js';
import { temporaryFolder, testLedger } from '../support/ledger.js';
import { fillLedger, simulateMonth } from '../support/simulatedMonth.js';

const config = (more = '') => parseConfig(`site: { id: x, name: x }\n${more}`, 'test');
const at = (text: string) => eventMs(Date.parse(`${text}+08:00`));

describe('the report of the month before', () => {
  it.each([
    // 1 November 2026 is a Sunday.
    ['on a Sunday', '2026-11-01T12:00:00', undefined],
    ['on the first working day before its hour', '2026-11-02T08:29:59', undefined],
    ['on the first working day', '2026-11-02T08:30:00', '2026-10'],
    ['later, where the service was off', '2026-11-17T03:00:00', '2026-10'],
    ['in the National Day holiday', '2026-10-07T12:00:00', undefined],
    ['after the National Day holiday', '2026-10-08T08:30:00', '2026-09'],
    ['in January', '2026-01-04T09:00:00', '2025-12'],
  ])('is due %s', (_, now, month) => expect(dueMonth(config(), at(now))).toBe(month));

  it('follows the calendar of the hall', () => {
    const closed = config('calendar: { overlay: [{ date: 2026-11-02, open: false }] }\nreports: { at: "10:00" }');
    expect(dueMonth(closed, at('2026-11-02T11:00:00'))).toBeUndefined();
    expect(dueMonth(closed, at('2026-11-03T10:00:00'))).toBe('2026-10');
  });

  it('is kept in every format and announced once, also over a restart', async () => {
    const month = simulateMonth({ windows: 2, rooms: 0, days: [8, 9, 12] });
    const clock = fakeClock(month.from);
    const ledger = testLedger(':memory:', { clock, staleAfterMs: 60_000 });
    fillLedger(month, ledger, clock);
    clock.step(at('2026-11-02T08:40:00') - clock.now());
    const folder = temporaryFolder();
    const told: string[] = [];
    const reports = reportService({ ledger, config: () => month.config, clock });
    const start = () =>
      runMonthly({
        ...{ reports, config: () => month.config, clock, log: silentLogger, folder },
        announce: ({ figures }) => told.push(figures.month),
      });
    const first = start();
    await first.check();
    await Promise.all([first.check(), first.check()]);
    await first.stop();
    expect(told).toEqual(['2026-10']);
    expect(readdirSync(join(folder, '2026-10')).sort()).toEqual(
      ['announced', ...['html', 'json', 'pdf', 'xlsx'].map((format) => `hallwatch-2026-10.${format}`)].sort(),
    );
    const hash = JSON.parse(readFileSync(join(folder, '2026-10', 'hallwatch-2026-10.json'), 'utf8')).hash;
    expect(readFileSync(join(folder, '2026-10', 'announced'), 'utf8')).toBe(`${hash}\n`);
    const second = start();
    await second.check();
    await second.stop();
    expect(told).toHaveLength(1);
  });

  it('does not wait for a PDF where no font is found, and is not made of nothing', async () => {
    const month = simulateMonth({ windows: 1, rooms: 0, days: [8] });
    const clock = fakeClock(month.from);
    const ledger = testLedger(':memory:', { clock, staleAfterMs: 60_000 });
    const folder = temporaryFolder();
    clock.step(at('2026-11-02T09:00:00') - clock.now());
    const empty = reportService({ ledger, config: () => month.config, clock });
    const told: string[] = [];
    const options = { config: () => month.config, clock, log: silentLogger, folder, announce: () => told.push('told') };
    const nothing = runMonthly({ ...options, reports: empty });
    await nothing.check();
    await nothing.stop();
    expect([told, existsSync(join(folder, '2026-10'))]).toEqual([[], false]);
    fillLedger(month, ledger, clock);
    clock.step(at('2026-11-02T09:00:00') - clock.now());
    const font = join(folder, 'none.ttf');
    writeFileSync(font, '');
    const full = reportService({ ledger, config: () => month.config, clock });
    const { AppError } = await import('../../src/core/errors.js');
    const file: typeof full.file = (name, format) =>
      format === 'pdf' ? Promise.reject(new AppError('not-found', 'no font')) : full.file(name, format);
    const run = runMonthly({ ...options, reports: { month: full.month, file } });
    await run.check();
    await run.stop();
    expect(told).toEqual(['told']);
    expect(existsSync(join(folder, '2026-10', 'hallwatch-2026-10.pdf'))).toBe(false);
  });
});
