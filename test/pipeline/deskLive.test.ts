import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openLedger } from '../../src/alerts/ledger/openLedger.js';
import { addAccount } from '../../src/board/accounts/users.js';
import { systemClock } from '../../src/core/clock.js';
import { parseConfig } from '../../src/core/config/load.js';
import { parseDuration } from '../../src/core/duration.js';
import { cameraId, subjectId } from '../../src/core/ids.js';
import { silentLogger } from '../../src/core/log.js';
import { eventMs } from '../../src/core/time.js';
import { windowZones } from '../../src/ingest/simulator/layout.js';
import { findScene } from '../../src/ingest/simulator/scenes.js';
import { PICTURE_HEIGHT, PICTURE_WIDTH } from '../../src/ingest/simulator/sprite.js';
import { openStage } from '../../src/ingest/simulator/stage.js';
import { startService } from '../../src/pipeline/service.js';
import { type Client, clientOf, requestId } from '../board/support/client.js';
import { temporaryFolder } from '../support/clips.js';
import { shareModels } from '../support/modelCache.js';
import { hasMosquitto, startMosquitto } from '../support/mosquitto.js';
import { until } from '../support/servers.js';

const PASSWORD = 'long enough 密码';
/** It is the 103rd minute of the day at the desk: nobody is there, and the bag has stood on it since the 100th. */
const ANCHOR = Math.ceil((systemClock.now() - parseDuration('103m')) / 2000) * 2000;

/** The tidy desk by day and in less light, as a supervisor would set it; nothing is forbidden by class. */
async function standardFolder(folder: string): Promise<string> {
  const stage = await openStage(findScene('desk-day'));
  mkdirSync(folder);
  for (const at of ['24m', '99m30s']) {
    const raw = { width: PICTURE_WIDTH, height: PICTURE_HEIGHT, channels: 3 as const };
    const png = sharp(Buffer.from(stage.paint(parseDuration(at))), { raw }).png();
    writeFileSync(join(folder, `${at}.png`), await png.toBuffer());
  }
  writeFileSync(join(folder, 'standard.yaml'), 'name: 综合窗口\ndefaults: false\n');
  return folder;
}

async function signedIn(url: string, name: string, password: string): Promise<Client> {
  const client = clientOf(url);
  await client.signIn(name, password);
  await client.post('/api/session/password', { current: password, next: PASSWORD });
  return client;
}

describe.skipIf(!hasMosquitto)('a simulated hall with desks, sessions and a queue system', () => {
  it('shows the bag on the desk, the service that the queue system bounds, and a step that was too short', {
    timeout: 150_000,
  }, async () => {
    const folder = temporaryFolder();
    const data = join(folder, 'data');
    shareModels(data);
    mkdirSync(join(data, 'simulator'), { recursive: true });
    writeFileSync(join(data, 'simulator', 'anchor'), `${ANCHOR}\n`);
    const broker = await startMosquitto();
    const zones = JSON.stringify(windowZones(1)).slice(1, -1);
    const text = `{site: {id: live, name: live}, cameras: [{id: cam, source: "sim:desk-day"}],
      windows: [{id: D02, camera: cam, ${zones}}], board: {port: 0}, storage: {data: ${JSON.stringify(data)}},
      mqtt: {url: "mqtt://127.0.0.1:${broker.port}"},
      rules: {absence: {absentAfter: 4h}, phoneUse: {enabled: true, every: 2m}, sleeping: {enabled: true},
        desk: {persistFor: 12s, samples: 3, samplesNeeded: 2, lookEvery: 4s, quietFor: 4s, standards: {"*": ${JSON.stringify(await standardFolder(join(folder, 'standard')))}}},
        process: {enabled: true, steps: [{name: 受理, from: call, to: end, atLeast: 2m, atMost: 30m}]}}}`;
    const config = parseConfig(text, 'hall.yaml');
    const clock = systemClock;
    const before = openLedger(join(data, 'ledger.sqlite'), { clock, log: silentLogger });
    const supervising = { name: 'wang', displayName: 'wang', unit: '', role: 'hall-supervisor' } as const;
    const hall = await addAccount(before, supervising);
    // An earlier run has come to just now, so that nothing is replayed.
    const last = { subject: subjectId('D02'), kind: 'staff', value: 0, camera: cameraId('cam') };
    before.observations.append({ ...last, at: eventMs(systemClock.now() - 10_000) });
    await before.close();
    let bagIsTold: () => void = () => undefined;
    const disorder = new Promise<void>((resolve) => {
      bagIsTold = resolve;
    });
    const service = await startService({
      ...{ config, configFile: undefined, env: process.env, clock, log: silentLogger },
      ...{ version: 'test', webFolder: undefined },
      onStep: ({ rule, step }) => rule === 'desk' && step === 'open' && bagIsTold(),
    });
    onTestFinished(() => service.close());
    const { url } = service.board;
    const supervisor = await signedIn(url, 'wang', hall.oneTimePassword);
    const told = async (rule: string) => (await supervisor.get(`/api/incidents?rule=${rule}&subject=D02`)).body.items;

    await disorder;
    expect(await told('desk')).toMatchObject([{ subject: 'D02', state: 'open' }]);
    const window = async () => {
      const { windows } = (await supervisor.get('/api/live')).body;
      return windows.find(({ id }: { id: string }) => id === 'D02');
    };
    expect(await window()).toMatchObject({ desk: { state: 'disorder' } });
    expect((await window()).desk.differencePercent).toBeGreaterThan(1);

    const queue = await connectAsync(`mqtt://127.0.0.1:${broker.port}`);
    onTestFinished(() => queue.endAsync());
    // The hall's present: a loaded machine is some seconds behind the clock.
    const present = async (): Promise<number> => (await supervisor.get('/api/live')).body.at;
    const at = await present();
    const call = { nonce: requestId(), at, expires: at + 120_000, event: 'call', ticket: 'A017' };
    await queue.publishAsync('hallwatch/live/queue/D02', JSON.stringify(call), { qos: 1 });
    const serving = async () => (await window()).service?.state === 'serving';
    await until('the call is heard', serving);
    const ended = await present();
    const end = { nonce: requestId(), at: ended, expires: ended + 120_000, event: 'end', ticket: 'A017' };
    await queue.publishAsync('hallwatch/live/queue/D02', JSON.stringify(end), { qos: 1 });
    await until('the end is heard', async () => (await window()).service?.state === 'idle');
    const day = `from=${at - 60_000}&to=${clock.now() + 60_000}`;
    const { items } = (await supervisor.get(`/api/windows/D02/sessions?${day}`)).body;
    expect(items).toMatchObject([{ kind: 'served', start: at }]);
    const [short] = await told('process.1');
    expect(short).toMatchObject({ state: 'ended', subject: 'D02' });
    const detail = JSON.stringify((await supervisor.get(`/api/incidents/${short.id}`)).body);
    expect(detail).toContain('"at_least_s":120');
    expect(detail).toContain('"at_most_s":1800');
    expect([await told('phoneUse'), await told('sleeping')]).toEqual([[], []]);
  });
});
