import { CELLS, COLUMNS, ROWS } from './picture.js';

/** An overlay is at most this many cells high (2 of 9: a line of text with its margin). */
const HIGHEST = 2;
/** It lies in this many cell rows from the upper or lower edge, where recorders write date, time and name. */
const MARGIN_ROWS = 3;
/** All overlays together cover at most this many of the 144 cells. */
const MOST_CELLS = 30;

/**
 * True when the changed cells (CELLS, 1 = changed) look like lines of text drawn over the picture: flat groups near the
 * upper or lower edge. Nothing changed is an overlay too, the empty one.
 */
export function isOverlay(changed: Uint8Array): boolean {
  const seen = new Uint8Array(CELLS);
  let total = 0;
  for (let cell = 0; cell < CELLS; cell++) {
    if (changed[cell] !== 1 || seen[cell] === 1) continue;
    const group = groupOf(changed, seen, cell);
    total += group.size;
    const nearEdge = group.bottom < MARGIN_ROWS || group.top >= ROWS - MARGIN_ROWS;
    if (group.bottom - group.top + 1 > HIGHEST || !nearEdge || total > MOST_CELLS) return false;
  }
  return true;
}

/** The cells that hang together with `first`, corners included; marks them in `seen`. */
function groupOf(changed: Uint8Array, seen: Uint8Array, first: number): { size: number; top: number; bottom: number } {
  const open = [first];
  seen[first] = 1;
  let size = 0;
  let top = ROWS;
  let bottom = 0;
  for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
    const row = Math.floor(cell / COLUMNS);
    const column = cell % COLUMNS;
    size += 1;
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
    for (let y = Math.max(0, row - 1); y <= Math.min(ROWS - 1, row + 1); y++) {
      for (let x = Math.max(0, column - 1); x <= Math.min(COLUMNS - 1, column + 1); x++) {
        const next = y * COLUMNS + x;
        if (changed[next] !== 1 || seen[next] === 1) continue;
        seen[next] = 1;
        open.push(next);
      }
    }
  }
  return { size, top, bottom };
}
