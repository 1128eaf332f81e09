import { type EventMs, eventMs, plusMs } from '../../../core/time.js';

/** What placing a fragment in a clip needs to know of it. */
export interface Placeable {
  /** When its first picture was taken, as far as was known when it came. */
  at: EventMs;
  durationMs: number;
  key: boolean;
  /** Counts the fragments of one connection on, over its files. */
  sequence: number;
}

/**
 * A fragment is handed on at most so much later than the next one; what goes further is no delay of ours but a clock of the
 * camera that jumped.
 */
const LATEST_MS = 2000;

/** When a fragment ends. */
export const endOf = ({ at, durationMs }: Placeable): EventMs => plusMs(at, Math.round(durationMs));

/**
 * The fragments of recorded files, file by file, each at its true time and each instant once. Pure.
 *
 * Event time holds a stream at the least delay seen (`ingest/eventClock.ts`). What a fragment that came with less delay tells
 * is true of those before it on the same connection as well: they were stamped late, and go back so far that each ends where
 * the next begins. So nothing of one connection is ever left out for overlapping. Where two connections overlap (a restart, a
 * camera that sends its last seconds again), the later one goes on at its first key frame after the earlier one.
 */
export function settlePieces<T extends Placeable>(pieces: readonly T[]): T[] {
  const runs = runsOf(pieces).sort((a, b) => a[0]!.at - b[0]!.at);
  let reached = Number.NEGATIVE_INFINITY;
  return runs.flatMap((run) => {
    const isNew = ({ at }: T): boolean => at >= reached - 1;
    const from = isNew(run[0]!) ? 0 : run.findIndex((piece) => piece.key && isNew(piece));
    if (from < 0) return [];
    reached = endOf(run.at(-1)!);
    return run.slice(from);
  });
}

/** Fragments that follow each other without a break, from the last to the first: what is known last is known best. */
function runsOf<T extends Placeable>(pieces: readonly T[]): T[][] {
  const runs: T[][] = [];
  let run: T[] = [];
  for (const piece of [...pieces].reverse()) {
    const next = run.at(-1);
    const at = next ? eventMs(Math.min(piece.at, Math.round(next.at - piece.durationMs))) : piece.at;
    if (next && next.sequence === piece.sequence + 1 && piece.at - at <= LATEST_MS) {
      run.push({ ...piece, at });
    } else {
      run = [piece];
      runs.push(run);
    }
  }
  return runs.reverse().map((found) => found.reverse());
}
