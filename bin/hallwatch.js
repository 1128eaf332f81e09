#!/usr/bin/env node
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, looksStale } from '../scripts/build.mjs';

const program = join(dirname(realpathSync(fileURLToPath(import.meta.url))), '..', 'dist', 'cli.js');
try {
  if (looksStale()) build({ web: false });
} catch (error) {
  process.stderr.write(`hallwatch: ${error.message}\n`);
  process.exit(2);
}
process.argv[1] = program;
await import(pathToFileURL(program).href);
