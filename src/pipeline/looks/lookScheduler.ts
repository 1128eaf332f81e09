import type { Clock, Timer } from '../../core/clock.js';
import { AppError } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import { JOBS_A_SLOT } from '../../detectors/inference/jobQueue.js';
import type { DetectedObject, DetectOptions, ObjectFinder } from '../../detectors/persons/detectObjects.js';
import type { MosaicFinder, MosaicGrid, Tile } from '../../detectors/persons/mosaic.js';
import { dropParts } from '../../detectors/persons/nms.js';
import { pixelsOf } from '../../detectors/persons/picture.js';
import { idle, type LoadState, stepLoad } from './load.js';
import { type LookKind, nextLooks, type WaitingLook } from './lookQueue.js';

export interface LookSchedulerOptions {
  /** Looks at one tile alone. */
  tileFinder: ObjectFinder;
  /** Looks at several tiles at once: what the pool offers for each grid. */
  mosaicFinder(grid: MosaicGrid): MosaicFinder;
  workers: number;
  /**
   * Tiles of different cameras that may share one run. Default 1: four are a sixth cheaper, but what is seen in one then depends on its
   * neighbours (docs/density.md has the measurement), and no window's record may depend on what happens at another.
   */
  tilesARun?: 1 | 2 | 4;
  clock: Clock;
  log: Logger;
}

/** Counters since the start, and the load now. */
export interface LookStats {
  waiting: number;
  /** Looks done, by kind. */
  done: Record<LookKind, number>;
  /** Runs of the network; a mosaic is one. */
  runs: number;
  failed: number;
  load: LoadState;
}

/** Lets looks of all cameras take turns at the network. Make one for a hall. */
export interface LookScheduler {
  /** The same finder, its looks in turn with all others. */
  inTurn(kind: Exclude<LookKind, 'tile'>, find: ObjectFinder): ObjectFinder;
  /** A finder for the part of the picture that `options.region` names, looked at together with parts of other cameras. */
  tile: ObjectFinder;
  stats(): LookStats;
  /** Looks that wait are cancelled. */
  close(): void;
}

/** Pixels of the input for a tile alone: docs/density.md has the measurement. */
export const TILE_PIXELS = 216 * 216;
/** Side of a tile's cell beside others, pixels, and the grids by the number of tiles: docs/density.md has the measurement. */
export const TILE_CELL = 192;
const GRIDS: readonly MosaicGrid[] = [
  { cell: TILE_CELL, columns: 2, rows: 1 },
  { cell: TILE_CELL, columns: 2, rows: 2 },
];
const GATHER_MS = 120;
const SAMPLE_MS = 2000;

interface Asked extends WaitingLook {
  tile?: Tile;
  options: DetectOptions;
  /** Runs the look alone. */
  run?(): Promise<DetectedObject[]>;
  resolve(objects: DetectedObject[]): void;
  reject(error: unknown): void;
}

/** Makes the scheduler. */
export function lookScheduler(options: LookSchedulerOptions): LookScheduler {
  const { tileFinder, mosaicFinder, workers, tilesARun = 1, clock, log } = options;
  const finders = GRIDS.map(mosaicFinder);
  let waiting: Asked[] = [];
  let serial = 0;
  let running = 0;
  let wake: Timer | undefined;
  let closed = false;
  const counts = { done: { room: 0, seats: 0, tile: 0 }, runs: 0, failed: 0 };
  let load = idle;
  const sample = { sinceMs: clock.monotonicMs(), busyMs: 0, worstDelayMs: 0, lastMs: clock.monotonicMs() };

  /** Time counts as busy while anything runs; a second run in flight only waits for the worker. */
  const account = (): void => {
    const now = clock.monotonicMs();
    sample.busyMs += (now - sample.lastMs) * Math.min(running, workers);
    sample.lastMs = now;
  };

  const perform = async (looks: Asked[]): Promise<DetectedObject[][]> => {
    const [first] = looks;
    if (first?.run && looks.length === 1) return [await first.run()];
    const minScore = Math.min(...looks.map(({ options }) => options.minScore));
    const labels = commonLabels(looks);
    const find = finders[looks.length === 2 ? 0 : 1]!;
    const found = await find(
      looks.map(({ tile }) => tile!),
      { minScore, ...(labels ? { labels } : {}) },
    );
    return found.map((objects, i) => dropParts(objects.filter((object) => isWanted(object, looks[i]!.options))));
  };

  const start = async (looks: Asked[]): Promise<void> => {
    account();
    running += 1;
    counts.runs += 1;
    try {
      const found = await perform(looks);
      looks.forEach((look, i) => {
        look.resolve(found[i]!);
      });
      for (const { kind } of looks) counts.done[kind] += 1;
    } catch (error) {
      counts.failed += looks.length;
      for (const look of looks) look.reject(error);
    }
    const now = clock.monotonicMs();
    sample.worstDelayMs = Math.max(sample.worstDelayMs, ...looks.map(({ askedMs }) => now - askedMs));
    account();
    running -= 1;
    pump();
  };

  const pump = (): void => {
    wake?.cancel();
    wake = undefined;
    // One more than the workers can have: the next look is there when one of them has done its own.
    while (!closed && running <= workers * JOBS_A_SLOT) {
      const next = nextLooks(waiting, clock.monotonicMs(), { tiles: tilesARun, gatherMs: GATHER_MS });
      if ('take' in next) {
        const chosen = new Set(next.take.map(({ id }) => id));
        const looks = waiting.filter(({ id }) => chosen.has(id));
        waiting = waiting.filter(({ id }) => !chosen.has(id));
        void start(looks);
        continue;
      }
      if (next.waitMs !== undefined) wake = clock.after(next.waitMs, pump);
      return;
    }
  };

  const ask = (
    look: Pick<Asked, 'kind' | 'tile' | 'run' | 'options'>,
    signal: AbortSignal | undefined,
  ): Promise<DetectedObject[]> => {
    if (closed || signal?.aborted) return Promise.reject(cancelled());
    return new Promise((resolve, reject) => {
      const asked: Asked = { ...look, id: ++serial, askedMs: clock.monotonicMs(), resolve, reject };
      waiting.push(asked);
      pump();
    });
  };

  const watch = clock.every(SAMPLE_MS, () => {
    account();
    const now = clock.monotonicMs();
    const oldest = waiting.reduce((most, { askedMs }) => Math.max(most, now - askedMs), sample.worstDelayMs);
    const before = load.level;
    load = stepLoad(load, { spanMs: now - sample.sinceMs, busyMs: sample.busyMs, workers, worstDelayMs: oldest });
    Object.assign(sample, { sinceMs: now, busyMs: 0, worstDelayMs: 0 });
    if (load.level === before) return;
    const facts = { level: load.level, busy: Math.round(load.busy * 100) / 100, delayMs: Math.round(load.delayMs) };
    if (load.level === 'ok') log.info(facts, 'looks: room enough again');
    else
      log.warn(
        facts,
        load.level === 'tight' ? 'looks: the network is nearly busy' : 'looks: more than the network can do',
      );
  });

  return {
    inTurn: (kind, find) => (picture, options, signal) =>
      ask({ kind, options, run: () => find(picture, options, signal) }, signal),
    tile(picture, options, signal) {
      const region = options.region ?? ([0, 0, 1, 1] as const);
      const run = (): Promise<DetectedObject[]> => tileFinder(picture, options, signal);
      return ask({ kind: 'tile', options, tile: { picture: pixelsOf(picture), region }, run }, signal);
    },
    stats: () => ({ waiting: waiting.length, ...counts, done: { ...counts.done }, load }),
    close() {
      closed = true;
      wake?.cancel();
      watch.cancel();
      for (const look of waiting.splice(0)) look.reject(cancelled());
    },
  };
}

const cancelled = (): AppError => new AppError('cancelled', 'look: cancelled');

function commonLabels(looks: readonly Asked[]): string[] | undefined {
  if (looks.some(({ options }) => options.labels === undefined)) return undefined;
  return [...new Set(looks.flatMap(({ options }) => options.labels ?? []))];
}

const isWanted = ({ label, score }: DetectedObject, { minScore, labels }: DetectOptions): boolean =>
  score >= minScore && (labels?.includes(label) ?? true);
