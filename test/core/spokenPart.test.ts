import { expect, it } from 'vitest';
import { spokenPart } from '../../src/core/spokenPart.js';

const han = { start: 1000, end: 5000, text: '第二家请大家照顾' };
const pinyin = { start: 1000, end: 5000, text: 'di er jia qing da jia' };

it.each([
  ['all of it', han, [0, 9000], '第二家请大家照顾'],
  ['its beginning', han, [0, 2500], '第二家'],
  ['its end', han, [3500, 9000], '家照顾'],
  ['nothing of it', han, [6000, 9000], ''],
  ['pinyin is cut between its words', pinyin, [0, 2500], 'di er jia'],
  ['at both ends', pinyin, [1700, 4400], 'jia qing da'],
  ['a text of no length', { start: 5, end: 5, text: '好' }, [0, 9], '好'],
] as Array<[string, typeof han, [number, number], string]>)('%s', (_, said, [from, to], expected) => {
  expect(spokenPart(said, { from, to })).toBe(expected);
});
