import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock as clock } from '../../../src/core/clock.js';
import { sherpaAfter } from '../../../src/detectors/speech/sherpa/after.js';
import { isSherpaInstalled } from '../../../src/detectors/speech/sherpa/library.js';
import { speakerTurns } from '../../../src/detectors/speech/speakerTurns.js';
import { afterNetworks, recordAfterNetworks } from '../../support/afterNetworks.js';
import { temporaryFolder } from '../../support/ledger.js';

/** A voice made of one tone and its noise. */
function tone(hz: number, seconds: number): Float32Array {
  let state = 7;
  return Float32Array.from({ length: seconds * 16_000 }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 0.3 * Math.sin((2 * Math.PI * hz * i) / 16_000) + (state / 2 ** 31 - 1) * 0.01;
  });
}

function open(root: string) {
  const after = sherpaAfter({ root, clock, networks: afterNetworks() });
  onTestFinished(() => after.rest());
  return after;
}

describe.skipIf(!isSherpaInstalled())('punctuation and voices with built networks', () => {
  it('says that nothing is installed, or damaged, and loads none of it', async () => {
    const root = temporaryFolder();
    expect(await open(root).can()).toEqual({ punctuation: 'no-model', speakers: 'no-model' });
    await recordAfterNetworks(root);
    expect(await open(root).can()).toEqual({ punctuation: 'ready', speakers: 'ready' });
    const network = afterNetworks().find(({ role }) => role === 'punctuation')!;
    appendFileSync(join(root, network.name, network.files[0]!.path), 'x');
    const after = open(root);
    expect(await after.can()).toEqual({ punctuation: 'model-damaged', speakers: 'ready' });
    await expect(after.punctuate(['你好'])).rejects.toMatchObject({ code: 'model' });
  });

  it('adds marks and tells voices apart', async () => {
    const root = temporaryFolder();
    await recordAfterNetworks(root);
    const after = open(root);
    expect(await after.punctuate(['第二家照顾一下吗', '好'])).toEqual(['第二家，照顾一下吗？', '好。']);
    const sounds = [tone(200, 2), tone(1900, 2), tone(200, 2), new Float32Array(40), tone(1900, 1)];
    const vectors = await after.voices(sounds);
    expect(vectors.map(({ length }) => length)).toEqual([80, 80, 80, 0, 80]);
    expect(Math.hypot(...vectors[0]!)).toBeCloseTo(1, 4);
    const turns = speakerTurns(vectors.map((vector, i) => ({ vector, ms: sounds[i]!.length / 16 })));
    expect(turns).toEqual(['S1', 'S2', 'S1', undefined, 'S2']);
  }, 60_000);
});

describe('speaker turns', () => {
  const at = (angle: number): Float32Array => Float32Array.from([Math.cos(angle), Math.sin(angle)]);
  const turns = (...angles: Array<[angle: number, ms: number]>) =>
    speakerTurns(angles.map(([angle, ms]) => ({ vector: at(angle), ms })));

  it.each([
    ['nobody speaks', [], []],
    [
      'one voice',
      [
        [0, 3000],
        [0.2, 3000],
      ],
      ['S1', 'S1'],
    ],
    [
      'two voices in the order in which they speak',
      [
        [1.5, 2000],
        [0, 9000],
        [1.4, 4000],
      ],
      ['S1', 'S2', 'S1'],
    ],
    [
      'a short word joins a voice',
      [
        [0, 3000],
        [0.1, 300],
      ],
      ['S1', 'S1'],
    ],
    [
      'a short word like nobody founds no voice',
      [
        [0, 3000],
        [2, 300],
      ],
      ['S1', undefined],
    ],
  ] as Array<[string, Array<[number, number]>, Array<string | undefined>]>)('%s', (_, angles, expected) => {
    expect(turns(...angles)).toEqual(expected);
  });

  it('cannot tell where no voice is long enough', () => {
    expect(turns([0, 500], [1, 500])).toEqual([undefined, undefined]);
  });
});
