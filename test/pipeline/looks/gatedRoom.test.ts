import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../src/core/frame.js';
import { cameraId } from '../../../src/core/ids.js';
import { eventMs } from '../../../src/core/time.js';
import type { DetectedObject } from '../../../src/detectors/persons/detectObjects.js';
import { gatedRoom } from '../../../src/pipeline/looks/gatedRoom.js';

const WIDTH = 160;
const person = (score: number): DetectedObject => ({ label: 'person', score, box: [0.1, 0.1, 0.2, 0.5] });

/** The small gray picture of a room; `far`: somebody a twentieth of its width and a sixth of its height has come in. */
function grayOf(far: boolean): Uint8Array {
  const gray = new Uint8Array(WIDTH * 90).fill(100);
  for (let y = 20; far && y < 35; y++) gray.fill(60, y * WIDTH + 70, y * WIDTH + 78);
  return gray;
}

/**
 * Plays one look each 2 s. Of each: whether somebody is far back, and the scores the network would give.
 * @returns `asked` or how old the answer is, seconds, and how many persons it has
 */
async function play(looks: Array<{ far?: boolean; scores: number[] }>): Promise<string[]> {
  let now = 0;
  const find = gatedRoom(async () => looks[now]!.scores.map(person), {
    verifyEveryMs: { first: 6000, longest: 10_000 },
  });
  const told: string[] = [];
  for (const [i, { far = false }] of looks.entries()) {
    now = i;
    const at = eventMs(i * 2000);
    const rgb = new Uint8Array(3);
    const frame: Frame = { camera: cameraId('c'), at, width: 1, height: 1, rgb, keyframe: true, gray: grayOf(far) };
    const { objects, verifiedAt } = await find(frame, { minScore: 0.1, sureScore: 0.22 });
    const age = verifiedAt === undefined ? 'asked' : `${(at - verifiedAt) / 1000}s`;
    told.push(`${age} ${objects.length}`);
  }
  return told;
}

const times = (n: number, scores: number[]) => Array.from({ length: n }, () => ({ scores }));

describe('rooms looked at where something may have changed', () => {
  it('repeats what two looks agreed on, for 6 s and then for 10 s', async () => {
    expect(await play(times(13, [0.8, 0.7]))).toEqual([
      ...['asked 2', 'asked 2', '2s 2', '4s 2', 'asked 2'],
      ...['2s 2', '4s 2', '6s 2', '8s 2', 'asked 2', '2s 2', '4s 2', '6s 2'],
    ]);
  });

  it('looks at once when somebody comes in far back', async () => {
    const empty = times(3, []);
    const one = { far: true, scores: [0.6] };
    expect(await play([...empty, one, one, one])).toEqual([
      ...['asked 0', 'asked 0', '2s 0'],
      ...['asked 1', 'asked 1', '2s 1'],
    ]);
  });

  it('asks again while looks disagree on how many are sure', async () => {
    const series = [[0.8], [0.8, 0.3], [0.8], [0.8, 0.12], [0.8]].map((scores) => ({ scores }));
    expect(await play(series)).toEqual(['asked 1', 'asked 2', 'asked 1', 'asked 2', '2s 2']);
  });
});
