import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Box } from '../../../src/core/geometry.js';
import { itemReasons } from '../../../src/detectors/desk/items.js';
import { parseStandard, readStandard } from '../../../src/detectors/desk/readStandard.js';
import { deskZone } from '../../../src/detectors/desk/zone.js';

const zone = deskZone([]);
const thing = (label: string, box: Box, score = 0.8) => ({ label, box, score });
const left: Box = [0.1, 0.5, 0.2, 0.7];
const right: Box = [0.7, 0.5, 0.8, 0.7];
const reasonsOf = (text: string, things: ReturnType<typeof thing>[], coveredShare = 0) =>
  itemReasons(things, parseStandard(text, 'standard.yaml'), { zone, coveredShare }).map(
    ({ kind, label }) => `${kind} ${label}`,
  );

describe('desk standard', () => {
  it.each([
    ['an empty standard allows one cup', '', [thing('cup', left)], []],
    ['and tells the second', '', [thing('cup', left), thing('cup', right, 0.7)], ['item cup']],
    [
      'food and bags are never in order by default',
      '',
      [thing('handbag', left), thing('pizza', right)],
      ['item pizza', 'item handbag'],
    ],
    ['unless the hall says so', 'defaults: false', [thing('handbag', left)], []],
    ['a hall that forbids the cup', 'forbidden: [水杯]', [thing('cup', left)], ['item 水杯']],
    ["the hall's own name is told", 'forbidden: [{item: cup, name: 保温杯}]', [thing('cup', left)], ['item 保温杯']],
    ['what is less sure than asked is not told', 'forbidden: [{item: cup, minScore: 0.9}]', [thing('cup', left)], []],
    ['a group stands for its kinds', 'forbidden: [food]', [thing('banana', left)], ['item food']],
    ['what is required is missed', 'required: [keyboard]', [], ['missing keyboard']],
    ['and found', 'required: [keyboard]', [thing('keyboard', left)], []],
    [
      'a thing may stand in its place only',
      'allowed: [{item: cup, places: [[[0.6, 0.4], [0.9, 0.4], [0.9, 0.9], [0.6, 0.9]]]}]',
      [thing('cup', left), thing('cup', right)],
      ['item cup'],
    ],
    ['food on a screen is a picture of food', '', [thing('tv', [0, 0.4, 0.5, 0.9]), thing('pizza', left)], []],
  ])('%s', (_, text, things, wanted) => {
    expect(reasonsOf(text, things)).toEqual(wanted);
  });

  it('misses nothing while somebody may stand before it', () => {
    expect(reasonsOf('required: [keyboard]', [], 0.1)).toEqual([]);
  });

  it.each([
    ['forbiden: [cup]', 'standard.yaml:1:1: forbiden: unknown key "forbiden"'],
    ['forbidden: [cup, unicorn]', 'no kind of thing "unicorn"'],
    ['clutter: { limit: lots }', 'standard.yaml:1:12: clutter.limit'],
    ['required: [', 'standard.yaml:1:'],
  ])('names file, line and path of a mistake: %s', (text, message) => {
    expect(() => parseStandard(text, 'standard.yaml')).toThrow(message);
  });

  describe('folder', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hallwatch-standard-'));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('may be empty: the defaults hold', () => {
      mkdirSync(join(folder, 'empty'));
      const { references, written } = readStandard(join(folder, 'empty'));
      expect({ references, written }).toEqual({ references: [], written: false });
    });

    it('takes pictures as references and leaves other files alone', () => {
      for (const name of ['b.JPG', 'a.png', 'notes.txt']) writeFileSync(join(folder, name), '');
      expect(readStandard(folder).references.map((path) => path.slice(folder.length + 1))).toEqual(['a.png', 'b.JPG']);
    });

    it('must be there', () => {
      expect(() => readStandard(join(folder, 'none'))).toThrow('no such folder');
    });
  });
});
