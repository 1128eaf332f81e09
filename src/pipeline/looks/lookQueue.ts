/** What is looked at: a sealed room, several windows of one camera, or one window as a tile among others. */
export type LookKind = 'room' | 'seats' | 'tile';

/** A look that waits. */
export interface WaitingLook {
  id: number;
  kind: LookKind;
  askedMs: number;
}

export interface LookQueueOptions {
  /** Tiles that are looked at together. */
  tiles: number;
  /** How long a tile waits for others, ms. */
  gatherMs: number;
}

/** What a free worker does: these looks in one run, or nothing before `waitMs` have passed (undefined: nothing waits). */
export type NextLooks = { take: WaitingLook[] } | { waitMs: number | undefined };

/**
 * How long each kind may wait before it comes first, ms: the deadline is when it was asked for plus this. A room asked for at the
 * same time as a window comes before it, and a window that has waited for over half a second longer than a room comes before
 * the room.
 */
const PATIENCE_MS: Record<LookKind, number> = { room: 200, seats: 800, tile: 800 };

const deadline = ({ kind, askedMs }: WaitingLook): number => askedMs + PATIENCE_MS[kind];

/**
 * The looks to take next: earliest deadline first (Liu and Layland, "Scheduling Algorithms for Multiprogramming in a
 * Hard-Real-Time Environment", JACM 20(1), 1973), so that none is starved and the oldest of a kind is first. Pure.
 */
export function nextLooks(waiting: readonly WaitingLook[], nowMs: number, options: LookQueueOptions): NextLooks {
  const ordered = [...waiting].sort((a, b) => deadline(a) - deadline(b) || a.id - b.id);
  const tiles = ordered.filter(({ kind }) => kind === 'tile');
  const gathering = tiles.length > 0 && tiles.length < options.tiles ? tiles[0]!.askedMs + options.gatherMs - nowMs : 0;
  const first = ordered.find(({ kind }) => kind !== 'tile' || gathering <= 0);
  if (!first) return { waitMs: tiles.length > 0 ? gathering : undefined };
  if (first.kind !== 'tile') return { take: [first] };
  return { take: tiles.slice(0, options.tiles) };
}
