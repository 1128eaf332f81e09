import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configJsonSchemaText, configReference } from '../../../src/core/config/reference.js';

const committed = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

describe('the generated configuration reference', () => {
  it('is the one that is committed; node scripts/generate-config-reference.mjs writes it', () => {
    expect(configReference()).toBe(committed('docs/config-reference.md'));
    expect(configJsonSchemaText()).toBe(committed('config/hall.schema.json'));
  });

  it('explains every rule parameter', () => {
    const rows = configReference()
      .split('\n')
      .filter((row) => row.includes('`rules.'));
    const silent = rows.filter((row) => /\|\s*\|$/.test(row) && !/\| object \|/.test(row));
    expect(silent).toEqual([]);
  });
});
