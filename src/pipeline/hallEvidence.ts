import { join } from 'node:path';
import { type Manifests, openManifests } from '../alerts/evidence/chain/manifests.js';
import { evidenceRegister } from '../alerts/evidence/chain/register.js';
import { openSiteKey } from '../alerts/evidence/chain/siteKey.js';
import { clipKeeper, type KeptFile } from '../alerts/evidence/clips/keepClips.js';
import type { EvidenceStore } from '../alerts/evidence/evidenceStore.js';
import { fsck } from '../alerts/evidence/fsck/fsck.js';
import { incidentRecord } from '../alerts/evidence/record.js';
import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { Clock } from '../core/clock.js';
import type { Config } from '../core/config/schema.js';
import { messageOf } from '../core/errors.js';
import type { EvaluationSession } from '../core/evaluation.js';
import { type CameraId, cameraId } from '../core/ids.js';
import type { AlertStep } from '../core/incident.js';
import type { Logger } from '../core/log.js';
import { type EventMs, isoOf, plusMs } from '../core/time.js';
import { camerasOfRoom, describeRecording, evidenceLookup, sessionFinder } from './evidenceFacts.js';
import { type DiskStatus, type EvidenceUpkeep, evidenceUpkeep } from './evidenceUpkeep.js';
import { type HallRecording, hallRecording, recordingMode } from './hallRecording.js';
import { keepMainStill } from './mainStill.js';

export interface HallEvidenceOptions {
  config: Config;
  /** The data folder. */
  data: string;
  env: NodeJS.ProcessEnv;
  ledger: Ledger;
  evidence: EvidenceStore;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
  /** Newest event time of the hall. */
  eventNow(): EventMs;
  /** See `EvidenceUpkeepOptions`. */
  floorBytes?: number;
  onDisk?(status: DiskStatus): void;
}

/** Recording, clips, manifests, retention: everything that proves what the hall says. */
export interface HallEvidence {
  recording: HallRecording;
  manifests: Manifests;
  upkeep: EvidenceUpkeep;
  /** A step is in the ledger. Never throws. */
  onStep(step: AlertStep): void;
  /** A file of evidence is in the ledger. */
  kept(file: KeptFile): void;
  close(): Promise<void>;
}

const BEAT_MS = 1000;
/** Steps before a crash that are looked at again for clips that were never planned. */
const LOOK_BACK_STEPS = 200;
const FSCK_BACK_MS = 2 * 86_400_000;

/** Opens it all; what a crash left half done is mended in the background. @throws AppError `config`, `storage` */
export function hallEvidence(options: HallEvidenceOptions): HallEvidence {
  const { config, data, env, ledger, evidence, clock, log, eventNow } = options;
  const { digest, signature: algorithm, keyFile } = config.evidence;
  const signer = openSiteKey({ keyFile, site: config.site.id, dataFolder: data, algorithm, env });
  const manifests = openManifests({ folder: join(data, 'manifests'), digest, signer, clock });
  const register = evidenceRegister({ manifests, log, sm3: digest === 'sm3' });
  const { floorBytes } = options;
  const upkeep = evidenceUpkeep({
    ...{ config, data, ledger, manifests, clock, log, eventNow, lookup: evidenceLookup(config, ledger, eventNow) },
    ...(floorBytes === undefined ? {} : { floorBytes }),
    ...(options.onDisk ? { onDisk: options.onDisk } : {}),
  });
  const startedAt = clock.now();
  const folder = join(data, 'recordings');
  const sessions = sessionFinder(config, ledger);
  const recording = hallRecording({
    ...{ config, folder, clock, log, signal: options.signal, register, hasRoom: upkeep.hasRoom },
    ...{ sessionOf: sessions.within, openSince: sessions.openSince },
    onFailure(error) {
      log.warn({ error: error.message, code: error.code }, 'recording refused');
      if (error.code === 'disk-full') upkeep.pressed();
    },
  });
  let still: Promise<void> = Promise.resolve();
  const stillParts = { folder: join(data, 'evidence'), evidence, ledger, clock, log, onFile: register.kept };
  // One after the other: a picture is worth no second decoder at the same time.
  const stills = (clip: KeptFile): void => {
    still = still.then(() => keepMainStill(clip, stillParts));
  };
  const clips = clipKeeper({
    ...{ ledger, evidence, library: recording.library, parameters: config.evidence, clock, log },
    onFile(file) {
      register.kept(file);
      if (file.kind === 'clip') stills(file);
    },
  });

  const record = (step: AlertStep): void => {
    try {
      const bytes = incidentRecord(step.id, ledger);
      if (!bytes) return;
      const { id: incident, ordinal, at } = step;
      const file = evidence.saveFile({ incident, ordinal, kind: 'record', at, bytes });
      ledger.snapshots.add({ incident, ordinal, at, camera: step.camera, ...file });
      register.kept({ ...file, incident, ordinal, camera: step.camera, start: at, end: at });
    } catch (error) {
      log.warn({ incident: step.id, error: messageOf(error) }, 'record of an incident could not be kept');
    }
  };

  const onStep = (step: AlertStep): void => {
    clips.plan(step);
    if (step.step === 'ended') record(step);
  };

  const describe = describeRecording(folder, clock);

  /** What a crash left between the ledger, the files and the manifests. */
  const mend = async (): Promise<void> => {
    for (const { step } of ledger.stepsAfter(Math.max(0, ledger.lastSeq() - LOOK_BACK_STEPS), LOOK_BACK_STEPS)) {
      if (step.at >= plusMs(eventNow(), -config.recording.ringFor)) clips.plan(step);
    }
    const skip = (camera: string): boolean => recordingMode(config, camera) === 'continuous';
    const since = isoOf(plusMs(eventNow(), -FSCK_BACK_MS)).slice(0, 10);
    // What recorders left open is signed before holes are looked for.
    await recording.settled();
    await register.settle();
    const lines = await fsck({
      data,
      ledger,
      manifests,
      describe,
      since,
      before: startedAt,
      expected: recording.isKept,
      skip,
    });
    for (const { did, what, detail } of lines) log.info({ did, what, detail }, 'evidence mended');
  };

  const told = new Map<string, string>();
  const sessionChanged = async (session: EvaluationSession): Promise<void> => {
    const at = session.closedAt ?? session.openedAt;
    // An edit of the roster opens and closes nothing.
    if (at === undefined || session.state === 'planned' || told.get(session.id) === session.state) return;
    told.set(session.id, session.state);
    const cameras: CameraId[] = session.rooms.flatMap(({ room }) => camerasOfRoom(config, room)).map(cameraId);
    await recording.mark(cameras, at);
    const type = session.state === 'closed' ? 'closed' : 'opened';
    register.session(session.id, { type, at: isoOf(at), project: session.project });
  };

  const stopWatching = ledger.evaluations.watch((session) => {
    void sessionChanged(session).catch((error) => log.error({ error: messageOf(error) }, 'evaluation not marked'));
  });

  const mending = mend().catch((error) => log.error({ error: messageOf(error) }, 'evidence could not be mended'));
  const beat = clock.every(BEAT_MS, () => {
    void clips.beat(eventNow()).catch((error) => log.error({ error: messageOf(error) }, 'clips failed'));
    if (register.waiting > 0) void register.settle();
  });

  return {
    ...{ recording, manifests, upkeep, onStep },
    kept: register.kept,
    async close() {
      beat.cancel();
      stopWatching();
      await mending;
      await recording.close();
      await clips.beat(eventNow());
      await still;
      await register.settle();
      await upkeep.close();
    },
  };
}
