import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvidenceRegister } from '../alerts/evidence/chain/register.js';
import type { Clock } from '../core/clock.js';
import type { CameraConfig, Config } from '../core/config/schema.js';
import { type AppError, messageOf } from '../core/errors.js';
import { type CameraId, cameraId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import type { RecordingClass, RecordingGap } from '../core/recording.js';
import type { EventMs } from '../core/time.js';
import { describeFile } from '../ingest/recording/describe.js';
import { type ClosedFile, type FileWriter, fileWriter } from '../ingest/recording/fileWriter.js';
import { type RecordingIndex, recordingLibrary } from '../ingest/recording/library.js';
import {
  type CameraRecorder,
  openRecorder,
  type RecorderDeps,
  type RecorderState,
} from '../ingest/recording/openRecorder.js';
import { recoverOpenFiles } from '../ingest/recording/recover.js';
import { trimRing } from '../ingest/recording/ring.js';
import { sceneTap } from '../ingest/recording/sceneTap.js';
import type { SceneTap } from '../ingest/simulator/openScene.js';
import { isSimulated } from '../ingest/simulator/simulator.js';

/** What recorders share with the analysis of the same cameras. */
export type SharedWithAnalysis = Pick<RecorderDeps, 'fleet' | 'recorder' | 'resolveOnvif'> & {
  credentialsOf(camera: CameraConfig): ReturnType<RecorderDeps['credentials']>;
};

export interface HallRecordingOptions {
  config: Config;
  /** The recordings folder. */
  folder: string;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
  register: EvidenceRegister;
  /** The evaluation that was open in a camera's room at some time of the span. */
  sessionOf(camera: CameraId, from: EventMs, to: EventMs): string | undefined;
  /** When the evaluation that is open in a camera's room now was opened. */
  openSince(camera: CameraId): EventMs | undefined;
  hasRoom(): boolean;
  onFailure(error: AppError): void;
}

/** The recorders of all cameras. */
export interface HallRecording {
  library: RecordingIndex;
  /** What recorders share with the analysis; before the first camera is opened. */
  share(shared: SharedWithAnalysis): void;
  /** Opens the recorder of a live camera, where it is recorded. */
  open(camera: CameraConfig): void;
  /** Closes the recorder of a camera that is watched no more, and waits for its last file. */
  forget(camera: string): Promise<void>;
  /** Records a simulated camera; undefined where it is not recorded. */
  tapOf(camera: CameraConfig): SceneTap | undefined;
  states(): RecorderState[];
  /** Whether a stretch of a camera is kept beyond the ring. */
  isKept(camera: CameraId, from: EventMs, to: EventMs): boolean;
  /** Waits for signatures under way. */
  settled(): Promise<void>;
  /** Declares what is missing at an instant that somebody will ask for. */
  mark(cameras: readonly CameraId[], at: EventMs): Promise<void>;
  close(): Promise<void>;
}

/** What a camera is recorded as: the higher of what its windows and its rooms ask for; undefined where it is not. */
export function recordingMode(config: Config, camera: string): 'ring' | 'session' | 'continuous' | undefined {
  const { enabled, windows, rooms, exclude } = config.recording;
  if (!enabled || exclude.includes(camera)) return undefined;
  const ofRooms = config.rooms.some((room) => room.cameras.includes(camera) || room.audio === camera) ? rooms : 'off';
  const ofWindows = ofRooms === 'off' || config.windows.some((window) => window.camera === camera) ? windows : 'off';
  const modes = [ofRooms, ofWindows];
  return (['continuous', 'session', 'ring'] as const).find((mode) => modes.includes(mode));
}

/** Makes the recorders; closes first what a killed process left open. @throws AppError `storage` */
export function hallRecording(options: HallRecordingOptions): HallRecording {
  const { config, folder, clock, log, signal, register } = options;
  const library = recordingLibrary(folder);
  const writers = new Map<string, FileWriter>();
  const recorders = new Map<string, CameraRecorder>();
  let shared: SharedWithAnalysis | undefined;
  const simulated: string[] = [];
  const running = new Set<Promise<void>>();

  const classOf = (camera: CameraId, from: EventMs, to: EventMs): RecordingClass => {
    if (options.sessionOf(camera, from, to) !== undefined && recordingMode(config, camera) !== 'ring') return 'session';
    return recordingMode(config, camera) === 'continuous' ? 'hall' : 'ring';
  };

  const sign = async (file: ClosedFile, recovered: boolean): Promise<void> => {
    const bytes = await readFile(join(folder, file.path));
    const described = describeFile(file, bytes, { ...file, ...(recovered ? { recovered: true } : {}) });
    const session = file.class === 'session' ? options.sessionOf(file.camera, file.start, file.end) : undefined;
    if (described) register.recording(described, session, bytes);
  };

  const closed = (file: ClosedFile, recovered = false): void => {
    if (file.class === 'ring') {
      trimRing(folder, file.camera, { now: file.end, keepMs: config.recording.ringFor });
      return;
    }
    const task = sign(file, recovered)
      .catch((error) => log.error({ path: file.path, error: messageOf(error) }, 'recording could not be signed'))
      .finally(() => running.delete(task));
    running.add(task);
  };

  const gap = (one: RecordingGap): void => {
    log.info({ ...one }, 'recording has a gap');
    if (classOf(one.camera, one.from, one.to) === 'ring') return;
    register.gap(one, options.sessionOf(one.camera, one.from, one.to));
  };

  const writerOf = (camera: CameraConfig): FileWriter => {
    const id = cameraId(camera.id);
    const writer = fileWriter({
      ...{ camera: id, folder, index: library, clock, log, hasRoom: options.hasRoom, since: options.openSince(id) },
      classOf: (from, to) => classOf(id, from, to),
      onFile: (file) => closed(file),
      onGap: gap,
      onFailure: options.onFailure,
    });
    writers.set(camera.id, writer);
    return writer;
  };

  const recovered = recoverOpenFiles(folder, classOf);
  for (const file of recovered.files) closed(file, true);
  if (recovered.files.length + recovered.empty.length > 0) {
    log.info(
      { files: recovered.files.length, empty: recovered.empty.length, tornBytes: recovered.tornBytes },
      'recordings closed after a crash',
    );
  }

  return {
    library,
    share(analysis) {
      shared = analysis;
    },
    open(camera) {
      if (!shared || isSimulated(camera) || recordingMode(config, camera.id) === undefined) return;
      const { fleet, recorder, resolveOnvif, credentialsOf } = shared;
      const deps: RecorderDeps = {
        ...{ clock, log: log.child({ camera: camera.id }), ingest: config.ingest, signal, fleet, recorder },
        ...(resolveOnvif ? { resolveOnvif } : {}),
        credentials: () => credentialsOf(camera),
        writer: writerOf(camera),
        onState: (state) => log.debug({ ...state }, 'recorder'),
      };
      recorders.set(camera.id, openRecorder(camera, deps));
    },
    async forget(camera) {
      const recorder = recorders.get(camera);
      recorders.delete(camera);
      await recorder?.close();
      writers.delete(camera);
    },
    tapOf(camera) {
      if (recordingMode(config, camera.id) === undefined) return undefined;
      simulated.push(camera.id);
      return sceneTap({ writer: writerOf(camera), clock, log, signal });
    },
    states: () => [
      ...[...recorders.values()].map((recorder) => recorder.state()),
      ...simulated.map((camera) => ({
        camera,
        stream: 'main' as const,
        recording: library.reached(cameraId(camera)) !== undefined,
      })),
    ],
    isKept: (camera, from, to) => classOf(camera, from, to) !== 'ring',
    async settled() {
      await Promise.all(running);
    },
    async mark(cameras, at) {
      await Promise.all(cameras.map((camera) => writers.get(camera)?.mark(at)));
    },
    async close() {
      await Promise.all([...recorders.values()].map((recorder) => recorder.close()));
      await Promise.all([...writers.values()].map((writer) => writer.close()));
      await Promise.all(running);
    },
  };
}
