#!/usr/bin/env node
// `npm start`: makes the machine ready, then becomes the service. It runs in this process, so signals and the exit code
// are the service's own.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './build.mjs';
import { prepareMachine } from './prepare-machine.mjs';

if (!prepareMachine()) process.exit(2);
const program = join(ROOT, 'dist', 'cli.js');
process.argv.splice(1, 1, program, 'run');
await import(pathToFileURL(program).href);
