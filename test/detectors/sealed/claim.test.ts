import { describe, expect, it } from 'vitest';
import { eventMs } from '../../../src/core/time.js';
import type { QualityVerdict } from '../../../src/detectors/faces/quality.js';
import { CLAIM_OPTIONS, type Claim, claimOf, type FaceLook, withLook } from '../../../src/detectors/sealed/claim.js';

/** `A.85`: candidate A with evidence 0.85; `A.85+Q.80`: and Q of another evaluation; `A.85/blurred`: but blurred. */
function look(word: string, i: number): FaceLook {
  const [faces, quality = 'good'] = word.split('/');
  const [mine, other = '.00'] = faces!.split('+');
  const [person, evidence] = mine!.split('.');
  const [otherPerson, otherEvidence] = other.split('.');
  return {
    ...{
      at: eventMs(i * 2000),
      quality: quality as QualityVerdict,
      person: person!,
      evidence: Number(`0.${evidence}`),
    },
    ...{ other: otherPerson!, otherEvidence: Number(`0.${otherEvidence}`) },
  };
}

function claimAfter(words: string): string {
  let looks: FaceLook[] = [];
  let claim: Claim | undefined;
  words
    .split(' ')
    .filter((word) => word !== '')
    .forEach((word, i) => {
      looks = withLook(looks, look(word, i), CLAIM_OPTIONS);
      claim = claimOf(looks, claim, CLAIM_OPTIONS);
    });
  claim ??= claimOf([], undefined, CLAIM_OPTIONS);
  if (claim.type === 'undecided') return `undecided ${claim.reason}`;
  return 'person' in claim ? `${claim.type} ${claim.person}` : claim.type;
}

describe('who somebody is, over several looks at the face', () => {
  it.each([
    ['no face at all', '', 'undecided no-face'],
    ['one excellent look is never enough', 'A.95', 'undecided few-looks'],
    ['one hopeless look is never enough', 'A.40', 'undecided few-looks'],
    ['two good looks that agree', 'A.85 A.80', 'person A'],
    ['two looks whose mean is sure', 'A.75 A.80', 'person A'],
    ['an excellent look does not carry a poor one', 'A.95 A.65', 'undecided contradictory'],
    ['two looks between the limits', 'A.74 A.73', 'undecided contradictory'],
    ['two candidates', 'A.80 B.80', 'undecided contradictory'],
    ['two faces of nobody', 'A.60 B.55', 'nobody'],
    ['nobody of this roster, twice the same of another', 'A.50+Q.85 A.55+Q.80', 'known Q'],
    ['nobody of this roster, two different ones of another', 'A.50+Q.85 A.55+P.80', 'nobody'],
    ['nobody of this roster, once like somebody of another', 'A.50+Q.85 A.55+Q.60', 'nobody'],
    ['on this roster and on another', 'A.85+Q.90 A.85+Q.90', 'person A'],
    ['a roster without faces has no strangers', '.00 .00 .00', 'undecided no-roster'],
    ['blurred faces tell nothing, however alike', 'A.90/blurred A.95/blurred', 'undecided blurred'],
    ['masked faces tell nothing, however unlike', 'A.30/covered A.30/covered', 'undecided covered'],
    ['the back of the head between two good looks', 'A.85 A.30/side-face A.80', 'person A'],
    ['a decision holds while the face turns away', 'A.85 A.85 A.20/side-face A.20/blurred', 'person A'],
    ['a decision holds through one look between the limits', 'A.85 A.85 A.73', 'person A'],
    ['one contradicting look opens the decision again', 'A.85 A.85 B.50', 'undecided contradictory'],
    ['and as many as decided decide anew', 'A.85 A.85 B.85 B.85', 'person B'],
    ['a stranger who took the place of somebody recognised', 'A.85 A.85 A.50 A.50', 'nobody'],
    ['a stranger by mistake is recognised by the next two looks', 'A.65 A.60 A.85 A.85', 'person A'],
  ])('%s', (_, words, expected) => {
    expect(claimAfter(words)).toBe(expected);
  });

  it('forgets looks older than two minutes', () => {
    const looks = withLook([look('A.50', 0)], { ...look('A.50', 1), at: eventMs(200_000) }, CLAIM_OPTIONS);
    expect(looks).toHaveLength(1);
  });
});
