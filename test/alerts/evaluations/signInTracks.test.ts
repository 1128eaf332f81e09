import { describe, expect, it } from 'vitest';
import { type SignInFace, type SignInState, stepSignIn } from '../../../src/alerts/evaluations/signInTracks.js';
import type { Box } from '../../../src/core/geometry.js';
import { eventMs } from '../../../src/core/time.js';

const LEFT: Box = [0.1, 0.2, 0.3, 0.5];
const RIGHT: Box = [0.6, 0.2, 0.8, 0.5];
const face = (box: Box, person: string | undefined, liveness = 0.9): SignInFace => ({
  ...{ box, person, evidence: person === undefined ? 0.3 : 0.85, similarity: 0.8, liveness },
});

/** One look every two seconds: what stands on the left and on the right; `?` does not decide, `.` is nobody. */
function play(left: string, right = ''): string[] {
  let state: SignInState = [];
  const told: string[] = [];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const faces = (
      [
        [LEFT, left[i]],
        [RIGHT, right[i]],
      ] as const
    ).flatMap(([box, letter]) =>
      letter === undefined || letter === '.' ? [] : [face(box, letter === '?' ? undefined : letter)],
    );
    const [next, arrivals] = stepSignIn(state, { at: eventMs(i * 2000), faces });
    state = next;
    told.push(...arrivals.map(({ person, at }) => `${person}@${at / 2000}`));
  }
  return told;
}

describe('faces at the sign-in camera', () => {
  it.each([
    ['one look decides nothing', 'A.', '', []],
    ['three agreeing looks are one arrival', 'AAAAAA', '', ['A@0']],
    ['an undecided look between does not matter', 'A?AA', '', ['A@0']],
    ['two people beside each other are told apart', 'AAA', 'BBB', ['A@0', 'B@0']],
    ['one after the other in the same place', 'AAABBB', '', ['A@0', 'B@3']],
    ['a face that is taken for two persons by turns is nobody', 'ABABAB', '', []],
    ['somebody nobody knows', '??????', '', []],
    ['who left and came back much later arrives again', 'AAA......AAA', '', ['A@0', 'A@9']],
  ])('%s', (_, left, right, expected) => {
    expect(play(left, right)).toEqual(expected);
  });

  it('tells the poorest liveness of the looks: advice, for a person to judge', () => {
    let state: SignInState = [];
    let arrived: unknown;
    [0.9, 0.1, 0.8].forEach((liveness, i) => {
      const [next, [arrival]] = stepSignIn(state, { at: eventMs(i * 2000), faces: [face(LEFT, 'A', liveness)] });
      state = next;
      arrived ??= arrival;
    });
    expect(arrived).toMatchObject({ person: 'A', liveness: 0.1 });
  });
});
