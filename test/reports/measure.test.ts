import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { openLedger } from '../../src/alerts/ledger/openLedger.js';
import { silentLogger } from '../../src/core/log.js';
import { fakeClock } from '../support/fakeClock.js';
import { fillLedger, simulateMonth } from '../support/simulatedMonth.js';

const folder = process.env.HALLWATCH_MONTH_DIR ?? '';

/**
 * Writes the ledger of a simulated month of 200 windows and 24 rooms into HALLWATCH_MONTH_DIR, with its configuration, so
 * that `time npx hallwatch report month 2026-10 --config DIR/hall.yaml --format pdf` can be measured.
 */
describe.skipIf(folder === '')('a month to measure', () => {
  it('is written', { timeout: 600_000 }, async () => {
    const month = simulateMonth({ windows: 200, rooms: 24, seed: 3 });
    const data = join(folder, 'var');
    mkdirSync(data, { recursive: true });
    writeFileSync(join(folder, 'hall.yaml'), `${month.yaml}storage: { data: ${JSON.stringify(data)} }\n`);
    const clock = fakeClock(month.from);
    const ledger = openLedger(join(data, 'ledger.sqlite'), {
      ...{ clock, log: silentLogger, staleAfterMs: month.lookEveryMs, backupEveryMs: 0, reserveBytes: 0 },
    });
    fillLedger(month, ledger, clock);
    await ledger.close();
  });
});
