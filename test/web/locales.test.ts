import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ACTIONS } from '../../src/board/access/actions.js';
import { texts, textsOf } from '../../web/src/locales/all.js';
import type { Texts } from '../../web/src/locales/text.js';

const source = fileURLToPath(new URL('../../web/src/', import.meta.url));
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(ts|vue)$/.test(name) && !name.startsWith('locales/'))
  .map((name) => readFileSync(source + name, 'utf8'));

const all = Object.entries<Texts>(texts).flatMap(([area, entries]) =>
  Object.entries(entries).map(([name, [zh, en]]) => ({ key: `${area}.${name}`, zh, en })),
);
const placeholders = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!))].sort();

describe('texts of the board', () => {
  it('are there in both languages, with the same parameters', () => {
    for (const { key, zh, en } of all) {
      expect(zh.trim(), `${key} in Chinese`).not.toBe('');
      expect(en.trim(), `${key} in English`).not.toBe('');
      expect(placeholders(en), key).toEqual(placeholders(zh));
    }
  });

  it('are written in their own language', () => {
    const foreign = all.filter(({ key, en }) => key !== 'shell.language' && /\p{Script=Han}/u.test(en));
    expect(foreign.map(({ key }) => key)).toEqual([]);
  });

  it('hold no character that the message format would read as syntax', () => {
    // `@` links messages, `|` separates plurals, `%{` is an old form of a parameter.
    expect(all.filter(({ zh, en }) => [zh, en].some((text) => /[@|]|%\{/.test(text))).map(({ key }) => key)).toEqual(
      [],
    );
  });

  it('are all used', () => {
    const code = files.join('\n');
    expect(all.filter(({ key }) => !code.includes(`'${key}'`)).map(({ key }) => key)).toEqual([]);
  });

  it('exist where the pages ask for them', () => {
    const areas = Object.keys(texts).join('|');
    const asked = files.flatMap((text) => [...text.matchAll(new RegExp(`'((?:${areas})\\.[A-Za-z0-9]+)'`, 'g'))]);
    const known = new Set<string>([...all.map(({ key }) => key), ...ACTIONS]);
    expect(asked.map((match) => match[1]!).filter((key) => !known.has(key))).toEqual([]);
  });

  it('come out one language at a time', () => {
    expect(textsOf('zh').board?.absent).toBe('空岗');
    expect(textsOf('en').board?.absent).toBe('Absent');
  });
});
