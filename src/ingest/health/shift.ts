import { HALF_HEIGHT, HALF_WIDTH } from './picture.js';

/** How far the search goes, half-size pixels: 10 % of the width, 13 % of the height. */
const REACH_X = 8;
const REACH_Y = 6;
const SPAN_X = 2 * REACH_X + 1;
const SHIFTS = SPAN_X * (2 * REACH_Y + 1);
/** The picture is searched in this many blocks a side, so that a turn or a zoom is found as well as a slide. */
const BLOCKS = 3;
const FEWEST_EDGES = 25;
const FEWEST_BLOCKS = 3;
const MOST_EDGES = 700;
const CLEAR_EDGE = 12;
const NOISE_FLOOR = 5;
/** Least mean cosine of a believed match, and how much better than standing still it must be. */
const GOOD_MATCH = 0.45;
const CLEARLY_BETTER = 0.15;
/** Less than this many half-size pixels (2.5 % of the width) leaves the zones where they were. */
const SMALLEST_SHIFT = 2;

/** What a search over shifts found. Shares are of the picture's width and height, right and down positive. */
export interface Shift {
  /** `moved`: most of what is recognised is elsewhere; `still`: it is where it was; `lost`: too little is recognised. */
  verdict: 'moved' | 'still' | 'lost';
  shareX: number;
  shareY: number;
}

/**
 * Finds whether the view `before` (HALF_HEIGHT * HALF_WIDTH, 0-255) stands elsewhere in the picture `now`: block
 * matching by orientation correlation (Fitch et al., BMVC 2002) over a small window. `moved` asks for at least three
 * blocks that have moved and for twice as many of them as stand still, so that people, who fill a block or two, move
 * nothing. A nudge of less than SMALLEST_SHIFT is `still`.
 */
export function findShift(before: Uint8Array, now: Uint8Array): Shift {
  const blocks = correlate(before, directions(now));
  const displaced: Array<{ x: number; y: number }> = [];
  let still = 0;
  for (const { scores, edges } of blocks) {
    if (edges < FEWEST_EDGES) continue;
    const best = bestShift(scores);
    const atRest = restScore(scores) / edges;
    const far = Math.max(Math.abs(best.x), Math.abs(best.y)) >= SMALLEST_SHIFT;
    if (far && best.score / edges >= GOOD_MATCH && best.score / edges >= atRest + CLEARLY_BETTER) displaced.push(best);
    else if (atRest >= GOOD_MATCH) still += 1;
  }
  const moved = displaced.length >= FEWEST_BLOCKS && displaced.length >= 2 * still;
  const middle = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
  return {
    verdict: moved ? 'moved' : still >= FEWEST_BLOCKS ? 'still' : 'lost',
    shareX: middle(displaced.map((shift) => shift.x)) / HALF_WIDTH,
    shareY: middle(displaced.map((shift) => shift.y)) / HALF_HEIGHT,
  };
}

interface Directions {
  /** Unit gradients with a margin of REACH around the picture; zero where nothing is to be seen. */
  x: Float32Array;
  y: Float32Array;
}

const PADDED_WIDTH = HALF_WIDTH + 2 * REACH_X;
const PADDED_HEIGHT = HALF_HEIGHT + 2 * REACH_Y;

function directions(half: Uint8Array): Directions {
  const x = new Float32Array(PADDED_WIDTH * PADDED_HEIGHT);
  const y = new Float32Array(PADDED_WIDTH * PADDED_HEIGHT);
  for (let row = 1; row < HALF_HEIGHT - 1; row++) {
    for (let column = 1; column < HALF_WIDTH - 1; column++) {
      const i = row * HALF_WIDTH + column;
      const dx = half[i + 1]! - half[i - 1]!;
      const dy = half[i + HALF_WIDTH]! - half[i - HALF_WIDTH]!;
      const length = Math.sqrt(dx * dx + dy * dy);
      if (length < NOISE_FLOOR) continue;
      const to = (row + REACH_Y) * PADDED_WIDTH + column + REACH_X;
      x[to] = dx / length;
      y[to] = dy / length;
    }
  }
  return { x, y };
}

interface BlockScores {
  /** Sum of cosines for each shift, row by row from (-REACH_X, -REACH_Y). */
  scores: Float32Array;
  edges: number;
}

function correlate(before: Uint8Array, now: Directions): BlockScores[] {
  const blocks = Array.from({ length: BLOCKS * BLOCKS }, () => ({ scores: new Float32Array(SHIFTS), edges: 0 }));
  for (const edge of strongEdges(before)) {
    const block =
      blocks[Math.floor((edge.row * BLOCKS) / HALF_HEIGHT) * BLOCKS + Math.floor((edge.column * BLOCKS) / HALF_WIDTH)]!;
    block.edges += 1;
    let shift = 0;
    for (let dy = 0; dy <= 2 * REACH_Y; dy++) {
      let at = (edge.row + dy) * PADDED_WIDTH + edge.column;
      for (let dx = 0; dx < SPAN_X; dx++, at++, shift++) {
        block.scores[shift]! += edge.x * now.x[at]! + edge.y * now.y[at]!;
      }
    }
  }
  return blocks;
}

interface Edge {
  row: number;
  column: number;
  x: number;
  y: number;
}

/** The clear edges of a view, thinned evenly to at most MOST_EDGES. */
function strongEdges(half: Uint8Array): Edge[] {
  const edges: Edge[] = [];
  for (let row = 1; row < HALF_HEIGHT - 1; row++) {
    for (let column = 1; column < HALF_WIDTH - 1; column++) {
      const i = row * HALF_WIDTH + column;
      const dx = half[i + 1]! - half[i - 1]!;
      const dy = half[i + HALF_WIDTH]! - half[i - HALF_WIDTH]!;
      const length = Math.sqrt(dx * dx + dy * dy);
      if (length >= CLEAR_EDGE) edges.push({ row, column, x: dx / length, y: dy / length });
    }
  }
  const every = Math.ceil(edges.length / MOST_EDGES);
  return every <= 1 ? edges : edges.filter((_, i) => i % every === 0);
}

function bestShift(scores: Float32Array): { x: number; y: number; score: number } {
  let best = 0;
  for (let i = 1; i < scores.length; i++) if (scores[i]! > scores[best]!) best = i;
  return { x: (best % SPAN_X) - REACH_X, y: Math.floor(best / SPAN_X) - REACH_Y, score: scores[best]! };
}

/** The best score within one pixel of standing still. */
function restScore(scores: Float32Array): number {
  let best = Number.NEGATIVE_INFINITY;
  for (let y = REACH_Y - 1; y <= REACH_Y + 1; y++) {
    for (let x = REACH_X - 1; x <= REACH_X + 1; x++) best = Math.max(best, scores[y * SPAN_X + x]!);
  }
  return best;
}
