/** Larger than any sum of costs, so that a forbidden pair is never chosen where leaving both alone is cheaper. */
const FORBIDDEN = 1e9;

/**
 * The cheapest assignment of rows to columns (the Hungarian method: Kuhn, "The Hungarian method for the assignment problem",
 * Naval Research Logistics 2, 1955; in the form with potentials and shortest augmenting paths: Jonker and Volgenant,
 * "A shortest augmenting path algorithm for dense and sparse linear assignment problems", Computing 38, 1987).
 * A row or a column may stay alone at the price of `alone`, so a dear pair is left apart.
 * @param costs one array of equal length a row; `Infinity` where a pair is forbidden
 * @param alone price of a row that gets no column, above 0
 * @returns for each row its column, or -1
 */
export function assign(costs: ReadonlyArray<readonly number[]>, alone: number): number[] {
  const rows = costs.length;
  const columns = costs[0]?.length ?? 0;
  if (rows === 0) return [];
  // One private column a row stands for "nobody": the matrix is never taller than wide and always solvable.
  const priced = costs.map((row, i) => [
    ...row.map((cost) => (cost < alone ? cost : FORBIDDEN)),
    ...Array.from({ length: rows }, (_, j) => (i === j ? alone : FORBIDDEN)),
  ]);
  return solve(priced).map((column) => (column < columns ? column : -1));
}

/** @param costs n rows of m finite costs, n <= m; @returns the column of each row */
function solve(costs: number[][]): number[] {
  const n = costs.length;
  const m = costs[0]!.length;
  const rowPrice = new Array<number>(n + 1).fill(0);
  const columnPrice = new Array<number>(m + 1).fill(0);
  /** Row of each column, counted from 1; 0 is free. Column 0 holds the row that is being placed. */
  const rowOf = new Array<number>(m + 1).fill(0);
  for (let row = 1; row <= n; row++) {
    rowOf[0] = row;
    const { last, from } = shortestPath(costs, { rowPrice, columnPrice, rowOf });
    for (let column = last; column !== 0; column = from[column]!) rowOf[column] = rowOf[from[column]!]!;
  }
  const columnOf = new Array<number>(n).fill(-1);
  for (let column = 1; column <= m; column++) if (rowOf[column]! > 0) columnOf[rowOf[column]! - 1] = column - 1;
  return columnOf;
}

interface Prices {
  rowPrice: number[];
  columnPrice: number[];
  rowOf: number[];
}

/** Dijkstra over reduced costs from column 0 to the nearest free column; raises the prices on the way. */
function shortestPath(costs: number[][], { rowPrice, columnPrice, rowOf }: Prices): { last: number; from: number[] } {
  const m = columnPrice.length - 1;
  const distance = new Array<number>(m + 1).fill(Number.POSITIVE_INFINITY);
  const from = new Array<number>(m + 1).fill(0);
  const done = new Array<boolean>(m + 1).fill(false);
  let column = 0;
  do {
    done[column] = true;
    const row = rowOf[column]!;
    let [step, nearest] = [Number.POSITIVE_INFINITY, 0];
    for (let j = 1; j <= m; j++) {
      if (done[j]) continue;
      const reduced = costs[row - 1]![j - 1]! - rowPrice[row]! - columnPrice[j]!;
      if (reduced < distance[j]!) [distance[j], from[j]] = [reduced, column];
      if (distance[j]! < step) [step, nearest] = [distance[j]!, j];
    }
    for (let j = 0; j <= m; j++) {
      if (done[j]) {
        rowPrice[rowOf[j]!]! += step;
        columnPrice[j]! -= step;
      } else distance[j]! -= step;
    }
    column = nearest;
  } while (rowOf[column] !== 0);
  return { last: column, from };
}
