/** How tiles fill a space. */
export interface TileFit {
  columns: number;
  /** Height of a tile, px. */
  height: number;
  /** Font size in a tile, px. */
  font: number;
}

const GAP = 8;
const SMALLEST_FONT = 11;
const LARGEST_FONT = 30;
/** A tile holds about twelve ems across and five and a half down. */
const EMS_ACROSS = 12.5;
const EMS_DOWN = 5.7;

/** The number of columns that gives `count` tiles the largest text without scrolling; at the smallest text it scrolls. */
export function fitTiles(count: number, { width, height }: { width: number; height: number }): TileFit {
  let best: TileFit = { columns: 1, height: 80, font: 0 };
  for (let columns = 1; columns <= Math.max(1, count); columns++) {
    const rows = Math.ceil(count / columns);
    const tileWidth = (width - GAP * (columns - 1)) / columns;
    const tileHeight = (height - GAP * (rows - 1)) / rows;
    const font = Math.min(LARGEST_FONT, tileWidth / EMS_ACROSS, tileHeight / EMS_DOWN);
    if (font > best.font) best = { columns, height: Math.floor(Math.min(tileHeight, font * EMS_DOWN * 1.5)), font };
  }
  if (best.font >= SMALLEST_FONT) return best;
  const columns = Math.max(1, Math.floor((width + GAP) / (SMALLEST_FONT * EMS_ACROSS + GAP)));
  return { columns, height: Math.ceil(SMALLEST_FONT * EMS_DOWN), font: SMALLEST_FONT };
}
