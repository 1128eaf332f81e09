import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from './support/browser.js';

const dist = fileURLToPath(new URL('../../web/dist/', import.meta.url));
const filesOf = (ending: string): string[] =>
  readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(ending));

describe('the built pages', () => {
  beforeAll(ensureBuilt);

  it('hold no inline script, style or handler', () => {
    const html = readFileSync(`${dist}index.html`, 'utf8');
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>|<style|\son\w+=|style=/);
  });

  it('load nothing from elsewhere', () => {
    const html = readFileSync(`${dist}index.html`, 'utf8');
    expect(html.match(/(?:src|href)="(?:https?:)?\/\/[^"]*/g) ?? []).toEqual([]);
    const styles = filesOf('.css').map((name) => readFileSync(dist + name, 'utf8'));
    expect(styles.flatMap((text) => text.match(/(?:@import|url\()\s*["']?(?:https?:)?\/\/[^"')]*/g) ?? [])).toEqual([]);
  });

  it('bring no server code: neither the validator nor Node', () => {
    const scripts = filesOf('.js').map((name) => readFileSync(dist + name, 'utf8'));
    expect(scripts.some((text) => /ZodError|node:crypto|createHash/.test(text))).toBe(false);
  });

  it('come in parts: each page is its own file', () => {
    const pages = filesOf('.js').filter((name) => /Page-/.test(name));
    expect(pages.length).toBeGreaterThanOrEqual(10);
  });
});
