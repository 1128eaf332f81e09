import { describe, expect, it } from 'vitest';
import { FUZZY_CLASSES } from '../../../../src/core/words.js';
import { makeMatcher, matchText } from '../../../../src/detectors/speech/matcher/matchText.js';
import { parseWordList } from '../../../../src/detectors/speech/wordList.js';

const list = parseWordList(
  `
- word: 照顾一下
  allow: [照顾一下老人]
- 我们公司
- { word: 甲方意思, allow: [不得打听甲方意思] }
- 打高分
- { word: 内定, context: { words: [中标, 名单], gap: 6 } }
- { word: 价, context: { words: [报, 压], gap: 8 } }
- 打招呼
- { word: 保证金, allow: [投标保证金, 履约保证金] }
- { word: 好处费, negation: keep }
- 三家公司
- 十万块
- 百分之十五
- { word: 行长交代, pinyin: hang zhang jiao dai }
- 串通投标
- 领导安排的
- 2号标段
- 红包
- a公司
- 陪标
`,
  'yaml',
  'test',
);
const matcher = makeMatcher(list.words, FUZZY_CLASSES);
const found = (text: string): string =>
  matchText(text, matcher)
    .map(({ word, tier, variant }) => `${word}/${tier}/${variant}`)
    .join(' ');

/** What is said, and the hits as word/tier/what stands in the transcript. */
const CASES: [string, string, string][] = [
  ['the word itself', '这个项目照顾一下', '照顾一下/text/照顾一下'],
  ['the word at the beginning', '照顾一下他们', '照顾一下/text/照顾一下'],
  ['the word alone', '打高分', '打高分/text/打高分'],
  ['twice', '打高分，一定打高分', '打高分/text/打高分 打高分/text/打高分'],
  ['two words', '我们公司请你照顾一下', '我们公司/text/我们公司 照顾一下/text/照顾一下'],
  ['nothing of the list', '请各位专家先看投标文件', ''],
  ['an empty text', '', ''],
  ['half of a word', '照顾', ''],
  ['its characters in another order', '一下照顾', ''],
  ['spaces of a recogniser', '照 顾 一 下', '照顾一下/text/照 顾 一 下'],
  ['a comma in the word', '照顾，一下', '照顾一下/text/照顾，一下'],
  ['a filler in the word', '照顾嗯一下', '照顾一下/text/照顾嗯一下'],
  ['a filler with a pause', '照顾，呃，一下', '照顾一下/text/照顾，呃，一下'],
  ['fillers before and after', '嗯打高分啊', '打高分/text/打高分'],
  ['two sentences', '请你照顾。一下子就好', ''],
  ['a question between', '谁来照顾？一下午都行', ''],
  ['full-width letters', 'Ａ公司的方案', 'a公司/text/Ａ公司'],
  ['capital letters', 'A公司的方案', 'a公司/text/A公司'],
  ['another letter', 'B公司的方案', ''],
  ['a homophone: 找故', '找故一下', '照顾一下/pinyin/找故一下'],
  ['a homophone: 赵顾', '赵顾一下', '照顾一下/pinyin/赵顾一下'],
  ['a homophone: 罩固', '罩固一下', '照顾一下/pinyin/罩固一下'],
  ['a homophone: 佳方', '佳方意思', '甲方意思/pinyin/佳方意思'],
  ['a homophone: 搞', '打搞分', '打高分/pinyin/打搞分'],
  ['a homophone: 工司', '我们工司', '我们公司/pinyin/我们工司'],
  ['a homophone: 串同', '他们串同投标', '串通投标/pinyin/串同投标'],
  ['another tone is the same sound', '打搞粉', '打高分/pinyin/打搞粉'],
  ['traditional characters', '照顧一下', '照顾一下/text/照顧一下'],
  ['a traditional character alone with its context', '報的價太低', '价/text/價'],
  ['a traditional word inside another', '報名後評價', ''],
  ['a traditional homophone', '趙顧一下', '照顾一下/pinyin/趙顧一下'],
  ['a traditional number word', '兩號標段', '2号标段/text/兩號標段'],
  ['z for zh', '造顾一下', '照顾一下/fuzzy/造顾一下'],
  ['h for f', '打高很', '打高分/fuzzy/打高很'],
  ['eng for en', '打高风', '打高分/fuzzy/打高风'],
  ['c for ch', '窜通投标', '串通投标/fuzzy/窜通投标'],
  ['in for ing', '林导安排的', '领导安排的/fuzzy/林导安排的'],
  ['n for l', '宁导安排的', '领导安排的/fuzzy/宁导安排的'],
  ['ang for an', '领导昂排的', '领导安排的/fuzzy/领导昂排的'],
  ['s for sh is no other word', '是非', ''],
  ['a sound too far away', '照顾一家', ''],
  ['a near miss of one vowel', '打狗分', ''],
  ['a near miss: 打高峰 is fuzzy, not the word', '打高峰', '打高分/fuzzy/打高峰'],
  ['价 inside 评价', '报名后评价', ''],
  ['价 inside 价格', '报告里的价格', ''],
  ['价 inside 单价', '报告的单价', ''],
  ['价 alone with its context', '报的价太低', '价/text/价'],
  ['价 alone without context', '这个价太低', ''],
  ['a single syllable is not matched by sound', '报的架太低', ''],
  ['内定 near 中标', '中标的已经内定了', '内定/text/内定'],
  ['内定 before 名单', '内定的名单', '内定/text/内定'],
  ['内定 without context', '已经内定了', ''],
  ['内定 with its context too far', '中标的结果要等到下个星期三内定', ''],
  ['内定 with its context in the sentence before', '中标了。早内定的', '内定/text/内定'],
  ['红包 inside no other word', '给了红包', '红包/text/红包'],
  ['a homophone of two syllables that stands alone', '洪包', '红包/pinyin/洪包'],
  ['陪标', '他是来陪标的', '陪标/text/陪标'],
  ['the rules read aloud', '评委不得打听甲方意思', ''],
  ['the rules read aloud, misheard', '评委不得打听假方意思', ''],
  ['the same word outside the rules', '评委打听甲方意思', '甲方意思/text/甲方意思'],
  ['an allowed phrase', '请提交投标保证金', ''],
  ['the second allowed phrase', '履约保证金已退', ''],
  ['the word beside the allowed phrase', '投标保证金以外还要保证金', '保证金/text/保证金'],
  ['an allowed phrase about old people', '要照顾一下老人', ''],
  ['a prohibition', '严禁打招呼', ''],
  ['a prohibition with words between', '禁止向评委打招呼', ''],
  ['a prohibition: 不得', '任何人不得给他打高分', ''],
  ['不得不 is none', '不得不打高分', '打高分/text/打高分'],
  ['不能不 is none', '你不能不打招呼', '打招呼/text/打招呼'],
  ['a prohibition in the sentence before', '不得迟到。打高分', '打高分/text/打高分'],
  ['a prohibition far before', '不得迟到早退，大家看这一家给他打高分', '打高分/text/打高分'],
  ['a bare 没 hides nothing', '我没打招呼', '打招呼/text/打招呼'],
  ['a word that keeps its prohibitions', '不得收好处费', '好处费/text/好处费'],
  ['digits for 汉字', '这3家公司', '三家公司/text/3家公司'],
  ['汉字 for digits', '二号标段', '2号标段/text/二号标段'],
  ['两 for 2', '两号标段', '2号标段/text/两号标段'],
  ['full-width digits', '２号标段', '2号标段/text/２号标段'],
  ['a long number', '给你100000块', '十万块/text/100000块'],
  ['ten and its unit', '给你10万块', '十万块/text/10万块'],
  ['another number', '给你20块', ''],
  ['a number inside a number', '这13家公司', ''],
  ['a number that goes on before the word', '给你二十万块', ''],
  ['百分之 in digits', '下浮百分之15', '百分之十五/text/百分之15'],
  ['pinyin set by hand', '航掌交代', '行长交代/pinyin/航掌交代'],
  ['the reading set by hand and not the other', '刑长交代', ''],
];

describe('words in a transcript', () => {
  it.each(CASES)('%s: %s', (_what, text, hits) => {
    expect(found(text)).toBe(hits);
  });

  it('leaves out a class of sounds that is not wanted', () => {
    expect(matchText('造顾一下', makeMatcher(list.words, []))).toEqual([]);
  });
});
