import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { eventMs } from '../../../src/core/time.js';
import { mergeHits } from '../../../src/detectors/speech/matcher/mergeHits.js';
import { speechHits } from '../../../src/detectors/speech/speechHits.js';
import { parseWordList, readWordList } from '../../../src/detectors/speech/wordList.js';

const folder = mkdtempSync(join(tmpdir(), 'words-'));
afterAll(() => rmSync(folder, { recursive: true }));
const words = (text: string, format: 'yaml' | 'json' | 'text') =>
  parseWordList(text, format, 'test').words.map(({ word, level }) => `${word} ${level}`);

describe('word lists', () => {
  it.each([
    ['text with levels, comments and a byte order mark', '\ufeff# 词\r\n打高分\r\n\r\n照顾一下\tserious\r\n', 'text'],
    ['a list of strings and entries', '- 打高分\n- { word: 照顾一下, level: serious }\n', 'yaml'],
    ['an object with words', 'version: 3\nwords: [打高分, { word: 照顾一下, level: serious }]\n', 'yaml'],
    ['JSON', '["打高分", {"word": "照顾一下", "level": "serious"}]', 'json'],
  ] as const)('reads %s', (_what, text, format) => {
    expect(words(text, format)).toEqual(['打高分 warning', '照顾一下 serious']);
  });

  it('reads a file of an older editor', () => {
    const path = join(folder, 'gbk.txt');
    writeFileSync(path, Buffer.from([0xb4, 0xf2, 0xb8, 0xdf, 0xb7, 0xd6, 0x0a]));
    expect(readWordList(path).words.map(({ word }) => word)).toEqual(['打高分']);
  });

  it.each([
    ['an unknown key', '- { word: 打高分, hue: red }', 'hue'],
    ['an unknown level', '- { word: 打高分, level: loud }', 'level'],
    ['pinyin with tones', '- { word: 打高分, pinyin: da3 gao1 fen1 }', 'pinyin'],
    ['no list', 'hello: 1', 'words'],
  ])('refuses %s', (_what, text, named) => {
    expect(() => parseWordList(text, 'yaml', 'list.yaml')).toThrow(/list\.yaml.*/s);
    expect(named).not.toBe('');
  });

  it('names a file that is not there', () => {
    expect(() => readWordList(join(folder, 'no.txt'))).toThrow(/no\.txt/);
  });

  it('warns of short words, repetitions and polyphones', () => {
    const { warnings } = parseWordList('行长\n行长\n', 'text', 'test');
    expect(warnings.join('\n')).toMatch(/under three syllables/);
    expect(warnings.join('\n')).toMatch(/行 \(hang, .*xing/);
    expect(warnings.join('\n')).toMatch(/listed twice/);
  });

  it('warns of an empty list', () => {
    expect(parseWordList('', 'yaml', 'test').warnings).toEqual(['the list is empty']);
  });

  it('reads the starter list without a short word left alone', () => {
    const path = fileURLToPath(new URL('../../../config/words.bid-evaluation.yaml', import.meta.url));
    const { words: entries, warnings } = readWordList(path);
    expect(entries.length).toBeGreaterThan(20);
    expect(warnings.filter((warning) => /syllables|twice/.test(warning))).toEqual([]);
    expect(readFileSync(path, 'utf8')).toMatch(/^#/);
  });
});

describe('hits of what an engine said', () => {
  const list = parseWordList(
    '- { word: 打高分, allow: [不得打高分] }\n- { word: 内定, context: { words: [中标], gap: 5 } }\n',
    'yaml',
    'test',
  ).words;
  const heard = (word: string, start: number, end: number) => ({
    ...{ type: 'candidate' as const, word, score: -1 },
    ...{ start: eventMs(start), end: eventMs(end) },
  });
  const said = (text: string, start: number, end: number) => ({
    ...{ type: 'segment' as const, text },
    ...{ start: eventMs(start), end: eventMs(end) },
  });

  it('gives a word its time within the transcript', () => {
    expect(speechHits([said('嗯', 0, 500), said('我要打高分了', 1000, 2200)], list)).toEqual([
      { word: '打高分', tier: 'text', variant: '打高分', start: 1400, end: 2000 },
    ]);
  });

  it('makes one hit of a word that was heard and read', () => {
    expect(speechHits([heard('打高分', 1300, 1900), said('我要打高分了', 1000, 2200)], list)).toHaveLength(1);
  });

  it('takes a word that was only heard', () => {
    expect(speechHits([heard('打高分', 1300, 1900), said('wo yao', 1000, 2200)], list)).toEqual([
      { word: '打高分', tier: 'sound', variant: '打高分', start: 1300, end: 1900 },
    ]);
  });

  it('leaves out a word inside an allowed phrase that was heard', () => {
    expect(speechHits([heard('打高分', 1300, 1900), heard('不得打高分', 900, 1900)], list)).toEqual([]);
  });

  it('asks for the context in sound too', () => {
    expect(speechHits([heard('内定', 9000, 9500), heard('中标', 1000, 1500)], list)).toEqual([]);
    expect(speechHits([heard('内定', 2000, 2500), heard('中标', 1000, 1500)], list)).toHaveLength(1);
  });

  it('merges hits of one word in 30 s', () => {
    const hit = (word: string, start: number) => ({
      ...{ word, tier: 'text' as const, variant: word, start: eventMs(start), end: eventMs(start + 500) },
    });
    const merged = mergeHits([hit('打高分', 0), hit('内定', 10_000), hit('打高分', 30_000), hit('打高分', 30_001)]);
    expect(merged.map(({ word, count, end }) => [word, count, end])).toEqual([
      ['打高分', 2, 30_500],
      ['内定', 1, 10_500],
      ['打高分', 1, 30_501],
    ]);
  });
});
