import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';

/**
 * The folder of converted networks that all files of a run share: each network is converted once, by whoever needs it first. Tests of
 * the conversion itself take a folder of their own (`temporaryCache`).
 */
export const modelCache = (): string => inject('modelCache');

/** Gives a service's data folder the shared networks, which it keeps in `models`. */
export function shareModels(dataFolder: string): void {
  mkdirSync(dataFolder, { recursive: true });
  symlinkSync(modelCache(), join(dataFolder, 'models'), 'dir');
}
