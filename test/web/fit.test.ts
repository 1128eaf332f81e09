import { describe, expect, it } from 'vitest';
import { fitTiles } from '../../web/src/board/fit.js';

const GAP = 8;

describe('the wall', () => {
  it.each([
    [6, 3000, 1000],
    [36, 3000, 950],
    [176, 3000, 950],
    [110, 1500, 900],
  ])('shows %i windows on %i by %i without scrolling', (count, width, height) => {
    const { columns, height: tile, font } = fitTiles(count, { width, height });
    const rows = Math.ceil(count / columns);
    expect(rows * tile + (rows - 1) * GAP).toBeLessThanOrEqual(height + 1);
    expect(font).toBeGreaterThanOrEqual(11);
  });

  it('keeps the text readable and scrolls where there is no room', () => {
    const { font, columns } = fitTiles(200, { width: 600, height: 300 });
    expect(font).toBe(11);
    expect(columns).toBeGreaterThan(0);
  });
});
