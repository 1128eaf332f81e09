/** What deciding about a file's end needs to know. Times in ms. */
export interface OpenFileFacts {
  /** How much it holds. */
  lengthMs: number;
  /** Usual distance of key frames; undefined before two were seen. */
  keyEveryMs: number | undefined;
}

/** A file holds at most this much. */
export const FILE_MS = 10_000;

/**
 * Whether the next fragment begins a new file. A file ends at the last key frame before 10 s are full, so that each one can
 * be played by itself; where key frames come rarer than that it ends at 10 s all the same. Pure.
 */
export function beginsFile(file: OpenFileFacts, next: { key: boolean; durationMs: number }): boolean {
  if (file.lengthMs + next.durationMs > FILE_MS) return true;
  if (!next.key) return false;
  const untilNextKey = Math.max(next.durationMs, file.keyEveryMs ?? FILE_MS / 2);
  return file.lengthMs + untilNextKey > FILE_MS;
}
