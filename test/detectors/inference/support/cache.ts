import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder for converted networks, removed after the test file. */
export function temporaryCache(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hallwatch-models-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
