import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort, type TestServer, testServer } from './servers.js';

const INFLUXD = '/usr/bin/influxd';

/** Whether the tests that need a real InfluxDB can run here; says so once where not. */
export const hasInfluxd = existsSync(INFLUXD);
if (!hasInfluxd) console.info('skipped: influxd is not installed');

export interface TestInflux extends TestServer {
  url: string;
  /** Rows of the first series of an InfluxQL query, each as an object. */
  query(database: string, query: string): Promise<Array<Record<string, string | number | null>>>;
}

/** Starts an InfluxDB 1.x of its own on free loopback ports; it ends with the test. */
export async function startInfluxd(): Promise<TestInflux> {
  const folder = mkdtempSync(join(tmpdir(), 'hallwatch-influxd-'));
  const [port, rpcPort] = [await freePort(), await freePort()];
  const config = `
    reporting-disabled = true
    bind-address = "127.0.0.1:${rpcPort}"
    [meta]
      dir = "${folder}/meta"
    [data]
      dir = "${folder}/data"
      wal-dir = "${folder}/wal"
    [monitor]
      store-enabled = false
    [http]
      bind-address = "127.0.0.1:${port}"
      log-enabled = false`;
  writeFileSync(join(folder, 'influxdb.conf'), config);
  const url = `http://127.0.0.1:${port}`;
  const server = testServer({
    command: INFLUXD,
    args: ['run', '-config', join(folder, 'influxdb.conf')],
    port,
    answers: async () => (await fetch(`${url}/ping`).catch(() => undefined))?.status === 204,
  });
  onTestFinished(async () => {
    await server.stop('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  await server.start();
  return {
    ...server,
    url,
    async query(database, query) {
      const response = await fetch(`${url}/query?${new URLSearchParams({ db: database, q: query, epoch: 'ns' })}`);
      const body = (await response.json()) as {
        results: Array<{ series?: Array<{ columns: string[]; values: Array<Array<string | number | null>> }> }>;
      };
      const series = body.results[0]?.series?.[0];
      return (series?.values ?? []).map((row) =>
        Object.fromEntries(row.map((value, i) => [series!.columns[i]!, value] as const)),
      );
    },
  };
}
