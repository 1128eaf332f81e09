import { describe, expect, it } from 'vitest';
import { type Frame, makeFrame } from '../../../src/core/frame.js';
import type { Box } from '../../../src/core/geometry.js';
import { cameraId } from '../../../src/core/ids.js';
import type { Observation } from '../../../src/core/observation.js';
import { eventMs } from '../../../src/core/time.js';
import type { FoundFace } from '../../../src/detectors/detectImage.js';
import type { DetectedObject } from '../../../src/detectors/persons/detectObjects.js';
import { type StaffWatchOptions, staffWatch } from '../../../src/detectors/service/staffWatch.js';

const STAFF = [
  [0.1, 0.2],
  [0.5, 0.2],
  [0.5, 0.9],
  [0.1, 0.9],
] as const;
const windows = [
  { id: 'A01', camera: 'cam', staffZone: STAFF, citizenZone: [] },
  { id: 'A02', camera: 'other', staffZone: STAFF, citizenZone: [] },
];
const { signal } = new AbortController();

/** One gray level all over: the seat stays as it is while the level does. */
const frameAt = (second: number, level = 120): Frame =>
  makeFrame({
    ...{ camera: cameraId('cam'), at: eventMs(second * 1000), width: 64, height: 36, keyframe: true },
    rgb: new Uint8Array(64 * 36 * 3).fill(level),
  });
const face = (box: Box, smile?: number | 'unknown'): FoundFace => ({
  ...{ box, score: 0.9 },
  ...(smile === undefined ? {} : { smile }),
});
const person = (box: Box): DetectedObject => ({ label: 'person', score: 0.9, box });
const phone = (box: Box, score = 0.5): DetectedObject => ({ label: 'cell phone', score, box });
const UPRIGHT: Box = [0.2, 0.25, 0.4, 0.85];
const DOWN: Box = [0.2, 0.45, 0.4, 0.85];
const told = (observations: Observation[]) =>
  observations.map(({ kind, value, reason }) => [kind, value, reason ?? '']);

function watch(options: Partial<StaffWatchOptions>) {
  return staffWatch({ camera: 'cam', windows, minScore: 0.3, ...options });
}

describe('smiles in the staff zone', () => {
  const smiling = (faces: FoundFace[]) => watch({ smile: { every: 5000, find: async () => faces } });

  it.each([
    ['a smile', [face([0.25, 0.3, 0.3, 0.4], 0.8)], true, ''],
    ['no smile', [face([0.25, 0.3, 0.3, 0.4], 0.2)], false, ''],
    ['nobody', [], 'unknown', 'no-face'],
    ['a mask or a side face', [face([0.25, 0.3, 0.3, 0.4], 'unknown')], 'unknown', 'face-unclear'],
    ['a citizen who smiles', [face([0.7, 0.3, 0.75, 0.4], 0.9)], 'unknown', 'no-face'],
  ] as const)('tells %s', async (_, faces, value, reason) => {
    expect(told(await smiling([...faces]).observe(frameAt(0), signal))).toEqual([['smile', value, reason]]);
  });

  it('looks as often as it is asked to, and at its own camera’s windows alone', async () => {
    const detector = smiling([face([0.25, 0.3, 0.3, 0.4], 0.8)]);
    const counts: number[] = [];
    for (let s = 0; s <= 12; s += 2) counts.push((await detector.observe(frameAt(s), signal)).length);
    expect(counts).toEqual([1, 0, 0, 1, 0, 0, 1]);
  });

  it('a look that fails is its caller’s, and the next one is taken', async () => {
    let fails = true;
    const detector = watch({
      smile: {
        every: 1000,
        find: async () => {
          if (fails) throw new Error('worker gone');
          return [];
        },
      },
    });
    await expect(detector.observe(frameAt(0), signal)).rejects.toThrow('worker gone');
    fails = false;
    expect(await detector.observe(frameAt(2), signal)).toHaveLength(1);
  });
});

describe('a phone at the hands of staff', () => {
  const seeing = (...objects: DetectedObject[]) =>
    watch({ posture: { every: 10_000, phone: true, asleep: false, find: async () => objects } });

  it.each([
    ['one that is held', [person(UPRIGHT), phone([0.28, 0.5, 0.32, 0.56])], true],
    ['one that lies beside', [person(UPRIGHT), phone([0.42, 0.8, 0.46, 0.86])], false],
    ['one at the ear’s height beside the head', [person(UPRIGHT), phone([0.36, 0.26, 0.4, 0.3])], false],
    ['one that is hardly seen', [person(UPRIGHT), phone([0.28, 0.5, 0.32, 0.56], 0.22)], false],
    ['one of nobody', [phone([0.28, 0.5, 0.32, 0.56])], false],
  ])('%s', async (_, objects, value) => {
    expect(told(await seeing(...objects).observe(frameAt(0), signal))).toEqual([['phone', value, '']]);
  });
});

describe('a head that is down and still', () => {
  /** `u`: upright, `d`: head down, `m`: head down and moving, `-`: nobody. One look each ten seconds. */
  async function judged(script: string): Promise<string> {
    let box: Box | undefined;
    const detector = watch({
      posture: { every: 10_000, phone: false, asleep: true, find: async () => (box ? [person(box)] : []) },
    });
    let words = '';
    for (const [i, sign] of [...script].entries()) {
      box = sign === '-' ? undefined : sign === 'u' ? UPRIGHT : DOWN;
      const [seen] = await detector.observe(frameAt(i * 10, sign === 'm' && i % 2 === 0 ? 140 : 120), signal);
      words += seen!.value === 'unknown' ? '?' : seen!.value ? 'A' : '.';
    }
    return words;
  }

  it.each([
    ['is unknown until the usual height of this seat is known', 'uuuuu', '?????'],
    ['is told once somebody who sat upright is down', 'uuuuuuuuuuuuuuddd', '???????????...AAA'],
    ['is not told of somebody who moves', 'uuuuuuuuuuuuuummmm', '???????????.......'],
    ['is not told of an empty seat', 'uuuuuuuuuuuuuu---', '???????????......'],
    [
      'of somebody who is down from the first look is unknown or upright, never asleep',
      'dddddddddddddddd',
      '???????????.....',
    ],
  ])('%s', async (_, script, words) => {
    expect(await judged(script)).toBe(words);
  });
});
