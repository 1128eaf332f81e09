import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.js';
import { parseConfig } from '../../src/core/config/load.js';
import { personId, STAFF_LIST } from '../../src/core/evaluation.js';
import { makeFrame } from '../../src/core/frame.js';
import { cameraId } from '../../src/core/ids.js';
import { silentLogger } from '../../src/core/log.js';
import { type EventMs, plusMs } from '../../src/core/time.js';
import { judgePhoto } from '../../src/detectors/faces/enrol.js';
import { faceNetworks } from '../../src/detectors/faces/findFaces.js';
import { MATCH_LIMITS } from '../../src/detectors/faces/match.js';
import { type InferencePool, openInference } from '../../src/detectors/inference/pool.js';
import { readPicture } from '../../src/detectors/readPicture.js';
import { type FaceVault, faceVault } from '../../src/pipeline/faceVault.js';
import { punchWatch } from '../../src/pipeline/punchWatch.js';
import { signInWatch } from '../../src/pipeline/signInWatch.js';
import { templateKeys } from '../../src/pipeline/templateKeys.js';
import { evaluation, expert, NINE } from '../support/evaluation.js';
import { temporaryFolder, testLedger } from '../support/ledger.js';
import { modelCache } from '../support/modelCache.js';
import { sharedPath } from '../support/shared.js';

const faces = sharedPath('footage/faces/london');
const CAMERA = cameraId('cam-door');
const config = parseConfig(
  'site: { id: t, name: t }\ncameras: [{ id: cam-door, source: "sim:room" }]\nrooms: [{ id: R1, cameras: [cam-door], signIn: { camera: cam-door } }]\nattendance: { enabled: true, camera: cam-door }\n',
  'hall.yaml',
);
const never = new AbortController().signal;

describe.skipIf(faces === undefined)('the sign-in camera, with real faces', { timeout: 120_000 }, () => {
  let pool: InferencePool;
  beforeAll(async () => {
    pool = await openInference({
      backend: 'auto',
      workers: 1,
      cacheFolder: modelCache(),
      log: silentLogger,
      clock: systemClock,
    });
  });
  afterAll(() => pool.close());

  function setup() {
    const folder = temporaryFolder();
    const ledger = testLedger();
    const vault = faceVault(ledger, templateKeys(join(folder, 'keys'), join(folder, 'var')));
    return { ledger, vault, networks: faceNetworks(pool) };
  }
  const enrol = async (vault: FaceVault, list: string, person: string, file: string): Promise<void> => {
    const { descriptor, verdict } = await judgePhoto(await readPicture(join(faces!, file)), faceNetworks(pool));
    vault.add({ list, person: personId(person), descriptor: descriptor!, verdict, by: 'chen' });
  };
  const frameOf = async (file: string, at: EventMs) => {
    const { width, height, rgb } = await readPicture(join(faces!, file), { longest: 640 });
    return makeFrame({ camera: CAMERA, at, width, height, rgb, keyframe: true });
  };

  it('records whom three looks agree on, once, and nobody who is not on the roster', async () => {
    const { ledger, vault, networks } = setup();
    const session = ledger.evaluations.save(
      {
        ...evaluation({ roster: [expert('P1'), expert('P2')] }),
        signIn: [{ category: '技术', batch: '', from: NINE, to: plusMs(NINE, 600_000) }],
      },
      0,
    );
    await enrol(vault, session.id, 'P1', '001_neutral.jpg');
    await enrol(vault, session.id, 'P2', '005_neutral.jpg');
    const watch = signInWatch({ camera: CAMERA, rooms: config.rooms, networks, limits: MATCH_LIMITS, vault, ledger });
    const stand = async (file: string, from: number, looks: number): Promise<void> => {
      for (let i = 0; i < looks; i++) await watch.observe(await frameOf(file, plusMs(NINE, from + i * 2000)), never);
    };
    await stand('001_smile.jpg', 0, 2);
    expect(ledger.signIns.of(session.id)).toEqual([]);
    await stand('001_smile.jpg', 4000, 3);
    await stand('016_smile.jpg', 60_000, 4);
    expect(ledger.signIns.of(session.id)).toMatchObject([
      { person: 'P1', way: 'camera', verdict: 'on-time', at: NINE, by: 'system', camera: 'cam-door' },
    ]);
    expect(ledger.signIns.of(session.id)[0]!.similarity).toBeGreaterThan(0.7);
  });

  it('looks at nobody while no evaluation is near', async () => {
    const { ledger, vault, networks } = setup();
    const refusing = { ...networks, blazeface: { run: () => Promise.reject(new Error('looked')) } };
    const watch = signInWatch({
      camera: CAMERA,
      rooms: config.rooms,
      networks: refusing,
      limits: MATCH_LIMITS,
      vault,
      ledger,
    });
    expect(await watch.observe(await frameOf('001_smile.jpg', NINE), never)).toEqual([]);
  });

  it('records a punch of staff in its window', async () => {
    const { ledger, vault, networks } = setup();
    await enrol(vault, STAFF_LIST, 'u1', '003_neutral.jpg');
    const watch = punchWatch({ config, networks, limits: MATCH_LIMITS, vault, ledger });
    for (let i = 0; i < 5; i++)
      await watch.observe(await frameOf('003_smile.jpg', plusMs(NINE, 60_000 + i * 2000)), never);
    expect(ledger.signIns.of(STAFF_LIST)).toMatchObject([
      { person: 'u1', punch: 'am-in', verdict: 'late', offMs: 60_000 },
    ]);
  });
});
