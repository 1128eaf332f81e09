import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = process.env.HALLWATCH_SHARED ?? fileURLToPath(new URL('../../../shared', import.meta.url));
let told = false;

/** Path of a file or folder of the shared test material, or undefined (said once) where this checkout has none. */
export function sharedPath(relative: string): string | undefined {
  const path = join(root, relative);
  if (existsSync(path)) return path;
  if (!told) console.info('skipped: shared test material absent');
  told = true;
  return undefined;
}
