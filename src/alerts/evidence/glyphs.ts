/**
 * Letters of 3 by 5 dots, so that a label on a picture needs no font: a server often has none, and evidence must look the
 * same everywhere. Each row of five is three bits, most significant left.
 */
const GLYPHS: Record<string, readonly number[]> = {
  '0': [7, 5, 5, 5, 7],
  '1': [2, 6, 2, 2, 7],
  '2': [7, 1, 7, 4, 7],
  '3': [7, 1, 3, 1, 7],
  '4': [5, 5, 7, 1, 1],
  '5': [7, 4, 7, 1, 7],
  '6': [7, 4, 7, 5, 7],
  '7': [7, 1, 2, 2, 2],
  '8': [7, 5, 7, 5, 7],
  '9': [7, 5, 7, 1, 7],
  A: [2, 5, 7, 5, 5],
  B: [6, 5, 6, 5, 6],
  C: [3, 4, 4, 4, 3],
  D: [6, 5, 5, 5, 6],
  E: [7, 4, 6, 4, 7],
  F: [7, 4, 6, 4, 4],
  G: [3, 4, 5, 5, 3],
  H: [5, 5, 7, 5, 5],
  I: [7, 2, 2, 2, 7],
  J: [1, 1, 1, 5, 2],
  K: [5, 5, 6, 5, 5],
  L: [4, 4, 4, 4, 7],
  M: [5, 7, 7, 5, 5],
  N: [6, 5, 5, 5, 5],
  O: [2, 5, 5, 5, 2],
  P: [6, 5, 6, 4, 4],
  Q: [2, 5, 5, 6, 3],
  R: [6, 5, 6, 5, 5],
  S: [3, 4, 2, 1, 6],
  T: [7, 2, 2, 2, 2],
  U: [5, 5, 5, 5, 7],
  V: [5, 5, 5, 5, 2],
  W: [5, 5, 7, 7, 5],
  X: [5, 5, 2, 5, 5],
  Y: [5, 5, 2, 2, 2],
  Z: [7, 1, 2, 4, 7],
  '.': [0, 0, 0, 0, 2],
  '-': [0, 0, 7, 0, 0],
  ':': [0, 2, 0, 2, 0],
  '/': [1, 1, 2, 4, 4],
  '%': [5, 1, 2, 4, 5],
  ' ': [0, 0, 0, 0, 0],
};

const ROWS = 5;
const COLUMNS = 3;

/** Only what can be drawn: upper case, other characters left out. */
export const drawable = (text: string): string => [...text.toUpperCase()].filter((letter) => letter in GLYPHS).join('');

/** Size of a text in dots, one dot between letters. */
export const textSize = (text: string): { width: number; height: number } => ({
  width: Math.max(0, text.length * (COLUMNS + 1) - 1),
  height: ROWS,
});

/** An SVG path that fills the dots of `text`, top left at `x`, `y`, each dot a square of `dot` pixels. */
export function textPath(text: string, x: number, y: number, dot: number): string {
  const squares: string[] = [];
  [...text].forEach((letter, i) => {
    GLYPHS[letter]?.forEach((bits, row) => {
      for (let column = 0; column < COLUMNS; column++) {
        if (((bits >> (COLUMNS - 1 - column)) & 1) === 0) continue;
        const left = x + (i * (COLUMNS + 1) + column) * dot;
        squares.push(`M${left} ${y + row * dot}h${dot}v${dot}h${-dot}z`);
      }
    });
  });
  return squares.join('');
}
