import { afterAll, expect, it } from 'vitest';
import { parseConfig } from '../../src/core/config/load.js';
import { formatDuration, parseDuration } from '../../src/core/duration.js';
import { type Frame, makeFrame } from '../../src/core/frame.js';
import { blinds, type CameraFinding } from '../../src/core/health.js';
import { cameraId, windowId } from '../../src/core/ids.js';
import { silentLogger } from '../../src/core/log.js';
import type { Observation } from '../../src/core/observation.js';
import type { RuleDetail } from '../../src/core/rule.js';
import type { ServiceSession } from '../../src/core/service.js';
import { eventMs } from '../../src/core/time.js';
import { deskDetector } from '../../src/detectors/desk/deskDetector.js';
import { peopleAround, peopleOf } from '../../src/detectors/desk/lookAtDesk.js';
import { type DeskReference, deskReference } from '../../src/detectors/desk/references.js';
import { defaultStandard } from '../../src/detectors/desk/standard.js';
import { deskZone } from '../../src/detectors/desk/zone.js';
import { openBackend } from '../../src/detectors/inference/openBackend.js';
import { detectObjects, type ObjectFinder } from '../../src/detectors/persons/detectObjects.js';
import { liveFinder } from '../../src/detectors/persons/finders.js';
import { pictureHealth } from '../../src/ingest/health/pictureHealth.js';
import { smallGray } from '../../src/ingest/pictures.js';
import { windowZones } from '../../src/ingest/simulator/layout.js';
import { findScene } from '../../src/ingest/simulator/scenes.js';
import { sceneTruth } from '../../src/ingest/simulator/script.js';
import { PICTURE_HEIGHT, PICTURE_WIDTH } from '../../src/ingest/simulator/sprite.js';
import { openStage } from '../../src/ingest/simulator/stage.js';
import { hallTracks } from '../../src/pipeline/hallTracks.js';
import { type Judgement, makeJudge } from '../../src/pipeline/judge.js';
import { modelCache } from '../support/modelCache.js';

const CAMERA = cameraId('cam');
/** A night and three hours to the nearest day, so that nothing works only because it starts at zero. */
const ORIGIN = 1_791_421_200_000;
/** People are looked at this often; the picture is painted and looked at every third time, and each time round the push. */
const EVERY_MS = 10_000;
const PICTURE_EVERY_MS = 30_000;

const zones = JSON.stringify(windowZones(1)).slice(1, -1);
const config = parseConfig(
  `{site: {id: t, name: t}, cameras: [{id: cam, source: "sim:desk-day"}],
    windows: [{id: D02, camera: cam, ${zones}}], rules: {absence: {absentAfter: 4h}}}`,
  'test',
);

const cacheFolder = modelCache();
const loaded: Array<ReturnType<typeof openBackend>> = [];
afterAll(async () => {
  for (const network of loaded) await (await network).close();
});

/** The real network in this thread, instead of the pool's workers. */
const network = liveFinder(
  {
    objectFinder(size) {
      const open = openBackend('centernet', size ?? {}, { backend: 'auto', cacheFolder, log: silentLogger });
      loaded.push(open);
      return async (picture, options, signal) => detectObjects(picture, await open, options, signal);
    },
  },
  384,
);

const frameAt = (rgb: Uint8Array, at: number): Frame =>
  makeFrame({ camera: CAMERA, at: eventMs(at), width: PICTURE_WIDTH, height: PICTURE_HEIGHT, rgb, keyframe: true });

/**
 * The day through its pictures: picture health, desk detector, tracks, alert machine. People at the window are told by the
 * script, as one look every two seconds for three hours would take minutes; the desk is judged by what is seen.
 */
async function liveThrough(find: ObjectFinder) {
  const scene = findScene('desk-day');
  const stage = await openStage(scene);
  const window = config.windows[0]!;
  // What a supervisor would do: the tidy desk, once by day and once with the lamp on.
  const zone = deskZone(window.deskZone);
  const references: DeskReference[] = [];
  for (const at of ['24m', '34m']) {
    const frame = frameAt(stage.paint(parseDuration(at)), 0);
    const found = await peopleAround(frame, { zone, find });
    references.push(deskReference(frame, zone, peopleOf(found)));
  }
  const settings = config.rules.desk;
  const detector = deskDetector({
    camera: CAMERA,
    desks: [{ ...window, ...settings }],
    source: { standardOf: () => defaultStandard(), referencesOf: () => references },
    find,
  });
  const sessions: ServiceSession[] = [];
  const judge = makeJudge(
    hallTracks(config, undefined, {
      ...{ running: () => undefined, keep: () => {} },
      sessionEnded: (session) => sessions.push(session),
    }).all,
  );
  const health = pictureHealth({ frozenAfterMs: parseDuration('45s'), moved: true });
  const blinding = new Set<CameraFinding>();
  const findings: string[] = [];
  const tell = (judgement: Judgement): void => {
    for (const step of judgement.steps.filter(({ rule }) => rule === 'desk')) {
      const what = step.step === 'open' ? ` ${proofOf(step.detail)}` : '';
      findings.push(`${since(step.at)} desk ${step.step}, began ${since(step.start)}${what}`);
    }
  };
  for (let ms = 0; ms < parseDuration('3h'); ms += EVERY_MS) {
    const at = eventMs(ORIGIN + ms);
    const truth = sceneTruth(scene, ms).windows[1]!;
    const base = { subject: windowId('D02'), at, camera: CAMERA };
    const observations: Observation[] = [
      { ...base, kind: 'staff', value: truth.staff },
      { ...base, kind: 'citizens', value: truth.citizens },
    ];
    const busy = ms >= parseDuration('79m') && ms < parseDuration('96m');
    if (busy || ms % PICTURE_EVERY_MS === 0) {
      const frame = frameAt(stage.paint(ms), at);
      for (const { finding, state } of health.step(smallGray(frame.rgb, frame.width, frame.height), at)) {
        findings.push(`${since(at)} camera ${finding} ${state}`);
        if (state === 'raised' && blinds(finding)) blinding.add(finding);
        else blinding.delete(finding);
      }
      const [reason] = blinding;
      if (reason) tell(await judge.feed({ type: 'blind', camera: CAMERA, at, reason }));
      else observations.push(...(await detector.observe(frame, new AbortController().signal)));
    }
    if (blinding.size === 0)
      tell(await judge.feed({ type: 'look', camera: CAMERA, at, frame: NO_FRAME, observations }));
    tell(await judge.feed({ type: 'tick', camera: CAMERA, at: eventMs(at + 1000) }));
  }
  return { findings, sessions: sessions.map(({ kind, start, end }) => `${kind} ${since(start)} to ${since(end)}`) };
}

const since = (at: number): string => formatDuration(at - ORIGIN);
const NO_FRAME = makeFrame({
  camera: CAMERA,
  at: eventMs(0),
  width: 1,
  height: 1,
  rgb: new Uint8Array(3),
  keyframe: true,
});

/** Which proof an incident rests on. What the network calls a drawn bag is left out. */
const proofOf = (detail: RuleDetail | undefined): string =>
  ((detail?.difference_percent ?? []) as number[]).length > 0 ? 'difference' : 'items';

it('tells the cup, the bag over night and the pushed camera of a day, and nothing else', async () => {
  const { findings, sessions } = await liveThrough(network);
  expect(findings).toEqual([
    '1h7m30s desk open, began 1h2m30s difference',
    '1h9m30s desk ended, began 1h2m30s',
    '1h20m20s camera moved raised',
    '1h34m10s camera moved cleared',
    '1h45m30s desk open, began 1h40m30s difference',
    '2h37m desk ended, began 1h40m30s',
  ]);
  expect(sessions).toEqual(['served 50m to 57m50s', 'served 2h33m30s to 2h35m50s']);
}, 300_000);
