#!/usr/bin/env node
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(realpathSync(fileURLToPath(import.meta.url))), '..');
const program = join(root, 'dist', 'cli.js');
try {
  // A packed product has no sources: there is nothing to build, and nothing to build it with.
  if (existsSync(join(root, 'src'))) {
    const { build, looksStale } = await import('../scripts/build.mjs');
    if (looksStale()) build({ web: false });
  }
} catch (error) {
  process.stderr.write(`hallwatch: ${error.message}\n`);
  process.exit(2);
}
process.argv[1] = program;
await import(pathToFileURL(program).href);
