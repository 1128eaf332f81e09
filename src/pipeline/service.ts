import { setMaxListeners } from 'node:events';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { evidenceStore } from '../alerts/evidence/evidenceStore.js';
import { type Ledger, openLedger } from '../alerts/ledger/openLedger.js';
import { alertMessage, cameraMessage, type SiteFacts } from '../alerts/outbox/messages.js';
import { runOutbox } from '../alerts/outbox/runOutbox.js';
import { type Board, createBoard } from '../board/createBoard.js';
import type { Clock } from '../core/clock.js';
import type { Config } from '../core/config/schema.js';
import { messageOf } from '../core/errors.js';
import { storageError } from '../core/files.js';
import type { Frame } from '../core/frame.js';
import { cameraId } from '../core/ids.js';
import { makeLiveHub } from '../core/liveHub.js';
import type { Logger } from '../core/log.js';
import { type EventMs, eventMs, plusMs } from '../core/time.js';
import { openInference } from '../detectors/inference/pool.js';
import { backtestAbsence } from './backtest.js';
import { boardConfig } from './boardConfig.js';
import { cameraPort, evidencePort, systemPort } from './boardPorts.js';
import { cameraLoop } from './cameraLoop.js';
import { demoSupervisor } from './demoSupervisor.js';
import { hallDetectors } from './hallDetectors.js';
import { hallRecorder } from './hallRecorder.js';
import { hallTracks } from './hallTracks.js';
import { makeJudge } from './judge.js';
import type { Sighting } from './observeCamera.js';
import { openHallCameras } from './openHallCameras.js';
import { openSinks } from './openSinks.js';
import { restoreTracks } from './restoreTracks.js';
import { snapshotTaker } from './snapshotTaker.js';
import type { SubjectTrack } from './subjectTrack.js';

export interface ServiceOptions {
  config: Config;
  /** The file the configuration came from, where board edits go; undefined for the simulated hall. */
  configFile: string | undefined;
  env: NodeJS.ProcessEnv;
  clock: Clock;
  log: Logger;
  version: string;
  webFolder: string | undefined;
  /** Adds a supervisor's account beside the administrator's: for the simulated hall. */
  demo?: boolean;
  /** Told of every sighting after it was judged; for benchmarks. Must not throw. */
  onSighting?: (sighting: Sighting) => void;
}

export interface Service {
  board: Board;
  /** One-time passwords of accounts that nobody has taken over yet. */
  firstPasswords: Array<{ name: string; password: string }>;
  brokerUrl: string | undefined;
  /** Frames that were replaced by a newer one before anybody looked. */
  dropped(): number;
  /** Stops in the order of the flow: cameras, looks, outbox, board, ledger. Idempotent. */
  close(): Promise<void>;
}

/** How far back the newest look is searched after a restart. */
const LOOK_BACK_MS = 26 * 3_600_000;

/**
 * The whole hall, from its cameras to its board. Everything that is opened here is closed by `close`.
 * @throws AppError where the data folder, a port or a secret cannot be used
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { config, env, clock, log } = options;
  const data = resolve(config.storage.data);
  makeDataFolder(data);
  const ledger = openLedger(join(data, 'ledger.sqlite'), { clock, log });
  const stop = new AbortController();
  const { signal } = stop;
  // Every camera, sink and look listens to it: their number is the hall's, not a leak.
  setMaxListeners(0, signal);
  const hub = makeLiveHub(log);
  const pictures = new Map<string, Frame>();
  const evidence = evidenceStore(join(data, 'evidence'));
  const facts = siteFacts(config);
  const pool = await openInference({ ...config.inference, cacheFolder: join(data, 'models'), log, clock });
  const detectors = hallDetectors(config, pool);

  const tracks = hallTracks(config, (window) => ledger.leaves.of(window, eventMs(0), eventMs(Number.MAX_SAFE_INTEGER)));
  const judge = makeJudge(tracks.all, async (track) => {
    const frame = pictures.get(track.cameras[0]!);
    return frame && detectors.confirm(track.subject, frame, signal);
  });

  const present = () => ({
    alerts: ledger.openIncidents().flatMap((incident) => {
      const last = ledger.stepsOf(incident.id).at(-1);
      return last ? [alertMessage(facts, last.step, last.seq)] : [];
    }),
    cameras: hub
      .snapshot()
      .cameras.map(({ id, findings }) => cameraMessage(facts.site, id, findings, hub.snapshot().at)),
  });
  const opened = await openSinks({ config, env, clock, log, present });
  const snapshots = snapshotTaker({ evidence, ledger, log });
  const trackOf = new Map<string, SubjectTrack>(tracks.all.map((track) => [track.subject, track]));
  const recorder = hallRecorder({
    ...{ ledger, sinks: opened.sinks, facts, hub, log },
    onStep: (step) => {
      const frame = step.camera === undefined ? undefined : pictures.get(step.camera);
      snapshots.take(step, frame, trackOf.get(step.subject)?.boxes() ?? []);
    },
  });

  const newest = newestLook(ledger, tracks.all, eventMs(clock.now()));
  const effectiveFrom = newest ?? eventMs(clock.now());
  const rules = [
    ...tracks.windows.map(({ absence }) => absence.rule),
    ...tracks.all.flatMap((track) => track.attached.flatMap((attached) => attached.rules)),
  ];
  for (const { name: rule, version, parameters } of rules) {
    ledger.ruleVersions.remember({ rule, version, parameters, effectiveFrom });
  }
  if (newest !== undefined) {
    const context = { ledger, site: config.site.id, newest };
    const swallowed = [
      ...restoreTracks(ledger, tracks.windows, context),
      ...tracks.all.flatMap((track) => track.attached.flatMap((rule) => rule.restore?.(context) ?? [])),
    ];
    recorder.keep({ observations: [], steps: swallowed, touched: tracks.all }, newest);
  }

  const outbox = runOutbox({ ledger, sinks: opened.sinks, clock, log, signal });
  const cameras = openHallCameras({ config, env, data, clock, log, signal, lastEventAt: newest });
  const board = await createBoard({
    ...{ ledger, live: hub, clock, log, version: options.version, webFolder: options.webFolder },
    config: boardConfig(config, options.configFile),
    listen: { host: config.board.host, port: config.board.port },
    dataFolder: data,
    ledgerFile: join(data, 'ledger.sqlite'),
    ...(config.board.publicUrl === undefined ? {} : { publicUrl: config.board.publicUrl }),
    ...(config.board.metricsPort === undefined ? {} : { metricsPort: config.board.metricsPort }),
    cameras: cameraPort(pictures, pool, { clock, log, ingest: config.ingest, minScore: config.inference.minScore }),
    evidence: evidencePort(evidence),
    system: systemPort(
      opened.sinks.map((sink) => sink.name),
      () => outbox,
    ),
    backtest: async (request) => backtestAbsence({ config, ledger, ...request }),
    dutyChanged: judge.rosterChanged,
  });

  const firstPasswords = [board.firstPassword, options.demo ? await demoSupervisor(ledger) : undefined];

  const loops = cameras.map(async (source) => {
    const own = detectors.detectorsOf(cameraId(source.camera));
    try {
      await cameraLoop({
        source,
        detectors: own,
        judge,
        recorder,
        hub,
        pictures,
        log,
        signal,
        onSighting: options.onSighting,
      });
    } catch (error) {
      if (!signal.aborted) log.error({ camera: source.camera, error: messageOf(error) }, 'camera loop ended');
    }
  });

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    stop.abort();
    await Promise.all(cameras.map((source) => source.close()));
    await Promise.all(loops);
    await snapshots.idle();
    await outbox.done;
    await board.close();
    await opened.close();
    await pool.close();
    await ledger.close();
  };
  return {
    board,
    firstPasswords: firstPasswords.filter((account) => account !== undefined),
    brokerUrl: opened.brokerUrl,
    dropped: () => cameras.reduce((sum, source) => sum + source.stats().dropped, 0),
    close: () => (closing ??= close()),
  };
}

function makeDataFolder(path: string): void {
  try {
    // Node answers ENOENT to a recursive mkdir on a read-only disk; the parent tells what is really wrong.
    if (!existsSync(path) && existsSync(dirname(path))) accessSync(dirname(path), constants.W_OK);
    mkdirSync(path, { recursive: true, mode: 0o750 });
    accessSync(path, constants.W_OK);
  } catch (cause) {
    throw storageError(`data folder ${path}`, cause);
  }
}

function siteFacts({ site, windows, rooms }: Config): SiteFacts {
  const subjects = new Map<string, { type: 'window' | 'room'; name: string; department: string }>();
  for (const { id, name, department } of windows) subjects.set(id, { type: 'window', name: name ?? id, department });
  for (const { id, name } of rooms) subjects.set(id, { type: 'room', name: name ?? id, department: '' });
  return { site: site.id, district: site.district, subjects };
}

/** Event time of the newest look in the ledger, so that event time never runs backwards over a restart. */
function newestLook(ledger: Ledger, tracks: readonly SubjectTrack[], now: EventMs): EventMs | undefined {
  const since = plusMs(now, -LOOK_BACK_MS);
  const until = plusMs(now, LOOK_BACK_MS);
  const ends = tracks.flatMap((track) =>
    ledger.observations.runsOf(track.subject, [...track.kinds], since, until).map((run) => run.lastAt),
  );
  return ends.length > 0 ? eventMs(Math.max(...ends)) : undefined;
}
