import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../core/errors.js';

/**
 * The compiled worker. A worker thread cannot run TypeScript on Node 20, so code that itself runs from `src/` (the tests)
 * uses the worker of `dist/`.
 * @throws AppError `internal` where it has not been built
 */
export function workerEntry(from = import.meta.url): URL {
  const url = new URL(from.endsWith('.ts') ? '../../../dist/detectors/inference/worker.js' : './worker.js', from);
  if (existsSync(fileURLToPath(url))) return url;
  throw new AppError('internal', `inference worker: ${fileURLToPath(url)}: not built`, { hint: 'run npm run build' });
}
