import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/core/config/load.js';
import { type Frame, makeFrame } from '../../src/core/frame.js';
import { cameraId, windowId } from '../../src/core/ids.js';
import { makeLogger, silentLogger } from '../../src/core/log.js';
import { eventMs } from '../../src/core/time.js';
import type { DeskVerdict } from '../../src/detectors/desk/deskVerdict.js';
import { deskFolders } from '../../src/pipeline/deskFolders.js';
import { deskKeeper } from '../../src/pipeline/deskKeeper.js';
import { temporaryFolder } from '../support/clips.js';
import { testLedger } from '../support/ledger.js';

const A01 = windowId('A01');
const config = parseConfig(
  `site: { id: t, name: t }
cameras: [{ id: cam, source: "file:x" }]
windows:
  - { id: A01, type: 综合, camera: cam, staffZone: [[0.1, 0.1], [0.9, 0.1], [0.9, 0.5]], deskZone: [[0.2, 0.5], [0.8, 0.5], [0.8, 0.9], [0.2, 0.9]] }
  - { id: A02, camera: cam, staffZone: [[0.1, 0.1], [0.9, 0.1], [0.9, 0.5]] }
`,
  'hall.yaml',
);

const [WIDTH, HEIGHT] = [320, 180];

/** A picture with some structure, so that it can be registered. */
function frameAt(second: number): Frame {
  const rgb = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % WIDTH, Math.floor(i / 3 / WIDTH)];
    return (((x >> 4) * 37 + (y >> 4) * 91) % 160) + 40;
  });
  return makeFrame({
    ...{ camera: cameraId('cam'), at: eventMs(second * 1000), width: WIDTH, height: HEIGHT, rgb, keyframe: true },
  });
}

const tidy: DeskVerdict = { verdict: 'tidy', reasons: [], clutter: 0, references: 'none', covered: 0, people: [] };

async function setup(data = temporaryFolder(), ledger = testLedger(':memory:')) {
  const lines: string[] = [];
  const log = makeLogger({ write: (line) => lines.push(line) });
  const folders = await deskFolders(config, silentLogger);
  const open = () => deskKeeper({ config, ledger, folders: async () => folders, data, log });
  return { keeper: await open(), open, ledger, data, lines };
}

describe('what desks are judged by', () => {
  it('takes the desk as it is as a reference, and has it again after a restart', async () => {
    const { keeper, open, data } = await setup();
    keeper.source.looked!('A01', frameAt(10), tidy);
    const id = await keeper.port.setReference(A01, 'u1');
    expect(keeper.source.referencesOf('A01')).toHaveLength(1);
    expect(readdirSync(join(data, 'desk'))).toHaveLength(1);
    const picture = keeper.port.picture(id)!;
    expect(picture.window).toBe('A01');
    expect(await sharp(picture.jpeg).metadata()).toMatchObject({ format: 'jpeg', width: WIDTH, height: HEIGHT });
    expect((await open()).source.referencesOf('A01')).toHaveLength(1);
    expect(keeper.port.state(A01)).toMatchObject({ lookedAt: 10_000, pictures: [{ id, source: 'set', by: 'u1' }] });
  });

  it('keeps an untidy picture for checking and compares nothing with it', async () => {
    const { keeper } = await setup();
    keeper.source.looked!('A01', frameAt(10), { ...tidy, covered: 0.8 });
    await keeper.port.setReference(A01, 'u1', 'untidy');
    expect(keeper.source.referencesOf('A01')).toEqual([]);
    expect(keeper.port.state(A01)!.pictures.map(({ source }) => source)).toEqual(['untidy']);
  });

  it.each([
    ['of a desk nobody has looked at', () => undefined, 'not looked at yet'],
    ['with somebody in front of it', () => ({ ...tidy, covered: 0.5 }), 'somebody is in front of it'],
  ])('takes no reference %s', async (_what, seen, said) => {
    const { keeper } = await setup();
    const verdict = seen();
    if (verdict) keeper.source.looked!('A01', frameAt(10), verdict);
    await expect(keeper.port.setReference(A01, 'u1')).rejects.toThrow(said);
    expect(keeper.source.referencesOf('A01')).toEqual([]);
  });

  it('knows no desk where none is drawn', async () => {
    const { keeper } = await setup();
    expect(keeper.port.state(windowId('A02'))).toBeUndefined();
    await expect(keeper.port.setReference(windowId('A02'), 'u1')).rejects.toThrow('no desk zone is drawn');
  });

  it('collects one picture a minute while nobody is in front, five in all', async () => {
    const { keeper } = await setup();
    keeper.source.looked!('A01', frameAt(0), tidy);
    expect(keeper.port.collect(A01, 30, 'u1')).toBe(1_800_000);
    for (let second = 30; second <= 600; second += 30) {
      const someone = second >= 120 && second < 240;
      keeper.source.looked!('A01', frameAt(second), someone ? { ...tidy, covered: 0.6 } : tidy);
      await expect
        .poll(() => keeper.source.referencesOf('A01').length)
        .toBe(keeper.port.state(A01)!.collecting?.kept ?? 5);
    }
    const at = keeper.port.state(A01)!.pictures.map((picture) => picture.at / 1000);
    expect(at.sort((a, b) => a - b)).toEqual([30, 90, 240, 300, 360]);
    expect(keeper.port.state(A01)!.collecting).toBeNull();
  });

  it('removes a reference; the next look goes without it', async () => {
    const { keeper } = await setup();
    keeper.source.looked!('A01', frameAt(10), tidy);
    const id = await keeper.port.setReference(A01, 'u1');
    expect(keeper.port.remove(id, 'u2')).toBe(true);
    expect(keeper.port.remove(id, 'u2')).toBe(false);
    expect(keeper.source.referencesOf('A01')).toEqual([]);
  });

  it('refuses a file that was changed, and goes on without it after a restart', async () => {
    const { keeper, open, data, lines } = await setup();
    keeper.source.looked!('A01', frameAt(10), tidy);
    const id = await keeper.port.setReference(A01, 'u1');
    writeFileSync(join(data, 'desk', readdirSync(join(data, 'desk'))[0]!), 'no picture');
    expect(() => keeper.port.picture(id)).toThrow('its hash is not the recorded one');
    expect((await open()).source.referencesOf('A01')).toEqual([]);
    expect(lines.join()).toContain('desk reference left out');
  });

  it('judges by the written standard: the window before its type, a mistake refused with its line', async () => {
    const { keeper } = await setup();
    const before = keeper.source.standardOf('A01').version;
    expect(keeper.port.saveStandard({ scope: 'type:综合', text: 'forbidden: [水杯]\n', by: 'u1' })).toBe(1);
    expect(keeper.source.standardOf('A01').version).toBe('type:综合:1');
    keeper.port.saveStandard({ scope: 'A01', text: '', by: 'u1' });
    expect(keeper.source.standardOf('A01').version).toBe('A01:1');
    expect(() => keeper.port.saveStandard({ scope: 'A01', text: 'forbiden: []', by: 'u1' })).toThrow(
      /:1:1: .*unknown key/,
    );
    expect(keeper.source.standardOf('A01').version).toBe('A01:1');
    expect(before).not.toBe('A01:1');
  });
});
