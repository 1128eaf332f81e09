import { setMaxListeners } from 'node:events';
import { join, resolve } from 'node:path';
import { evidenceStore } from '../alerts/evidence/evidenceStore.js';
import { openLedger } from '../alerts/ledger/openLedger.js';
import { alertMessage, cameraMessage } from '../alerts/outbox/messages.js';
import { runOutbox } from '../alerts/outbox/runOutbox.js';
import type { Board } from '../board/createBoard.js';
import type { HearQueue } from '../board/ports.js';
import type { Clock } from '../core/clock.js';
import type { Config } from '../core/config/schema.js';
import type { Frame } from '../core/frame.js';
import type { AlertStep } from '../core/incident.js';
import { makeLiveHub } from '../core/liveHub.js';
import type { Logger } from '../core/log.js';
import type { ServiceSession } from '../core/service.js';
import type { SpeechEngine } from '../core/speech.js';
import { type EventMs, eventMs } from '../core/time.js';
import { openInference } from '../detectors/inference/pool.js';
import { sherpaAfter } from '../detectors/speech/sherpa/after.js';
import { speechModelsFolder } from '../detectors/speech/sherpa/installedModels.js';
import { reportService } from '../reports/reportService.js';
import { afterSession } from './afterSession.js';
import { boardConfig } from './boardConfig.js';
import { confirmFrames } from './confirmFrames.js';
import { demoEvaluation } from './demoEvaluation.js';
import { demoSupervisors } from './demoSupervisor.js';
import { deskFolders } from './deskFolders.js';
import { deskKeeper } from './deskKeeper.js';
import { diskNotice } from './evidenceAlarm.js';
import { faceWidthOf } from './faceWidth.js';
import { openHallBoard } from './hallBoard.js';
import { hallDetectors } from './hallDetectors.js';
import { hallEvidence } from './hallEvidence.js';
import { hallLiveViews } from './hallLiveViews.js';
import { hallLoops } from './hallLoops.js';
import { hallMonthly } from './hallMonthly.js';
import { hallPatrol } from './hallPatrol.js';
import { hallPeople } from './hallPeople.js';
import { hallRecorder } from './hallRecorder.js';
import { type HallSpeech, hallSpeech } from './hallSpeech.js';
import { hallTracks } from './hallTracks.js';
import { letHeapGrow } from './heapGrowth.js';
import { hourlyMeter } from './hourlyMeter.js';
import { makeJudge } from './judge.js';
import { overtakenNow } from './lateNotice.js';
import { openLooks } from './looks/openLooks.js';
import { observationKeeper } from './observationKeeper.js';
import type { Sighting } from './observeCamera.js';
import { openHallCameras } from './openHallCameras.js';
import { credentialsOf, openSinks } from './openSinks.js';
import { pipelineMeter } from './pipelineMeter.js';
import { recordedSound } from './recordedSound.js';
import { runningConfig } from './runningConfig.js';
import { runningEvaluations } from './runningEvaluations.js';
import { queueObservation } from './serviceQueue.js';
import { listenToQueue } from './serviceQueueMqtt.js';
import { siteFacts } from './siteFacts.js';
import { snapshotTaker } from './snapshotTaker.js';
import { openSpeechEngine } from './speechEngines.js';
import { hallWords } from './speechWords.js';
import { makeDataFolder, newestLook, rememberRules, restoreHall } from './startingPoint.js';
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
  /** Where ONVIF discovery asks instead of the multicast group. */
  discoverAt?: { address: string; port: number };
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

/**
 * The whole hall, from its cameras to its board. Everything that is opened here is closed by `close`.
 * @throws AppError where the data folder, a port or a secret cannot be used
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { env, clock, log } = options;
  letHeapGrow();
  const config = runningConfig(options.config);
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
  const keeper = await deskKeeper({ config, ledger, folders: () => deskFolders(config, log), data, log });
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
  const confirming = confirmFrames({ config, env, pictures, clock, log });
  const judge = makeJudge(tracks.all, async (track) => {
    const frame = await confirming.best(track.cameras[0]!, signal);
    return frame && detectors.confirm(track.subject, frame, signal);
  });

  const present = () => ({
    alerts: ledger.openIncidents().flatMap((incident) => {
      const last = ledger.stepsOf(incident.id).at(-1);
      return last ? [alertMessage(facts, last.step, last.seq)] : [];
    }),
    cameras: hub
      .snapshot()
      .cameras.filter(({ id }) => config.cameras.some((camera) => camera.id === id))
      .map(({ id, findings }) => cameraMessage(facts.site, id, findings, hub.snapshot().at)),
  });
  const opened = await openSinks({
    config,
    env,
    clock,
    log,
    present,
    suppressed: suppressedNow(ledger),
    overtaken: overtakenNow(ledger),
  });
  const newest = newestLook(ledger, tracks.all, eventMs(clock.now()));
  const eventNow = (): EventMs => eventMs(Math.max(hub.snapshot().at, newest ?? 0) || clock.now());
  const proof = hallEvidence({
    ...{ config, data, env, ledger, evidence, clock, log, signal, eventNow },
    onDisk: diskNotice({ config, ledger, sinks: opened.sinks, clock }),
  });
  const snapshots = snapshotTaker({ evidence, ledger, log, onFile: proof.kept });
  const trackOf = new Map<string, SubjectTrack>(tracks.all.map((track) => [track.subject, track]));
  let speech: HallSpeech | undefined;
  const recorder = hallRecorder({
    ...{ ledger, sinks: opened.sinks, facts, hub, log },
    onStep: (step) => {
      options.onStep?.(step);
      const frame = confirming.shown(step) ?? (step.camera === undefined ? undefined : pictures.get(step.camera));
      snapshots.take(step, frame, trackOf.get(step.subject)?.boxes() ?? []);
      speech?.onStep(step);
      proof.onStep(step);
    },
  });

  rememberRules(ledger, tracks, newest ?? eventMs(clock.now()));
  if (newest !== undefined) {
    const steps = restoreHall(ledger, tracks, { site: config.site.id, newest });
    recorder.keep({ observations: [], steps, touched: tracks.all }, newest);
  }

  const hearQueue: HearQueue = async (event) => recorder.keep(await judge.hear([queueObservation(event)]), event.at);
  const stopQueue = listenToQueue({
    ...{ config, hear: hearQueue, now: eventNow, log },
    credentials: credentialsOf(config, config.mqtt.credentials, env),
  });
  const outbox = runOutbox({ ledger, sinks: opened.sinks, clock, log, signal });
  const live = hallLiveViews({ config, env, clock, log });
  const sources = openHallCameras({
    ...{ config, env, data, clock, log, signal, lastEventAt: newest, recording: proof.recording },
  });
  const loops = hallLoops({
    ...{ sources, judge, recorder, hub, pictures, log, signal },
    detectorsOf: (id) => [...detectors.detectorsOf(id), ...people.signInDetectors(id)],
    leastWidthOf: (id) => faceWidthOf(config, id),
    onSighting(sighting) {
      looking.saw(sighting);
      options.onSighting?.(sighting);
    },
  });
  const reload = takeOver({
    ...{ running: config, tracks, judge, ledger, recorder, loops, desks: keeper, log, facts, eventNow },
  });
  const boardSettings = boardConfig(options.config, options.configFile, reload);
  const reports = reportService({ ledger, config: boardSettings.current, clock });
  const monthly = hallMonthly({
    ...{ reports, config: boardSettings.current, ledger, sinks: opened.sinks, data, clock, log },
  });
  const meter = pipelineMeter({
    ...{ ledger, sinks: opened.sinks, facts, outbox, cameras: () => loops.sources, clock, log },
  });
  const trimming = observationKeeper({ config, ledger, eventNow, clock, log });
  const hourly = hourlyMeter({ config, ledger, sinks: opened.sinks, facts, eventNow, clock, log });
  const patrol = hallPatrol({
    ...{ config, env, data, ledger, recorder, pictures, pool, clock, log },
    findings: loops.findingsOf,
    now: () => hub.snapshot().at,
  });
  const board = await openHallBoard({
    ...{ config, data, ledger, hub, pictures, pool, evidence, proof, people, keeper, sources, looking, opened, outbox },
    ...{ judge, reports, patrol, live, hearQueue, settings: boardSettings, facts, eventNow, service: options },
  });

  const firstPasswords = [board.firstPassword, ...(options.demo ? await demoSupervisors(ledger) : [])];

  for (const camera of config.cameras) loops.open(camera);

  const engine = options.speechEngine ?? (await openSpeechEngine({ config: config.rules.speech, data, clock, log }));
  speech = hallSpeech({
    ...{
      config,
      engine,
      ledger,
      judge,
      recorder,
      openSound: sources.openSound,
      findings: loops.findingsOf,
      clock,
      log,
    },
    words: hallWords({ site: config.site.id, ledger, file: config.rules.speech.words, log }),
    evidenceFolder: join(data, 'evidence'),
    clips: { onFile: proof.kept, onFailure: (error) => error.code === 'disk-full' && proof.upkeep.pressed() },
  });
  const after = afterSession({
    ...{ config, ledger, clock, log, after: sherpaAfter({ root: speechModelsFolder(data), clock }) },
    sound: recordedSound({ folder: join(data, 'recordings'), library: proof.recording.library, clock, log, signal }),
  });
  courtesy = hallCourtesy({
    config,
    engine,
    openSound: sources.openCameraSound,
    keep: ledger.courtesy.add,
    clock,
    log,
  });

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    stop.abort();
    await patrol.close();
    await reload.settled();
    await loops.closeAll();
    looking.close();
    meter.stop();
    await trimming.stop();
    await hourly.stop();
    await monthly.stop();
    await courtesy?.close();
    await speech?.close();
    await after.close();
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
    dropped: () => loops.sources.reduce((sum, source) => sum + source.stats().dropped, 0),
    close: () => (closing ??= close()),
  };
}
