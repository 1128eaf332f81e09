/** The 95 % interval of a share (Wilson, J. Am. Stat. Assoc. 22, 1927); undefined without trials. */
export function wilson(hits: number, trials: number): { low: number; high: number } | undefined {
  if (trials === 0) return undefined;
  const z = 1.96;
  const share = hits / trials;
  const middle = (share + (z * z) / (2 * trials)) / (1 + (z * z) / trials);
  const half =
    (z / (1 + (z * z) / trials)) * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
