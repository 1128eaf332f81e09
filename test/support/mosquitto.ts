import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort, type TestServer, testServer } from './servers.js';

const MOSQUITTO = '/usr/sbin/mosquitto';

/** Whether the tests that need a real broker can run here; says so once where not. */
export const hasMosquitto = existsSync(MOSQUITTO);
if (!hasMosquitto) console.info('skipped: mosquitto is not installed');

export interface MosquittoOptions {
  /** Further lines of the configuration. */
  lines?: string[];
  /** Where given, only this account may connect. */
  account?: { user: string; password: string };
}

/** Starts a mosquitto of its own on a free loopback port; it ends with the test. */
export async function startMosquitto({ lines = [], account }: MosquittoOptions = {}): Promise<TestServer> {
  // Started as root the broker becomes the user mosquitto, who must reach its folder: so it is told to stay.
  const folder = mkdtempSync(join(tmpdir(), 'hallwatch-mosquitto-'));
  const port = await freePort();
  const passwords = join(folder, 'passwords');
  if (account) {
    writeFileSync(passwords, '', { mode: 0o600 });
    spawnSync('mosquitto_passwd', ['-b', passwords, account.user, account.password]);
  }
  const access = account ? ['allow_anonymous false', `password_file ${passwords}`] : ['allow_anonymous true'];
  const config = [`listener ${port} 127.0.0.1`, 'user root', `persistence_location ${folder}/`, ...access, ...lines];
  writeFileSync(join(folder, 'mosquitto.conf'), `${config.join('\n')}\n`);
  const server = testServer({ command: MOSQUITTO, args: ['-c', join(folder, 'mosquitto.conf')], port });
  onTestFinished(async () => {
    await server.stop('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  await server.start();
  return server;
}
