import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/ledger.js';

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
