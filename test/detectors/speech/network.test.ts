import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logMel, MEL_BANDS } from '../../../src/detectors/speech/features.js';
import { greedyUnits, pinyinReading } from '../../../src/detectors/speech/greedy.js';
import {
  openUnitNetwork,
  parseFilterbank,
  type UnitNetwork,
  unitNetworkFolder,
} from '../../../src/detectors/speech/network.js';
import { syllablesOf, unitsOf } from '../../../src/detectors/speech/units.js';
import { sharedPath } from '../../support/shared.js';
import { readWav } from './wav.js';

interface Reference {
  file: string;
  frames: number;
  steps: number;
  logmel_frame_100_first_8_bands: number[];
  greedy: string;
  blank_logprob_first_8_steps: number[];
}

const part = (name: string): string => readFileSync(join(unitNetworkFolder, name), 'utf8');
const reference = JSON.parse(part('reference.json')) as Reference;
const recording = sharedPath(`speech/${reference.file}`);
let network: UnitNetwork;

beforeAll(async () => {
  network = await openUnitNetwork();
});
afterAll(() => network.close());

describe('the network of Mandarin units', () => {
  it.runIf(recording)('gets the features its card gives', () => {
    const { frames, data } = logMel(readWav(recording!), parseFilterbank(part('mel_filterbank.csv')));
    expect(frames).toBe(reference.frames);
    reference.logmel_frame_100_first_8_bands.forEach((value, band) => {
      expect(data[100 * MEL_BANDS + band]).toBeCloseTo(value, 2);
    });
  });

  it.runIf(recording)('hears what its card says', async () => {
    const heard = await network.listen(readWav(recording!));
    expect(heard.steps).toBe(reference.steps);
    expect(greedyUnits(heard, network.units).join(' ')).toBe(reference.greedy);
    expect(pinyinReading(heard, network.units)).toBe('zhe shi jia fang yi shi');
    reference.blank_logprob_first_8_steps.forEach((value, step) => {
      expect(Math.abs(heard.logProb[step * heard.units]! - value)).toBeLessThan(0.05);
    });
  });

  it('hears nothing in less than one frame', async () => {
    expect((await network.listen(new Float32Array(300))).steps).toBe(0);
  });

  it('names the file that is missing', async () => {
    await expect(openUnitNetwork('/nowhere')).rejects.toMatchObject({ code: 'model' });
  });
});

describe('units of syllables', () => {
  it.each([
    ['zhi', 'zh iii'],
    ['si', 's ii'],
    ['xu', 'x v'],
    ['yuan', 'y van'],
    ['lv', 'l v'],
    ['lüe', 'l ve'],
    ['nue', 'n ve'],
    ['wo', 'w o'],
    ['er', 'er'],
    ['ni', 'n i'],
  ])('%s is %s', (syllable, units) => {
    expect(unitsOf(syllable, new Set(network.units))?.join(' ')).toBe(units);
  });

  it('refuses what is no syllable', () => {
    expect(unitsOf('abc', new Set(network.units))).toBeUndefined();
  });

  it('writes units as syllables', () => {
    expect(syllablesOf('x van zh g u er'.split(' '))).toEqual(['xuan', 'zh', 'gu', 'er']);
  });
});
