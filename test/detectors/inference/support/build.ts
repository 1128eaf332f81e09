import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/**
 * The pool's worker threads run compiled code. `npm test` builds before it runs the tests; a single test file run by hand
 * builds here, once, where `dist/` has no worker yet.
 */
export function ensureBuilt(): void {
  if (existsSync(`${root}/dist/detectors/inference/worker.js`)) return;
  const tsc = fileURLToPath(new URL('../../../../node_modules/typescript/bin/tsc', import.meta.url));
  spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
}
