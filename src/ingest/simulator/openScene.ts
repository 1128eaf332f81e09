import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.js';
import type { CameraConfig, Config } from '../../core/config/schema.js';
import { messageOf } from '../../core/errors.js';
import { storageError } from '../../core/files.js';
import { cameraId } from '../../core/ids.js';
import type { Logger } from '../../core/log.js';
import { CAMERA_LADDER, retry } from '../../core/retry.js';
import type { CameraSource, SourceItem, SourceStats } from '../../core/source.js';
import { type EventMs, plusMs } from '../../core/time.js';
import type { PictureHealth } from '../health/pictureHealth.js';
import { openRecording } from '../openRecording.js';
import { pictureHealthOf } from '../watchPictures.js';
import { encodeScene, PICTURE_EVERY_MS } from './encodeScene.js';
import type { Pacer } from './pacer.js';
import { loopOffset, type Scene } from './script.js';
import { openStage, type Stage } from './stage.js';

export interface SceneDeps {
  scene: Scene;
  /** Event time of the first picture. */
  startAt: EventMs;
  /** Event time at which a loop of the scene began. */
  anchorAt: EventMs;
  pacer: Pacer;
  /** Folder for the encoded video; what is in it belongs to the simulator. */
  folder: string;
  clock: Clock;
  log: Logger;
  ingest: Config['ingest'];
  signal?: AbortSignal;
  /** Told of each piece before it plays, and of how far it has played: for recording what the camera shows. */
  tap?: SceneTap;
  /** Default: what the camera's settings ask for. */
  pictureHealth?: PictureHealth;
  /** Length of the encoded files, whole pictures of 2 s. Default: one minute, then five minutes each. */
  pieceMs?: number;
}

/** Somebody who wants the encoded video too. Must not throw. */
export interface SceneTap {
  /** The file of a piece whose first picture stands at `from`. It may be read until the promise resolves. */
  piece(path: string, from: EventMs): Promise<void>;
  reached(at: EventMs): void;
}

/** Video is encoded in pieces, the next one while one is played. The first is short: somebody waits for it. */
const FIRST_PIECE_MS = 60_000;
const PIECE_MS = 300_000;

/** A stretch of the scene in event time. */
interface Piece {
  from: EventMs;
  lengthMs: number;
}

/**
 * Opens a simulated scene as a camera: it is painted, encoded by ffmpeg into H.264 files and read back by the same
 * decoder as any recording; the pacer says when each item may go. It never ends by itself: an encoder or decoder that fails
 * is started anew. `items()` throws AppError `process` where ffmpeg is missing, `storage` where the folder cannot be made.
 */
export function openScene(camera: CameraConfig, deps: SceneDeps): CameraSource {
  const id = cameraId(camera.id);
  const stop = new AbortController();
  const signal = deps.signal ? AbortSignal.any([deps.signal, stop.signal]) : stop.signal;
  const pieces = pieceEncoder(camera.id, deps, signal);
  const health = deps.pictureHealth ?? pictureHealthOf(camera);
  const stats: SourceStats = {
    frames: 0,
    dropped: 0,
    reconnects: 0,
    lastFrameAt: undefined,
    keyframeIntervalS: undefined,
  };
  let playing: CameraSource | undefined;

  /** Plays a piece; returns what is missing of it where its decoder was killed. */
  async function* play(path: string, piece: Piece): AsyncGenerator<SourceItem, Piece | undefined> {
    await deps.tap?.piece(path, piece.from);
    const reading = { ...deps, signal, ...(health ? { pictureHealth: health } : {}) };
    const recording = openRecording(camera, path, piece.from, reading);
    playing = recording;
    // Ticks wait for the picture after them: those after the last one are only true where the piece is whole.
    let ticks: SourceItem[] = [];
    for await (const item of recording.items()) {
      if (item.type === 'tick') ticks.push(item);
      else if (item.type !== 'end') {
        yield* paced([...ticks, item]);
        ticks = [];
        stats.keyframeIntervalS = recording.stats().keyframeIntervalS;
      } else if (item.truncated) return rest(piece, recording.stats().lastFrameAt);
    }
    // The tick of the second at which the next piece begins is the next piece's.
    yield* paced(ticks.filter((tick) => timeOf(tick) < endOf(piece)));
    return undefined;
  }

  async function* paced(items: SourceItem[]): AsyncGenerator<SourceItem> {
    for (const item of items) {
      await deps.pacer.reach(id, timeOf(item), signal);
      if (signal.aborted) return;
      if (item.type === 'frame') {
        stats.frames += 1;
        stats.lastFrameAt = item.frame.at;
      }
      deps.tap?.reached(timeOf(item));
      yield item;
    }
  }

  async function* read(): AsyncGenerator<SourceItem> {
    let piece: Piece = { from: deps.startAt, lengthMs: deps.pieceMs ?? FIRST_PIECE_MS };
    try {
      while (!signal.aborted) {
        const next: Piece = { from: endOf(piece), lengthMs: deps.pieceMs ?? PIECE_MS };
        const path = await pieces.take(piece, next);
        if (path === undefined) return;
        const missing = yield* play(path, piece);
        await playing?.close();
        await pieces.discard(path);
        piece = missing ?? next;
      }
    } finally {
      stop.abort();
      deps.pacer.leave(id);
      await playing?.close();
      await pieces.close();
    }
  }

  return {
    camera: id,
    items: read,
    stats: () => ({ ...stats }),
    async close() {
      stop.abort();
      await playing?.close();
      await pieces.close();
    },
  };
}

const endOf = ({ from, lengthMs }: Piece): EventMs => plusMs(from, lengthMs);

/** What comes after the last picture that was read. */
function rest(piece: Piece, lastFrameAt: EventMs | undefined): Piece | undefined {
  const from = lastFrameAt === undefined ? piece.from : plusMs(lastFrameAt, PICTURE_EVERY_MS);
  return from < endOf(piece) ? { from, lengthMs: endOf(piece) - from } : undefined;
}

function timeOf(item: SourceItem): EventMs {
  switch (item.type) {
    case 'frame':
      return item.frame.at;
    case 'audio':
      return item.chunk.at;
    case 'health':
      return item.event.at;
    case 'tick':
    case 'end':
      return item.at;
  }
}

/** Encodes a piece ahead of the one that plays. After `close` nothing is left behind in the folder. */
function pieceEncoder(name: string, deps: SceneDeps, signal: AbortSignal) {
  const { scene, folder, clock, log } = deps;
  const started = new Map<EventMs, Promise<string>>();
  const written = new Set<string>();
  let stage: Promise<Stage> | undefined;

  const encode = async ({ from, lengthMs }: Piece): Promise<string> => {
    stage ??= openStage(scene);
    await mkdir(folder, { recursive: true }).catch((cause) => {
      throw storageError(`simulator folder ${folder}`, cause);
    });
    const path = join(folder, `${name}-${loopOffset(scene, from - deps.anchorAt)}.mp4`);
    written.add(path);
    await encodeScene(await stage, path, { fromMs: from - deps.anchorAt, lengthMs, clock, log, signal });
    return path;
  };

  const start = (piece: Piece): Promise<string> => {
    const path = started.get(piece.from) ?? encode(piece);
    started.set(piece.from, path);
    // Thrown when its turn comes; until then nobody waits for it.
    path.catch(() => undefined);
    return path;
  };

  const onRetry = (error: unknown, waitingMs: number): void => {
    started.clear();
    log.warn({ camera: name, error: messageOf(error), waitingMs }, 'scene not encoded, trying again');
  };

  return {
    /** The file of `piece`, undefined once the signal fired. Its successor is begun. */
    async take(piece: Piece, next: Piece): Promise<string | undefined> {
      try {
        // A full disk or a killed encoder is no reason to end: event time then stands still, and catches up later.
        const path = await retry(() => start(piece), { ladder: CAMERA_LADDER, clock, signal, onRetry });
        started.delete(piece.from);
        if (!signal.aborted) start(next);
        return path;
      } catch (error) {
        if (signal.aborted) return undefined;
        throw error;
      }
    },
    /** Removes a file that was played. */
    async discard(path: string): Promise<void> {
      await rm(path, { force: true });
      written.delete(path);
    },
    /** Waits for the encoder to end and removes all files. */
    async close(): Promise<void> {
      await Promise.allSettled(started.values());
      await Promise.all([...written].map((path) => rm(path, { force: true })));
    },
  };
}
