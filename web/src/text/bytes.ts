const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** A size as people say it: `1.4 GB`, in steps of 1024. */
export function bytesText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const value = bytes / 1024 ** power;
  return `${power > 0 && value < 100 ? value.toFixed(1) : Math.round(value)} ${UNITS[power]}`;
}
