import { describe, expect, it } from 'vitest';
import { cosine, type Descriptor, meanDescriptor } from '../../../src/detectors/faces/describe.js';
import { evidenceOf, MATCH_LIMITS, matchFace } from '../../../src/detectors/faces/match.js';

/** A unit vector in the plane of the first two values: the cosine of two is that of their angles' difference. */
function towards(cosineWithFirst: number): Descriptor {
  const values = new Float32Array(1024);
  values[0] = cosineWithFirst;
  values[1] = Math.sqrt(1 - cosineWithFirst ** 2);
  return values;
}
const face = towards(1);

describe('matchFace', () => {
  it.each([
    ['a clear match', [0.9, 0.4], 'good', 'rostered'],
    ['a clear stranger', [0.5, 0.45], 'good', 'stranger'],
    ['a face between the limits', [0.64, 0.5], 'good', 'unidentified'],
    ['someone alike who is alike to others too', [0.68, 0.66], 'good', 'stranger'],
    ['much the same similarity far ahead of the others', [0.7, 0.4], 'good', 'rostered'],
    ['a clear match of a blurred face', [0.9, 0.4], 'blurred', 'unidentified'],
    ['a stranger seen from the side', [0.3, 0.2], 'side-face', 'unidentified'],
    ['a stranger far away', [0.3, 0.2], 'too-small', 'unidentified'],
  ] as const)('%s', (_, [first, second], quality, outcome) => {
    const roster = [
      { person: 'li', descriptor: towards(second) },
      { person: 'zhang', descriptor: towards(first) },
    ];
    const match = matchFace(face, roster, quality);
    expect(match).toMatchObject({ person: 'zhang', outcome });
    expect(match.similarity).toBeCloseTo(first, 5);
  });

  it('claims nothing where the roster is empty', () => {
    expect(matchFace(face, [], 'good')).toEqual({ similarity: 0, evidence: 0, outcome: 'unidentified' });
  });

  it('does not take a roster of one as a lead over nobody', () => {
    expect(evidenceOf(0.6, -1)).toBe(evidenceOf(0.6, 0.5));
    expect(evidenceOf(0.6, -1)).toBeLessThan(MATCH_LIMITS.rostered);
  });

  it('does not turn around where even the best is less alike than chance', () => {
    expect(evidenceOf(0.3, 0.2)).toBeLessThan(evidenceOf(0.5, 0.2));
  });
});

describe('templates', () => {
  it('lie half-way between two photos and have length 1', () => {
    const mean = meanDescriptor([towards(1), towards(0)]);
    expect(cosine(mean, towards(1))).toBeCloseTo(Math.SQRT1_2, 5);
    expect(cosine(mean, mean)).toBeCloseTo(1, 5);
  });
});
