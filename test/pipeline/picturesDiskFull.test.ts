import { readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it, onTestFinished } from 'vitest';
import { parseConfig } from '../../src/core/config/load.js';
import { type Frame, makeFrame } from '../../src/core/frame.js';
import { cameraId, windowId } from '../../src/core/ids.js';
import type { AlertStep } from '../../src/core/incident.js';
import { silentLogger as log } from '../../src/core/log.js';
import { eventMs } from '../../src/core/time.js';
import { arrivalPhotos } from '../../src/pipeline/arrivalPhotos.js';
import { deskFolders } from '../../src/pipeline/deskFolders.js';
import { deskKeeper } from '../../src/pipeline/deskKeeper.js';
import { hashedFiles } from '../../src/pipeline/hashedFiles.js';
import { runPatrols } from '../../src/pipeline/patrolRun.js';
import { visitPoint } from '../../src/pipeline/patrolVisit.js';
import { fakeClock } from '../support/fakeClock.js';
import { testLedger } from '../support/ledger.js';
import { smallDisk } from '../support/tmpfs.js';

const [WIDTH, HEIGHT] = [640, 360];
const config = parseConfig(
  `site: { id: t, name: t }
cameras: [{ id: cam, source: "file:x" }]
windows:
  - { id: A01, camera: cam, staffZone: [[0.1, 0.1], [0.9, 0.1], [0.9, 0.5]], deskZone: [[0.2, 0.5], [0.8, 0.5], [0.8, 0.9], [0.2, 0.9]] }
patrols:
  - { id: p1, name: 巡逻, every: 1h, within: 10m, points: [{ id: a, name: 门口, camera: cam, snapshots: 3 }] }
`,
  'hall.yaml',
);

/** A picture that does not get small as JPEG. */
function frameAt(at: number): Frame {
  let state = (at % 1000) + 1;
  const rgb = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state & 0xff;
  });
  return makeFrame({ camera: cameraId('cam'), at: eventMs(at), width: WIDTH, height: HEIGHT, rgb, keyframe: true });
}

/** Leaves `bytes` on the disk; the answer frees it again. */
function fill(path: string, bytes: number): () => void {
  const { bavail, bsize } = statfsSync(path);
  const ballast = join(path, 'ballast');
  writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - bytes)));
  return () => rmSync(ballast);
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jpg'));

it('a patrol whose pictures find no room is a missed point with its reason, leaves no file, and goes on with the next', async () => {
  const disk = smallDisk(16);
  if (!disk) return;
  const clock = fakeClock(Date.UTC(2026, 9, 8, 0, 59, 0));
  // The ledger has its own reserve, which its own tests fill up.
  const ledger = testLedger(':memory:', { clock });
  const now = () => eventMs(clock.now());
  const files = hashedFiles(join(disk.path, 'patrol'));
  const steps: AlertStep[] = [];
  const deps = {
    ...{ clock, files, findings: () => [], turn: async () => undefined },
    picture: () =>
      makeFrame({
        ...{ camera: cameraId('cam'), at: eventMs(clock.now() - (clock.now() % 2000)), width: 2, height: 2 },
        ...{ rgb: new Uint8Array(12), keyframe: true },
      }),
    encode: async ({ at }: Frame) => Buffer.alloc(200_000, (at / 2000) % 251),
    look: async () => [],
  };
  // One picture fits, three do not.
  const free = fill(disk.path, 300_000);
  const run = runPatrols({
    ...{ site: 't', timeZone: 'Asia/Shanghai', plans: () => config.patrols, ledger, now, clock, log },
    visit: (task, signal) => visitPoint(task, deps, signal),
    onStep(step) {
      steps.push(step);
      ledger.commitStep(step, []);
    },
  });
  onTestFinished(() => run.close());
  const visits = () => ledger.patrolVisits.list(eventMs(0), eventMs(9e15));
  await clock.advance(12 * 60_000);
  expect(visits()).toMatchObject([{ state: 'missed', facts: { reason: 'disk-full', snapshots: [] } }]);
  expect(steps).toMatchObject([{ rule: 'patrol', step: 'open', detail: { point: '门口', reason: 'disk-full' } }]);
  expect(filesBelow(disk.path)).toEqual([]);

  free();
  await clock.advance(3_600_000);
  expect(visits()[0]).toMatchObject({ state: 'done', facts: { snapshots: [{}, {}, {}] } });
  expect(steps.map(({ step }) => step)).toEqual(['open', 'ended']);
  expect(filesBelow(disk.path)).toHaveLength(3);
});

it('a desk reference that finds no room is refused with its reason; what was set before stays in force', async () => {
  const disk = smallDisk(4);
  if (!disk) return;
  const ledger = testLedger(':memory:');
  const folders = await deskFolders(config, log);
  const keeper = await deskKeeper({ config, ledger, folders: async () => folders, data: disk.path, log });
  const seen = { verdict: 'tidy', reasons: [], clutter: 0, references: 'none', covered: 0, people: [] } as const;
  const look = (second: number) =>
    keeper.source.looked!('A01', frameAt(second * 1000), { ...seen, reasons: [], people: [] });
  look(10);
  await keeper.port.setReference(windowId('A01'), 'u1');
  const free = fill(disk.path, 8000);
  look(20);
  await expect(keeper.port.setReference(windowId('A01'), 'u1')).rejects.toMatchObject({ code: 'disk-full' });
  keeper.port.collect(windowId('A01'), 30, 'u1');
  look(30);
  await expect.poll(() => keeper.port.state(windowId('A01'))?.collecting?.kept).toBe(0);
  expect(keeper.source.referencesOf('A01')).toHaveLength(1);
  expect(ledger.deskStandards.pictures(windowId('A01'))).toHaveLength(1);
  expect(filesBelow(disk.path)).toHaveLength(1);

  free();
  look(100);
  await expect.poll(() => ledger.deskStandards.pictures(windowId('A01')).length).toBe(2);
  expect(keeper.port.state(windowId('A01'))?.collecting?.kept).toBe(1);
});

it('the photo of a sign-in that finds no room is refused before anything is recorded, and kept once there is room', async () => {
  const disk = smallDisk(4);
  if (!disk) return;
  const files = hashedFiles(join(disk.path, 'sign-ins'));
  const photos = arrivalPhotos(files);
  const photo = await sharp(frameAt(1).rgb, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .png()
    .toBuffer();
  const free = fill(disk.path, 8000);
  await expect(photos.save('E1', photo)).rejects.toMatchObject({ code: 'disk-full', hint: expect.any(String) });
  expect(filesBelow(disk.path)).toEqual([]);
  free();
  const { path, sha256 } = await photos.save('E1', photo);
  expect(photos.read(path, sha256).length).toBeGreaterThan(1000);
});
