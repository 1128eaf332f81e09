import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectAsync } from 'mqtt';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { readMqtt } from '../support/mqttReader.js';
import { freePort, testServer, until } from '../support/servers.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const text = (path: string): string => readFileSync(`${root}${path}`, 'utf8');
const has = (command: string): boolean => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;

describe('the compose file', () => {
  const compose = parse(text('deploy/compose.yaml'), { merge: true });
  const variables = [...text('deploy/compose.yaml').matchAll(/\$\{(\w+)/g)].map((match) => match[1]!);

  it('starts broker, database and dashboards beside Hallwatch, none of them with new privileges', () => {
    expect(Object.keys(compose.services)).toEqual(['hallwatch', 'mosquitto', 'influxdb', 'grafana']);
    for (const service of Object.values<Record<string, unknown>>(compose.services)) {
      expect(service).toMatchObject({ restart: 'unless-stopped', cap_drop: ['ALL'] });
      expect(service.security_opt).toEqual(['no-new-privileges:true']);
    }
  });

  it('takes every password from the environment, and the example names each', () => {
    const example = text('deploy/env.example');
    for (const name of new Set(variables)) expect(example, name).toMatch(new RegExp(`^${name}=`, 'm'));
    expect(example.match(/^\w*PASSWORD=.+$/gm)).toBeNull();
  });

  it('gives Grafana the variables that its data source reads', () => {
    const datasource = text('grafana/provisioning/datasources/hallwatch.yaml');
    const wanted = [...datasource.matchAll(/\$\{(\w+)\}/g)].map((match) => match[1]!);
    expect(Object.keys(compose.services.grafana.environment)).toEqual(expect.arrayContaining(wanted));
  });
});

describe.runIf(has('systemd-analyze'))('the systemd unit', () => {
  it('is valid and shut in', () => {
    const security = spawnSync('systemd-analyze', ['security', '--offline=true', `${root}deploy/hallwatch.service`]);
    const level = /Overall exposure level[^:]*: ([\d.]+)/.exec(security.stdout.toString())?.[1];
    expect(Number(level)).toBeLessThan(2.5);
  });
});

describe.runIf(has('mosquitto') && has('mosquitto_passwd'))('the durable profile', () => {
  async function broker() {
    const folder = mkdtempSync(join(tmpdir(), 'hallwatch-mosquitto-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const env = text('deploy/env.example').replaceAll(
      /^(\w*PASSWORD)=$/gm,
      (_, name: string) => `${name}=geheim-${name}`,
    );
    writeFileSync(join(folder, '.env'), env);
    const made = spawnSync('bash', [`${root}deploy/passwords.sh`, join(folder, '.env'), join(folder, 'passwords')]);
    expect([made.status, made.stderr.toString()]).toEqual([0, '']);
    expect(readFileSync(join(folder, 'passwords'), 'utf8')).not.toContain('geheim');
    copyFileSync(`${root}deploy/mosquitto/acl`, join(folder, 'acl'));
    mkdirSync(join(folder, 'data'));
    const port = await freePort();
    const conf = text('deploy/mosquitto/mosquitto.conf')
      .replace('listener 1883', `listener ${port} 127.0.0.1\nuser root`)
      .replaceAll('/mosquitto/config/', `${folder}/`)
      .replaceAll('/mosquitto/data/', `${folder}/data/`);
    writeFileSync(join(folder, 'mosquitto.conf'), conf);
    const server = testServer({ command: 'mosquitto', args: ['-c', join(folder, 'mosquitto.conf')], port });
    onTestFinished(() => server.stop('SIGKILL'));
    await server.start();
    return { server, url: `mqtt://127.0.0.1:${port}` };
  }

  it('lets nobody in without a password, and keeps what it acknowledged when it is killed', async () => {
    const { server, url } = await broker();
    await expect(connectAsync(url, { reconnectPeriod: 0, connectTimeout: 5000 })).rejects.toThrow();
    const port = Number(new URL(url).port);
    const reader = { topic: 'hallwatch/+/alert/absence/#', user: 'reader', password: 'geheim-MQTT_READER_PASSWORD' };
    await (await readMqtt(port, reader)).end();
    const writer = await connectAsync(url, {
      username: 'hallwatch',
      password: 'geheim-MQTT_PASSWORD',
      reconnectPeriod: 0,
    });
    writer.on('error', () => {});
    for (let n = 0; n < 50; n++) await writer.publishAsync('hallwatch/x/alert/absence/W1', String(n), { qos: 1 });
    await server.stop('SIGKILL');
    writer.end(true);
    await server.start();
    const { messages } = await readMqtt(port, reader);
    // The last acknowledgement may have left before the broker's next write: the outbox sends what it has no answer for.
    const kept = (): Set<string> => new Set(messages.map(({ payload }) => payload));
    await until('what was acknowledged is there', () => kept().size >= 49);
  });
});

describe.runIf(has('shellcheck'))('the scripts', () => {
  it('are clean', () => {
    const { status, stdout } = spawnSync('shellcheck', ['-S', 'style', 'deploy/bundle.sh', 'deploy/passwords.sh'], {
      cwd: root,
    });
    expect([status, stdout.toString()]).toEqual([0, '']);
  });
});
