import { describe, expect, it } from 'vitest';
import type { Detector } from '../../../src/core/detector.js';
import type { Frame } from '../../../src/core/frame.js';
import { cameraId, subjectId } from '../../../src/core/ids.js';
import { eventMs } from '../../../src/core/time.js';
import { gatedDetector } from '../../../src/pipeline/looks/gatedDetector.js';
import type { Decision } from '../../../src/pipeline/looks/verdict.js';

const PIXELS = 160 * 90;

/** `e` empty, `o` somebody sits there, `l` somebody seen by the network alone: he came without a trace in the gray picture. */
const grayOf = (letter: string): Uint8Array => {
  const gray = new Uint8Array(PIXELS).fill(100);
  if (letter === 'o') gray.fill(20, PIXELS / 3, PIXELS / 2);
  return gray;
};

/** Plays one letter each two seconds; gives what was decided and what was observed, a letter each. */
async function play(series: string, { wrongAt = [] as number[], everyMs = 2000 } = {}) {
  const decisions: Decision[] = [];
  let looks = 0;
  const detector: Detector = {
    kind: 'windows',
    async observe(frame) {
      looks += 1;
      const i = Math.round(frame.at / everyMs);
      const seen = (series[i] !== 'e') !== wrongAt.includes(i);
      return [{ subject: subjectId('A01'), kind: 'staff', at: frame.at, value: seen ? 1 : 0 }];
    },
  };
  const gated = gatedDetector(detector, {
    region: [0, 0, 1, 1],
    verifyEveryMs: { first: 10_000, longest: 20_000 },
    onDecision: (decision) => decisions.push(decision),
  });
  let observed = '';
  const verifiedAt: Array<number | undefined> = [];
  for (const [i, letter] of [...series].entries()) {
    const at = eventMs(i * everyMs);
    const frame: Frame = {
      camera: cameraId('c'),
      at,
      width: 1,
      height: 1,
      rgb: new Uint8Array(3),
      keyframe: true,
      gray: grayOf(letter),
    };
    const [observation] = await gated.observe(frame, new AbortController().signal);
    expect(observation?.at).toBe(at);
    observed += observation?.value === 0 ? '.' : 'X';
    verifiedAt.push(observation?.verifiedAt);
  }
  const letters = { first: 'f', unsettled: 'u', due: 'd', motion: 'm', repeat: '-' };
  return { decided: decisions.map((each) => letters[each]).join(''), observed, looks, verifiedAt };
}

describe('a verdict is repeated while nothing changes', () => {
  it.each<[string, string, string, string]>([
    [
      'an empty seat, twice as long each time, up to a bound',
      'eeeeeeeeeeeeeeeeeeeeeeeeeeeee',
      'fu----d---------d---------d--',
      '.............................',
    ],
    ['somebody comes: at once, and confirmed', 'eeeeooooooo', 'fu--mu----d', '....XXXXXXX'],
    ['somebody goes: at once, and confirmed', 'ooooeeeeeee', 'fu--mu----d', 'XXXX.......'],
    ['a still person is never a false absence', 'oooooooooooooo', 'fu----d-------', 'XXXXXXXXXXXXXX'],
    ['who came without a trace is found when the verdict is due', 'eellllllllll', 'fu----du----', '......XXXXXX'],
  ])('%s', async (_what, series, decided, observed) => {
    expect(await play(series)).toMatchObject({ decided, observed });
  });

  it('never repeats a single doubtful look: a miss when verifying is asked again at once', async () => {
    const { observed, decided } = await play('oooooooooooo', { wrongAt: [6] });
    expect(observed).toBe('XXXXXX.XXXXX');
    expect(decided).toBe('fu----duu---');
  });

  it('gives an observation for every picture, and says when it was verified', async () => {
    const { verifiedAt, looks } = await play('eeeeee');
    expect(verifiedAt).toEqual([undefined, undefined, 2000, 2000, 2000, 2000]);
    expect(looks).toBe(2);
  });

  it('asks for each picture where they come rarer than a verdict holds', async () => {
    expect((await play('eeeee', { everyMs: 22_000 })).decided).toBe('fuddd');
  });
});
