import { setMaxListeners } from 'node:events';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { evidenceStore } from '../alerts/evidence/evidenceStore.js';
import { type Ledger, openLedger } from '../alerts/ledger/openLedger.js';
import { alertMessage, cameraMessage } from '../alerts/outbox/messages.js';
import { runOutbox } from '../alerts/outbox/runOutbox.js';
import { type Board, createBoard } from '../board/createBoard.js';
import type { HearQueue } from '../board/ports.js';
import type { Clock } from '../core/clock.js';
import type { Config } from '../core/config/schema.js';
import { messageOf } from '../core/errors.js';
import { storageError } from '../core/files.js';
import type { Frame } from '../core/frame.js';
import type { CameraFinding } from '../core/health.js';
import { type CameraId, cameraId } from '../core/ids.js';
import type { AlertStep } from '../core/incident.js';
import { makeLiveHub } from '../core/liveHub.js';
import type { Logger } from '../core/log.js';
import type { ServiceSession } from '../core/service.js';
import type { SpeechEngine } from '../core/speech.js';
import { type EventMs, eventMs, plusMs } from '../core/time.js';
import { openInference } from '../detectors/inference/pool.js';
import { reportService } from '../reports/reportService.js';
import { backtestAbsence } from './backtest.js';
import { boardConfig } from './boardConfig.js';
import { cameraPort, evidencePort, systemPort } from './boardPorts.js';
import { cameraLoop } from './cameraLoop.js';
import { demoEvaluation } from './demoEvaluation.js';
import { demoSupervisors } from './demoSupervisor.js';
import { deskFolders } from './deskFolders.js';
import { deskKeeper } from './deskKeeper.js';
import { diskNotice, proofMetrics } from './evidenceAlarm.js';
import { packageDeps } from './evidenceFacts.js';
import { proofPort } from './evidencePort.js';
import { hallDetectors } from './hallDetectors.js';
import { hallEvidence } from './hallEvidence.js';
import { hallLiveViews } from './hallLiveViews.js';
import { hallMonthly } from './hallMonthly.js';
import { hallPatrol } from './hallPatrol.js';
import { hallPeople } from './hallPeople.js';
import { hallRecorder } from './hallRecorder.js';
import { type HallSpeech, hallSpeech } from './hallSpeech.js';
import { hallTracks } from './hallTracks.js';
import { makeJudge } from './judge.js';
import { openLooks } from './looks/openLooks.js';
import type { Sighting } from './observeCamera.js';
import { openHallCameras } from './openHallCameras.js';
import { credentialsOf, openSinks } from './openSinks.js';
import { pipelineMeter } from './pipelineMeter.js';
import { restoreTracks } from './restoreTracks.js';
import { runningEvaluations } from './runningEvaluations.js';
import { queueObservation } from './serviceQueue.js';
import { listenToQueue } from './serviceQueueMqtt.js';
import { siteFacts } from './siteFacts.js';
import { snapshotTaker } from './snapshotTaker.js';
import { openSpeechEngine } from './speechEngines.js';
import { speechModelRows } from './speechModels.js';
import { wordsPort } from './speechPort.js';
import { hallWords } from './speechWords.js';
import type { SubjectTrack } from './subjectTrack.js';
import { suppressedNow } from './suppressedNow.js';
import { takeOver } from './takeOver.js';
import { type HallCourtesy, hallCourtesy } from './windowSound.js';

export interface ServiceOptions {
  config: Config;
  /** The file the configuration came from, where board edits go; undefined for the simulated hall. */
  configFile: string | undefined;
  env: NodeJS.ProcessEnv;
  clock: Clock;
  log: Logger;
  version: string;
  webFolder: string | undefined;
  /** Adds both supervisors' accounts beside the administrator's: for the simulated hall. */
  demo?: boolean;
  /** Listens instead of the engine that the configuration asks for. */
  speechEngine?: SpeechEngine;
  /** Told of every sighting after it was judged; for benchmarks. Must not throw. */
  onSighting?: (sighting: Sighting) => void;
  /** Told of every step once the board was told; for benchmarks. Must not throw. */
  onStep?: (step: AlertStep) => void;
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
  const people = hallPeople({ config, ledger, live: hub, pool, data, clock, log });
  if (options.demo) demoEvaluation(ledger, config, eventMs(clock.now()));
  const evaluations = runningEvaluations({ ledger, vault: people.vault, log });
  const looking = openLooks({ config, pool, clock, log });
  const keeper = await deskKeeper({ config, ledger, folders: await deskFolders(config, log), data, log });
  const detectors = hallDetectors(config, pool, {
    ...{ galleryOf: evaluations.gallery, looks: looking.looks, desks: keeper.source },
  });

  let courtesy: HallCourtesy | undefined;
  const sessionEnded = (session: ServiceSession): void => {
    ledger.serviceSessions.add(session);
    courtesy?.sessionEnded(session);
  };
  const tracks = hallTracks(
    config,
    (window) => ledger.leaves.of(window, eventMs(0), eventMs(Number.MAX_SAFE_INTEGER)),
    { running: evaluations.running, keep: ledger.roomEntries.add, sessionEnded },
  );
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
  const opened = await openSinks({ config, env, clock, log, present, suppressed: suppressedNow(ledger) });
  const newest = newestLook(ledger, tracks.all, eventMs(clock.now()));
  const eventNow = (): EventMs => eventMs(Math.max(hub.snapshot().at, newest ?? 0) || clock.now());
  const proof = hallEvidence({
    config,
    data,
    env,
    ledger,
    evidence,
    clock,
    log,
    signal,
    eventNow,
    onDisk: diskNotice({ config, ledger, sinks: opened.sinks, clock }),
  });
  const snapshots = snapshotTaker({ evidence, ledger, log, onFile: proof.kept });
  const trackOf = new Map<string, SubjectTrack>(tracks.all.map((track) => [track.subject, track]));
  let speech: HallSpeech | undefined;
  const recorder = hallRecorder({
    ...{ ledger, sinks: opened.sinks, facts, hub, log },
    onStep: (step) => {
      options.onStep?.(step);
      const frame = step.camera === undefined ? undefined : pictures.get(step.camera);
      snapshots.take(step, frame, trackOf.get(step.subject)?.boxes() ?? []);
      speech?.onStep(step);
      proof.onStep(step);
    },
  });

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

  const hearQueue: HearQueue = async (event) => recorder.keep(await judge.hear([queueObservation(event)]), event.at);
  const stopQueue = listenToQueue({
    ...{ config, hear: hearQueue, now: eventNow, log },
    credentials: credentialsOf(config, config.mqtt.credentials, env),
  });
  const outbox = runOutbox({ ledger, sinks: opened.sinks, clock, log, signal });
  const live = hallLiveViews({ config, env, clock, log });
  const sources = openHallCameras({
    config,
    env,
    data,
    clock,
    log,
    signal,
    lastEventAt: newest,
    recording: proof.recording,
  });
  const { cameras, openSound, openCameraSound } = sources;
  const boardSettings = boardConfig(config, options.configFile, takeOver({ tracks, judge, ledger, facts, eventNow }));
  const reports = reportService({ ledger, config: boardSettings.current, clock });
  const monthly = hallMonthly({
    reports,
    config: boardSettings.current,
    ledger,
    sinks: opened.sinks,
    data,
    clock,
    log,
  });
  const meter = pipelineMeter({
    ledger,
    sinks: opened.sinks,
    facts,
    outbox,
    cameras: () => sources.cameras,
    clock,
    log,
  });
  const patrol = hallPatrol({
    ...{ config, env, data, ledger, recorder, pictures, pool, clock, log },
    findings: (camera) => findingsOf(camera),
    now: () => hub.snapshot().at,
  });
  const board = await createBoard({
    reports,
    ...people.ports,
    patrol: patrol.port,
    ...{ ledger, live: hub, clock, log, version: options.version, webFolder: options.webFolder },
    config: boardSettings,
    listen: { host: config.board.host, port: config.board.port },
    dataFolder: data,
    ledgerFile: join(data, 'ledger.sqlite'),
    ...(config.board.publicUrl === undefined ? {} : { publicUrl: config.board.publicUrl }),
    ...(config.board.metricsPort === undefined ? {} : { metricsPort: config.board.metricsPort }),
    cameras: cameraPort(pictures, pool, {
      ...{
        clock,
        log,
        live,
        acceptView: sources.acceptView,
        ingest: config.ingest,
        minScore: config.inference.minScore,
      },
    }),
    evidence: evidencePort(evidence),
    proof: proofPort({
      ...{ config, ledger, proof, clock, log, eventNow },
      deps: packageDeps({
        ...{ config, data, ledger, manifests: proof.manifests, version: options.version },
        hasRoom: proof.upkeep.hasRoom,
      }),
    }),
    words: wordsPort,
    desks: keeper.port,
    hearQueue,
    system: {
      ...systemPort(
        opened.sinks.map((sink) => sink.name),
        () => outbox,
        { ledger, simulated: sources.simulated, speechModels: speechModelRows(data, log) },
      ),
      metrics: () => [...looking.metrics(), ...proofMetrics(proof)],
    },
    backtest: async (request) => backtestAbsence({ config: boardSettings.current(), ledger, ...request }),
    dutyChanged: judge.rosterChanged,
  });

  const firstPasswords = [board.firstPassword, ...(options.demo ? await demoSupervisors(ledger) : [])];

  const findings = new Map<string, Set<CameraFinding>>(cameras.map(({ camera }) => [camera, new Set()]));
  const findingsOf = (camera: CameraId): Set<CameraFinding> => findings.get(camera) ?? new Set();
  const loops = cameras.map(async (source) => {
    const id = cameraId(source.camera);
    const own = [...detectors.detectorsOf(id), ...people.signInDetectors(id)];
    try {
      await cameraLoop({
        source,
        detectors: own,
        judge,
        recorder,
        hub,
        pictures,
        findings: findingsOf(cameraId(source.camera)),
        log,
        signal,
        onSighting(sighting) {
          looking.saw(sighting);
          options.onSighting?.(sighting);
        },
      });
    } catch (error) {
      if (!signal.aborted) log.error({ camera: source.camera, error: messageOf(error) }, 'camera loop ended');
    }
  });

  const engine = options.speechEngine ?? (await openSpeechEngine({ config: config.rules.speech, data, clock, log }));
  speech = hallSpeech({
    ...{ config, engine, ledger, judge, recorder, openSound, findings: findingsOf, clock, log },
    words: hallWords({ site: config.site.id, ledger, file: config.rules.speech.words, log }),
    evidenceFolder: join(data, 'evidence'),
  });
  courtesy = hallCourtesy({ config, engine, openSound: openCameraSound, keep: ledger.courtesy.add, clock, log });

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    stop.abort();
    await patrol.close();
    await Promise.all(cameras.map((source) => source.close()));
    await Promise.all(loops);
    looking.close();
    meter.stop();
    await monthly.stop();
    await courtesy?.close();
    await speech?.close();
    await snapshots.idle();
    await proof.close();
    await stopQueue?.();
    await outbox.done;
    await board.close();
    people.close();
    await live.close();
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

/** Event time of the newest look in the ledger, so that event time never runs backwards over a restart. */
function newestLook(ledger: Ledger, tracks: readonly SubjectTrack[], now: EventMs): EventMs | undefined {
  const since = plusMs(now, -LOOK_BACK_MS);
  const until = plusMs(now, LOOK_BACK_MS);
  const ends = tracks.flatMap((track) =>
    ledger.observations.runsOf(track.subject, [...track.kinds], since, until).map((run) => run.lastAt),
  );
  return ends.length > 0 ? eventMs(Math.max(...ends)) : undefined;
}
