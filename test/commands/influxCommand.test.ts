import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openLedger } from '../../src/alerts/ledger/openLedger.js';
import { silentLogger } from '../../src/core/log.js';
import { fakeClock } from '../support/fakeClock.js';
import { hasInfluxd, startInfluxd } from '../support/influxd.js';
import { temporaryFolder } from '../support/ledger.js';
import { fillDetails, simulateDetails } from '../support/simulatedDetails.js';
import { fillLedger, simulateMonth } from '../support/simulatedMonth.js';

const program = fileURLToPath(new URL('../../bin/hallwatch.js', import.meta.url));
const MEASUREMENTS = ['alert', 'observation', 'camera_health', 'service', 'desk', 'speech'];

describe.runIf(hasInfluxd)('influx replay', () => {
  it('rebuilds a span from the ledger, and running it twice leaves every count and sum', async () => {
    const server = await startInfluxd();
    const folder = temporaryFolder();
    const data = join(folder, 'var');
    const month = simulateMonth({ windows: 3, rooms: 1, month: '2024-05', days: [6, 7, 8], seed: 4 });
    const config = join(folder, 'hall.yaml');
    const more = `storage: { data: ${JSON.stringify(data)} }\ninflux: { url: "${server.url}", database: hall }\n`;
    writeFileSync(config, `${month.yaml}${more}`);
    const clock = fakeClock(month.from);
    const ledger = openLedger(join(data, 'ledger.sqlite'), {
      ...{ clock, log: silentLogger, staleAfterMs: month.lookEveryMs, backupEveryMs: 0, reserveBytes: 0 },
    });
    fillLedger(month, ledger, clock);
    fillDetails(month, simulateDetails(month, 6), ledger);
    await ledger.close();

    const replay = () =>
      new Promise<unknown>((resolve, reject) => {
        const span = ['--from', '2024-05-06T00:00:00+08:00', '--to', '2024-05-09T00:00:00+08:00'];
        const args = [program, 'influx', 'replay', ...span, '--config', config, '--json'];
        execFile(process.execPath, args, { cwd: folder }, (error, out) =>
          error ? reject(error) : resolve(JSON.parse(out)),
        );
      });
    const counts = () =>
      Promise.all(MEASUREMENTS.map((name) => server.query('hall', `SELECT count(*), sum(*) FROM "${name}"`)));
    const said = await replay();
    const first = await counts();
    for (const [i, rows] of first.entries()) expect(rows, MEASUREMENTS[i]).toHaveLength(1);
    expect(said).toMatchObject({ type: 'replay', refused: 0 });
    expect(await replay()).toEqual(said);
    expect(await counts()).toEqual(first);
  });
});
