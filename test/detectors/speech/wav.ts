import { readFileSync } from 'node:fs';

/** Samples of a 16-bit mono WAV file, -1 to 1. */
export function readWav(path: string): Float32Array {
  const file = readFileSync(path);
  let at = 12;
  while (file.toString('latin1', at, at + 4) !== 'data') at += 8 + file.readUInt32LE(at + 4);
  const bytes = Math.min(file.readUInt32LE(at + 4), file.length - at - 8);
  return Float32Array.from({ length: Math.floor(bytes / 2) }, (_, i) => file.readInt16LE(at + 8 + 2 * i) / 32768);
}
