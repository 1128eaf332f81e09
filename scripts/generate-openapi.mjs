// Writes docs/openapi.json from the contract of the board. Run after `npm run build`; a test fails when it is out of date.
import { writeFileSync } from 'node:fs';
import { openApiText } from '../dist/board/api/openapi.js';

writeFileSync(new URL('../docs/openapi.json', import.meta.url), openApiText());
