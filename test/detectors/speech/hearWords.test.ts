import { describe, expect, it } from 'vitest';
import type { SpeechEvent } from '../../../src/core/speech.js';
import { eventMs } from '../../../src/core/time.js';
import { hearWords } from '../../../src/detectors/speech/hearWords.js';
import { keywordLines } from '../../../src/detectors/speech/sherpa/keywordLines.js';
import { parseTokens } from '../../../src/detectors/speech/sherpa/tokens.js';
import { parseWordList } from '../../../src/detectors/speech/wordList.js';

const heard = (word: string, start: number, end: number): SpeechEvent => ({
  ...{ type: 'candidate', word, score: 1 },
  ...{ start: eventMs(start), end: eventMs(end) },
});
const said = (text: string, start: number, end: number): SpeechEvent => ({
  ...{ type: 'segment', text },
  ...{ start: eventMs(start), end: eventMs(end) },
});
const list = (text: string) => parseWordList(text, 'yaml', 'test').words;

describe('hearing words as they are said', () => {
  const words = list('[{ word: 照顾一下, level: serious }, { word: 甲方意思, allow: [甲方意思表示] }]');

  it('tells a candidate at once, and its confirmation apart', () => {
    const hearing = hearWords(words);
    expect(hearing.take(heard('照顾一下', 1000, 1800))).toMatchObject([{ confirmed: false, level: 'serious' }]);
    expect(hearing.take(heard('照顾一下', 1050, 1850))).toEqual([]);
    expect(hearing.take(said('请照顾一下', 800, 1800))).toMatchObject([{ confirmed: true, tier: 'text' }]);
    expect(hearing.take(said('好的', 2000, 2400))).toEqual([]);
  });

  it('waits for an allowed phrase that may still be said', () => {
    const hearing = hearWords(words);
    expect(hearing.take(heard('甲方意思', 1000, 1800))).toEqual([]);
    expect(hearing.advance(eventMs(2000))).toEqual([]);
    expect(hearing.advance(eventMs(2300))).toHaveLength(1);
    const other = hearWords(words);
    other.take(heard('甲方意思', 1000, 1800));
    other.take(heard('甲方意思表示', 1000, 2200));
    expect(other.advance(eventMs(4000))).toEqual([]);
  });

  it('takes for one sound only what the hall wants', () => {
    const misheard = said('请造顾一下', 800, 1800);
    expect(hearWords(words).take(misheard)).toMatchObject([{ tier: 'fuzzy' }]);
    expect(hearWords(words, ['n-l', 'an-ang']).take(misheard)).toEqual([]);
    expect(hearWords(words, ['z-zh']).take(misheard)).toHaveLength(1);
  });

  it('hears a word that is listed later, and no longer one that went', () => {
    const hearing = hearWords(words);
    hearing.relist(list('[打个招呼]'));
    expect(hearing.take(heard('照顾一下', 1000, 1800))).toEqual([]);
    expect(hearing.take(said('打个招呼', 2000, 2800))).toHaveLength(1);
  });
});

describe('keyword lines', () => {
  const tokens = parseTokens(
    'zh ào g ù y í x ià d ǎ āo f ēn ē l ǐ'
      .split(' ')
      .map((token, i) => `${token} ${i}`)
      .join('\n'),
    'test',
  );
  it('are initial and final with tone, boost, threshold and the word', () => {
    const words = [
      { word: '照顾一下', syllables: ['zhao', 'gu', 'yi', 'xia'], boost: 2, threshold: 0.3 },
      { word: '打高分', syllables: ['da', 'gao', 'fen'], threshold: -1.5 },
    ];
    expect(keywordLines(words, tokens)).toEqual({
      lines: ['zh ào g ù y í x ià :2 #0.3 @照顾一下', 'd ǎ g āo f ēn @打高分'],
      unknown: [],
    });
  });

  it('leave out a word that the network cannot spell', () => {
    expect(keywordLines([{ word: '窗口', syllables: ['chuang', 'kou'] }], tokens)).toEqual({
      lines: [],
      unknown: [{ word: '窗口', token: 'ch' }],
    });
  });

  it.each([
    ['a number twice', 'a 0\nb 0'],
    ['a number missing', 'a 0\nb 2'],
    ['no number', 'a'],
    ['nothing', ''],
  ])('take no table with %s', (_, text) => {
    expect(() => parseTokens(text, 'test')).toThrow(expect.objectContaining({ code: 'model' }));
  });
});
