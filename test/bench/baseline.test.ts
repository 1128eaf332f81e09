import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareToBaseline, readBaseline } from '../../src/bench/baseline.js';
import { temporaryFolder } from '../support/clips.js';

const folder = temporaryFolder();
const cost = (decode: number, mainLoop: number, inference: number) => ({
  ...{ decode, mainLoop, inference },
  total: decode + mainLoop + inference,
});
const regressed = (before: ReturnType<typeof cost>, now: ReturnType<typeof cost>): string[] =>
  compareToBaseline({ cpuMsPerCameraSecond: now }, before)
    .filter((change) => change.regressed)
    .map(({ stage }) => stage);

describe('a bench result against a baseline', () => {
  it.each([
    ['the same', cost(2, 1, 3), cost(2, 1, 3), []],
    ['ten per cent more is still the same', cost(2, 1, 3), cost(2.2, 1.1, 3.3), []],
    ['one stage dearer', cost(2, 1, 3), cost(2, 1.3, 3), ['mainLoop']],
    ['cheaper', cost(2, 1, 3), cost(1, 1, 1), []],
    ['everything dearer', cost(2, 1, 3), cost(3, 2, 4), ['decode', 'mainLoop', 'inference', 'total']],
    ['a tenth of a millisecond is the resolution', cost(0.2, 1, 3), cost(0.28, 1, 3), []],
  ])('%s', (_what, before, now, expected) => {
    expect(regressed(before, now)).toEqual(expected);
  });

  it('says what is wrong with a baseline that cannot be read', () => {
    const path = join(folder, 'half.json');
    writeFileSync(path, '{"cameras":3}');
    expect(() => readBaseline(path)).toThrow(/half\.json/);
    expect(() => readBaseline(join(folder, 'none.json'))).toThrow(/cannot be read/);
  });
});
