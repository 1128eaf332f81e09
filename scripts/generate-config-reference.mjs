// Writes docs/config-reference.md and config/hall.schema.json from the schema. Run after a build: node scripts/generate-config-reference.mjs
import { writeFileSync } from 'node:fs';
import { configJsonSchemaText, configReference } from '../dist/core/config/reference.js';

writeFileSync(new URL('../docs/config-reference.md', import.meta.url), configReference());
writeFileSync(new URL('../config/hall.schema.json', import.meta.url), configJsonSchemaText());
