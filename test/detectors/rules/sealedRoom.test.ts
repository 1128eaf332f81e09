import { describe, expect, it } from 'vitest';
import { play, readSealedScenarios } from './sealedScenario.js';

describe('the rules of a sealed room, scenario by scenario', () => {
  it.each(readSealedScenarios())('$name', (scenario) => {
    const { events, entries } = play(scenario);
    expect(events).toEqual(scenario.expect);
    if (scenario.entries) expect(entries).toEqual(scenario.entries);
  });
});
