import { readFileSync } from 'node:fs';

/** Samples of a 16-bit mono WAV file, -1 to 1. */
export function readWav(path) {
  const file = readFileSync(path);
  let at = 12;
  while (file.toString('latin1', at, at + 4) !== 'data') at += 8 + file.readUInt32LE(at + 4);
  const count = Math.floor(Math.min(file.readUInt32LE(at + 4), file.length - at - 8) / 2);
  return Float32Array.from({ length: count }, (_, i) => file.readInt16LE(at + 8 + 2 * i) / 32768);
}
