import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Folder for converted networks, one for the whole run. */
    modelCache: string;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'hallwatch-models-'));

/** Before the first file, in the process that runs them all. */
export function setup(project: TestProject): void {
  project.provide('modelCache', folder);
}

/** After the last file. */
export function teardown(): void {
  rmSync(folder, { recursive: true, force: true });
}
