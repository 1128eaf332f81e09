import { describe, expect, it } from 'vitest';
import { judgeArrival } from '../../../src/alerts/evaluations/arrival.js';
import { overlapsOf } from '../../../src/alerts/evaluations/lobbyOverlap.js';
import { decideSignIn } from '../../../src/alerts/evaluations/signInDecision.js';
import type { SignInWindow } from '../../../src/core/evaluation.js';
import { type EventMs, eventMs } from '../../../src/core/time.js';
import { expert } from '../../support/evaluation.js';

/** Minutes after eight. */
const at = (minutes: number): EventMs => eventMs(Date.UTC(2026, 9, 8) + minutes * 60_000);
const window = (category: string, batch: string, from: number, to: number): SignInWindow => ({
  ...{ category, batch, from: at(from), to: at(to) },
});
const tech = expert('P1', { category: '技术', batch: '一' });

describe('an arrival', () => {
  const STAGGERED = [window('技术', '一', 0, 30), window('技术', '二', 30, 60), window('经济', '', 60, 90)];

  it.each<[string, number, SignInWindow[], string, number]>([
    ['in its window', 10, STAGGERED, 'on-time', 0],
    ['at the first instant', 0, STAGGERED, 'on-time', 0],
    ['at the end, which is no longer in it', 30, [window('技术', '一', 0, 30)], 'late', 1],
    ['before every window', -5, STAGGERED, 'early', 5 * 60_000],
    ['while the other batch signs in', 40, STAGGERED, 'wrong-batch', 10 * 60_000 + 1],
    ['while another category signs in', 70, STAGGERED, 'wrong-batch', 40 * 60_000 + 1],
    ['after all windows', 100, STAGGERED, 'late', 70 * 60_000 + 1],
    ['with one window for all', 5, [window('', '', 0, 30)], 'on-time', 0],
    ['of a category no window names', 5, [window('经济', '', 0, 30)], 'not-scheduled', 0],
    ['without any window', 5, [], 'not-scheduled', 0],
    ['between two windows of its own', 40, [window('技术', '', 0, 30), window('技术', '一', 50, 60)], 'late', 600_000],
  ])('%s', (_, minutes, windows, verdict, offMs) => {
    expect(judgeArrival({ person: tech, at: at(minutes) }, windows)).toEqual({ verdict, duplicate: false, offMs });
  });

  it('is a duplicate after an earlier one, whatever the time says', () => {
    expect(judgeArrival({ person: tech, at: at(10) }, STAGGERED, [at(5)])).toMatchObject({
      verdict: 'on-time',
      duplicate: true,
    });
    expect(judgeArrival({ person: tech, at: at(10) }, STAGGERED, [at(20)]).duplicate).toBe(false);
  });
});

describe('two categories in the lobby', () => {
  const stay = (category: string, from: number, to: number) => ({ category, from: at(from), to: at(to) });

  it.each<[string, ReturnType<typeof stay>[], string[]]>([
    ['apart', [stay('技术', 0, 10), stay('经济', 10, 20)], []],
    ['together exactly as long as allowed', [stay('技术', 0, 10), stay('经济', 8, 20)], []],
    ['together for longer', [stay('技术', 0, 11), stay('经济', 8, 20)], ['技术 经济 8-11']],
    [
      'two short stays that touch make one long one',
      [stay('技术', 0, 5), stay('技术', 5, 9), stay('经济', 4, 8)],
      ['技术 经济 4-8'],
    ],
    [
      'two meetings with a gap',
      [stay('技术', 0, 30), stay('经济', 1, 5), stay('经济', 20, 25)],
      ['技术 经济 1-5', '技术 经济 20-25'],
    ],
    ['three categories', [stay('甲', 0, 9), stay('乙', 0, 9), stay('丙', 8, 12)], ['乙 甲 0-9']],
    ['one category alone', [stay('技术', 0, 30), stay('技术', 3, 40)], []],
  ])('%s', (_, stays, expected) => {
    const minutes = (ms: EventMs): number => (ms - at(0)) / 60_000;
    const found = overlapsOf(stays, 2 * 60_000).map(
      ({ categories, from, to }) => `${categories.join(' ')} ${minutes(from)}-${minutes(to)}`,
    );
    expect(found).toEqual(expected);
  });
});

describe('the sign-in camera', () => {
  /** One look every two seconds: a letter is a person, `?` a face that did not decide. */
  const looks = (text: string) =>
    [...text].map((letter, i) => ({
      at: eventMs(i * 2000),
      person: letter === '?' ? undefined : letter,
      evidence: 0.8,
    }));

  it.each([
    ['one look', 'A', undefined],
    ['two looks', 'AA', undefined],
    ['three agreeing looks', 'AAA', { person: 'A', at: 0, looks: 3 }],
    ['undecided looks in between', 'A?A?A', { person: 'A', at: 0, looks: 3 }],
    ['agreeing looks too far apart', 'A??A??A', undefined],
    ['two persons in one span', 'AABA', undefined],
    ['the second person once the first has gone', 'AAA??????BBB', { person: 'B', at: 18_000, looks: 3 }],
    ['nobody', '???', undefined],
    ['nothing', '', undefined],
  ])('%s', (_, text, expected) => {
    expect(decideSignIn(looks(text))).toEqual(expected);
  });
});
