import type { EventMs } from '../../core/time.js';
import { type EdgeList, edgesOf, matchEdges } from './edges.js';
import { CELL, CELLS, HALF_HEIGHT, HALF_WIDTH, HEIGHT, originOf, type PictureFacts, WIDTH } from './picture.js';

/** What the camera usually sees: the reference for covered, out of focus and moved. */
export interface View {
  /** HEIGHT * WIDTH, row-major, 0-255: the learnt picture, people averaged away. */
  picture: Float32Array;
  edges: EdgeList;
  edgesAt: EventMs;
  /** CELLS: usual detail of each cell in both bands, and its usual mean. */
  fine: Float32Array;
  coarse: Float32Array;
  cellMean: Float32Array;
  updatedAt: EventMs;
}

/** The first pictures, before there is a view. */
export interface Learning {
  since: EventMs;
  last: EventMs;
  pictures: number;
  sum: Float32Array;
  fine: Float32Array;
  coarse: Float32Array;
}

/** Usable pictures are gathered for this long before anything is judged against them. */
const LEARN_MS = 20_000;
const FEWEST_PICTURES = 4;
/** The view follows slow change (daylight, a moved chair) with this time constant where it still matches ... */
const FOLLOW_MS = 10 * 60_000;
/** ... and takes in what stays different (a new cabinet, someone seated for hours) only slowly. */
const ABSORB_MS = 120 * 60_000;
const UPDATE_EVERY_MS = 10_000;
const EDGES_EVERY_MS = 60_000;

/** Gathers one more picture; gives the view as soon as enough is seen. */
export function learn(learning: Learning | undefined, facts: PictureFacts, at: EventMs): Learning | View {
  const next: Learning = {
    since: learning?.since ?? at,
    last: at,
    pictures: (learning?.pictures ?? 0) + 1,
    sum: add(learning?.sum ?? new Float32Array(WIDTH * HEIGHT), facts.gray),
    fine: add(learning?.fine ?? new Float32Array(CELLS), facts.fine),
    coarse: add(learning?.coarse ?? new Float32Array(CELLS), facts.coarse),
  };
  if (next.pictures < FEWEST_PICTURES || at - next.since < LEARN_MS) return next;
  const mean = (sum: Float32Array): Float32Array => sum.map((value) => value / next.pictures);
  return makeView({ picture: mean(next.sum), fine: mean(next.fine), coarse: mean(next.coarse) }, at);
}

export const isView = (state: Learning | View): state is View => 'edges' in state;

function makeView(learnt: Pick<View, 'picture' | 'fine' | 'coarse'>, at: EventMs): View {
  return { ...learnt, edges: edgesOf(learnt.picture), edgesAt: at, cellMean: cellMeans(learnt.picture), updatedAt: at };
}

/** Lets the view follow a healthy picture. */
export function follow(view: View, facts: PictureFacts, at: EventMs): View {
  const elapsedMs = at - view.updatedAt;
  if (elapsedMs < UPDATE_EVERY_MS) return view;
  const matches = matchEdges(view.edges, facts.gray).cells;
  const quick = 1 - Math.exp(-Math.min(elapsedMs, 60_000) / FOLLOW_MS);
  const slow = 1 - Math.exp(-Math.min(elapsedMs, 60_000) / ABSORB_MS);
  const next = { picture: view.picture.slice(), fine: view.fine.slice(), coarse: view.coarse.slice() };
  for (let cell = 0; cell < CELLS; cell++) {
    const rate = matches[cell] === 0 ? slow : quick;
    next.fine[cell]! += rate * (facts.fine[cell]! - next.fine[cell]!);
    next.coarse[cell]! += rate * (facts.coarse[cell]! - next.coarse[cell]!);
    for (let y = 0, row = originOf(cell); y < CELL; y++, row += WIDTH) {
      for (let i = row; i < row + CELL; i++) next.picture[i]! += rate * (facts.gray[i]! - next.picture[i]!);
    }
  }
  if (at - view.edgesAt >= EDGES_EVERY_MS) return makeView(next, at);
  return { ...view, ...next, cellMean: cellMeans(next.picture), updatedAt: at };
}

/** A view at half size (HALF_HEIGHT * HALF_WIDTH, 0-255), for the search over shifts. */
export function halfOf(picture: Float32Array): Uint8Array {
  const half = new Uint8Array(HALF_WIDTH * HALF_HEIGHT);
  for (let y = 0; y < HALF_HEIGHT; y++) {
    let from = y * 2 * WIDTH;
    for (let i = y * HALF_WIDTH; i < (y + 1) * HALF_WIDTH; i++, from += 2) {
      half[i] = (picture[from]! + picture[from + 1]! + picture[from + WIDTH]! + picture[from + WIDTH + 1]!) / 4;
    }
  }
  return half;
}

function cellMeans(picture: Float32Array): Float32Array {
  const means = new Float32Array(CELLS);
  for (let cell = 0; cell < CELLS; cell++) {
    let sum = 0;
    for (let y = 0, row = originOf(cell); y < CELL; y++, row += WIDTH) {
      for (let i = row; i < row + CELL; i++) sum += picture[i]!;
    }
    means[cell] = sum / (CELL * CELL);
  }
  return means;
}

function add(sum: Float32Array, values: ArrayLike<number>): Float32Array {
  return sum.map((value, i) => value + values[i]!);
}
