import { readdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { evidenceStore } from '../../src/alerts/evidence/evidenceStore.js';
import { fsck } from '../../src/alerts/evidence/fsck/fsck.js';
import { buildPackage } from '../../src/alerts/evidence/package/buildPackage.js';
import { sessionContent } from '../../src/alerts/evidence/package/sessionContent.js';
import { systemClock as clock } from '../../src/core/clock.js';
import { parseConfig } from '../../src/core/config/load.js';
import { evaluationId } from '../../src/core/evaluation.js';
import { cameraId, roomId, subjectId } from '../../src/core/ids.js';
import { silentLogger as log } from '../../src/core/log.js';
import { eventMs, plusMs } from '../../src/core/time.js';
import { describeRecording, packageDeps } from '../../src/pipeline/evidenceFacts.js';
import { hallEvidence } from '../../src/pipeline/hallEvidence.js';
import { makeClip } from '../support/clips.js';
import { alertStep, temporaryFolder, testLedger } from '../support/ledger.js';
import { NINE } from '../support/recordings.js';
import { smallDisk } from '../support/tmpfs.js';

const MEGABYTE = 1 << 20;
const CONFIG = `
site: { id: full, name: full }
cameras: [{ id: cam-r1, source: "sim:room-1" }]
rooms: [{ id: R1, cameras: [cam-r1] }]
`;

/** Settles when something is so; the test's own limit is the patience. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

/** Every file that is held, with its size. */
const filesOf = (data: string): Map<string, number> =>
  new Map(
    ['recordings/session', 'evidence'].flatMap((place) =>
      readdirSync(join(data, place), { recursive: true, encoding: 'utf8' })
        .map((name) => join(data, place, name))
        .filter((path) => statSync(path).isFile())
        .map((path) => [path, statSync(path).size] as const),
    ),
  );

it('stays up on a full disk: the ledger takes alerts, what is held stays, and all goes on when there is room', async () => {
  const disk = smallDisk(24);
  if (!disk) return;
  const data = disk.path;
  const clip = makeClip(join(temporaryFolder(), 'clip.mp4'), { seconds: 24, fps: 10, gop: 20 });
  const ledger = testLedger(join(data, 'ledger.sqlite'), { clock, reserveBytes: 2 * MEGABYTE });
  const evidence = evidenceStore(join(data, 'evidence'));
  const config = parseConfig(CONFIG, 'hall.yaml');
  const env = { XDG_DATA_HOME: temporaryFolder() };
  const camera = cameraId('cam-r1');
  let now = NINE;
  const stop = new AbortController();
  const floorBytes = 4 * MEGABYTE;
  const proof = hallEvidence({
    config,
    data,
    env,
    ledger,
    evidence,
    clock,
    log,
    signal: stop.signal,
    eventNow: () => now,
    floorBytes,
  });
  onTestFinished(() => proof.close());
  const tap = proof.recording.tapOf(config.cameras[0]!)!;
  const { library } = proof.recording;
  const session = {
    ...{
      id: evaluationId('S1'),
      project: 'P',
      projectName: 'P',
      rooms: [{ room: roomId('R1'), venue: 'main' as const }],
    },
    ...{ plannedStart: NINE, plannedEnd: plusMs(NINE, 3_600_000), state: 'open' as const, openedAt: NINE, roster: [] },
    ...{ bidders: [], signIn: [], reentryAllowed: false, version: 0 },
  };
  ledger.evaluations.save(session, 0);
  ledger.holds.place({ target: { kind: 'evaluation', id: 'S1' }, reason: '投诉', by: 'u1' });
  const raise = (n: number, at: number): void => {
    const step = alertStep(n, { subject: subjectId('R1'), camera, at: eventMs(at), start: eventMs(at - 1000) });
    expect(ledger.commitStep(step, [])).toMatchObject({ outcome: 'committed' });
    proof.onStep(step);
  };
  const play = async (from: number, seconds: number): Promise<void> => {
    await tap.piece(clip, eventMs(from));
    now = eventMs(from + seconds * 1000);
    tap.reached(now);
  };

  await play(NINE, 24);
  await until(() => (library.reached(camera) ?? 0) >= NINE + 23_000);
  raise(1, NINE + 12_000);
  await until(() => ledger.clips.waiting().length === 0);
  const held = filesOf(data);
  expect(held.size).toBeGreaterThan(2);

  const filler = join(data, 'filler');
  const { bavail, bsize } = statfsSync(data);
  writeFileSync(filler, Buffer.alloc(bavail * bsize));
  // Each place that writes: recorder, manifest, picture, ledger, package.
  await play(NINE + 24_000, 24);
  const step = alertStep(9, { subject: subjectId('R1') });
  const facts = { camera, at: NINE, ordinal: 1, width: 2, height: 2, boxes: [] };
  const picture = Buffer.alloc(64 << 10);
  const full = expect.objectContaining({ code: 'disk-full' });
  expect(() => evidence.saveSnapshot(step.id, { plain: picture, boxed: picture, facts })).toThrow(full);
  await expect(proof.manifests.append('cam-r1/2026-10-08', { type: 'gap', note: 'x'.repeat(100_000) })).rejects.toEqual(
    full,
  );
  for (let n = 2; n < 20; n++) raise(n, NINE + 30_000 + n);
  const deps = packageDeps({
    config,
    data,
    ledger,
    manifests: proof.manifests,
    version: '0',
    hasRoom: proof.upkeep.hasRoom,
  });
  const content = await sessionContent(session.id, deps, now);
  const build = { out: join(data, 'package'), madeAt: clock.now(), by: 'u1', reason: '' };
  await expect(buildPackage(content, deps, build)).rejects.toEqual(full);
  rmSync(build.out, { recursive: true, force: true });
  await proof.upkeep.run();
  for (const [path, size] of held) expect(statSync(path).size, path).toBe(size);

  rmSync(filler);
  await play(NINE + 60_000, 24);
  await until(() => (library.reached(camera) ?? 0) >= NINE + 80_000);
  expect(library.gaps(camera, NINE, plusMs(NINE, 100_000)).at(-1)).toMatchObject({ cause: 'disk-full' });
  now = plusMs(now, 60_000);
  await until(() => ledger.clips.waiting().length === 0);
  await proof.close();
  const describe = describeRecording(join(data, 'recordings'), clock);
  expect(await fsck({ data, ledger, manifests: proof.manifests, describe, deep: true })).toEqual([]);
  for (const [path, size] of held) expect(statSync(path).size, path).toBeGreaterThanOrEqual(size);
}, 120_000);
