import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.js';
import { cameraId, roomId } from '../../../src/core/ids.js';
import { silentLogger } from '../../../src/core/log.js';
import type { SpeechEvent, SpeechStream } from '../../../src/core/speech.js';
import { eventMs } from '../../../src/core/time.js';
import { checkInstalled } from '../../../src/detectors/speech/models/installed.js';
import { readSpeechManifest, type SpeechNetwork } from '../../../src/detectors/speech/models/speechManifest.js';
import { type SherpaEngine, sherpaEngine } from '../../../src/detectors/speech/sherpa/engine.js';
import { installedModels } from '../../../src/detectors/speech/sherpa/installedModels.js';
import { isSherpaInstalled } from '../../../src/detectors/speech/sherpa/library.js';
import { temporaryFolder } from '../../support/ledger.js';
import { recordSpeechNetworks } from '../../support/speechNetworks.js';
import { recordStreamingNetworks } from '../../support/vadNetworks.js';

const START = 1_700_000_000_000;
const CHUNK = 3200;
const keyword = { word: '照顾一下', syllables: ['zhao', 'gu', 'yi', 'xia'] };

/** Loud seconds are noise, quiet ones nothing; what is "said" is the networks' own affair. */
function second(loud: boolean): Float32Array {
  let state = 7;
  return Float32Array.from({ length: 16_000 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return loud ? (state / 2 ** 31 - 1) * 0.3 : 0;
  });
}

function write(stream: SpeechStream, seconds: readonly boolean[], from = START): number {
  let at = from;
  for (const loud of seconds) {
    const samples = second(loud);
    for (let i = 0; i < samples.length; i += CHUNK) {
      stream.write({
        camera: cameraId('c'),
        at: eventMs(at),
        sampleRate: 16_000,
        samples: samples.slice(i, i + CHUNK),
      });
      at += 200;
    }
  }
  return at;
}

async function untilReady(engine: SherpaEngine, ready = true): Promise<void> {
  for (let tries = 0; tries < 600 && (engine.health().listening === true) !== ready; tries += 1) {
    await new Promise((resolve) => systemClock.after(50, () => resolve(undefined)));
  }
}

async function drained(stream: SpeechStream): Promise<SpeechEvent[]> {
  await stream.close();
  const events: SpeechEvent[] = [];
  for await (const event of stream.events()) events.push(event);
  return events;
}

/** The manifest without the hashes of the real files: built ones are pinned by what was recorded. */
const networks = (): SpeechNetwork[] =>
  readSpeechManifest().map((network) => ({ ...network, files: network.files.map(({ path }) => ({ path })) }));

const folderOf = (root: string, role: SpeechNetwork['role']): string =>
  join(root, networks().find((network) => network.role === role)!.name);

describe.skipIf(!isSherpaInstalled())('sherpa engine with built networks', () => {
  let root: string;
  const engines: SherpaEngine[] = [];
  beforeAll(async () => {
    root = temporaryFolderForAll();
    await recordSpeechNetworks(root);
  });
  afterAll(() => Promise.all(engines.map((engine) => engine.close())));
  const open = (models = () => installedModels(root, networks()), processes = 1): SherpaEngine => {
    const engine = sherpaEngine({ processes, clock: systemClock, log: silentLogger, models });
    engines.push(engine);
    return engine;
  };

  it('gives a candidate while the word is said and a segment after it, in event time', async () => {
    const engine = open();
    const stream = engine.open(roomId('R1'), { keywords: [keyword] });
    write(stream, [false, true, true, false, false]);
    await untilReady(engine);
    const events = await drained(stream);
    const candidate = events.find((event) => event.type === 'candidate')!;
    expect(candidate).toMatchObject({ word: '照顾一下' });
    expect(candidate.start).toBeGreaterThanOrEqual(START + 900);
    expect(candidate.end).toBeLessThanOrEqual(START + 3400);
    const segment = events.find((event) => event.type === 'segment')!;
    expect(segment).toMatchObject({ text: '请大家照顾一下' });
    expect(segment.start).toBeGreaterThanOrEqual(START + 700);
    expect(segment.end).toBeLessThanOrEqual(START + 4000);
    expect(events.filter((event) => event.type === 'gap')).toEqual([]);
  }, 60_000);

  it('reads with the streaming network and the voice activity of Silero where those are installed', async () => {
    const other = temporaryFolder();
    await recordSpeechNetworks(other);
    await recordStreamingNetworks(other);
    const engine = open(() => installedModels(other, networks()));
    const stream = engine.open(roomId('R1'), { keywords: [keyword] });
    await untilReady(engine);
    write(stream, [false, true, true, true, false, false, false, true, true, false, false]);
    const events = await drained(stream);
    const segments = events.filter((event) => event.type === 'segment');
    expect(
      segments.map(({ start, end }) => [Math.round((start - START) / 1000), Math.round((end - START) / 1000)]),
    ).toEqual([
      [1, 4],
      [7, 9],
    ]);
    for (const segment of segments) expect(segment).toMatchObject({ text: expect.stringContaining('zhàogùyíxià') });
    expect(events.filter((event) => event.type === 'gap')).toEqual([]);
  }, 60_000);

  it('loses only what a killed process had not heard, and goes on', async () => {
    const engine = open();
    const stream = engine.open(roomId('R1'), { keywords: [keyword] });
    await untilReady(engine);
    const at = write(stream, Array(12).fill(true));
    process.kill(engine.pids()[0]!, 'SIGKILL');
    await untilReady(engine, false);
    expect(engine.health()).toEqual({ listening: false, reason: 'engine-crashed' });
    write(stream, [false, true, false, false], at);
    await untilReady(engine);
    const events = await drained(stream);
    const gaps = events.filter((event) => event.type === 'gap');
    expect(gaps.map((gap) => gap.type === 'gap' && gap.reason)).toEqual(['engine-crashed']);
    expect(gaps[0]!.end).toBeLessThanOrEqual(at);
    expect(events.some((event) => event.type === 'segment' && event.start > at)).toBe(true);
  }, 60_000);

  it('hears a word that is listed later', async () => {
    const engine = open();
    const stream = engine.open(roomId('R1'), { keywords: [] });
    await untilReady(engine);
    const at = write(stream, [false, true, false, false]);
    stream.relist([keyword]);
    write(stream, [false, true, false, false], at);
    const events = await drained(stream);
    const heard = events.filter((event) => event.type === 'candidate');
    expect(heard.length).toBeGreaterThan(0);
    expect(Math.min(...heard.map(({ start }) => start))).toBeGreaterThan(at);
  }, 60_000);

  it.each([
    ['a damaged network', (path: string) => appendFileSync(join(path, 'tokens.txt'), 'x 999\n')],
    ['a missing record', (path: string) => writeFileSync(join(path, 'installed.json'), '{}')],
  ])(
    'loads nothing of %s and says so in a gap',
    async (_, damage) => {
      const broken = temporaryFolder();
      await recordSpeechNetworks(broken);
      damage(folderOf(broken, 'keywords'));
      const engine = open(() => installedModels(broken, networks()));
      const stream = engine.open(roomId('R1'), { keywords: [keyword] });
      await untilReason(engine, 'model-damaged');
      write(stream, Array(30).fill(true));
      const events = await drained(stream);
      expect(engine.health()).toEqual({ listening: false, reason: 'model-damaged' });
      expect(engine.pids()).toEqual([]);
      expect(events.every((event) => event.type === 'gap' && event.reason === 'model-damaged')).toBe(true);
      expect(events.at(-1)!.end - events[0]!.start).toBe(30_000);
    },
    60_000,
  );

  it('leaves out a word whose sounds the network does not know, and listens for the others', async () => {
    const engine = open();
    const strange = { word: '窗口', syllables: ['chuang', 'kou'] };
    const stream = engine.open(roomId('R1'), { keywords: [strange, keyword] });
    await untilReady(engine);
    expect(engine.health(roomId('R1'))).toEqual({ listening: true, reason: 'unknown-token' });
    write(stream, [false, true, false, false]);
    const events = await drained(stream);
    expect(events.filter((event) => event.type === 'candidate').map((one) => 'word' in one && one.word)).toContain(
      '照顾一下',
    );
  }, 60_000);

  it('survives a network that the library itself refuses', async () => {
    const broken = temporaryFolder();
    await recordSpeechNetworks(broken, (folder) => {
      const path = join(folder, 'decoder-epoch-13-avg-2-chunk-16-left-64.onnx');
      writeFileSync(path, readFileSync(path).subarray(0, 100));
    });
    const engine = open(() => installedModels(broken, networks()));
    const stream = engine.open(roomId('R1'), { keywords: [keyword] });
    await untilReason(engine, 'engine-crashed');
    write(stream, Array(30).fill(true));
    const events = await drained(stream);
    expect(events.length).toBeGreaterThan(0);
    expect(events.every((event) => event.type === 'gap')).toBe(true);
  }, 60_000);

  it('knows an installed network by its bytes', async () => {
    const [kws] = networks();
    expect(await checkInstalled(root, kws!)).toMatchObject({ state: 'ok' });
    expect(await checkInstalled(temporaryFolder(), kws!)).toEqual({ state: 'missing' });
  });
});

async function untilReason(engine: SherpaEngine, reason: string): Promise<void> {
  for (let tries = 0; tries < 600 && engine.health().reason !== reason; tries += 1) {
    await new Promise((resolve) => systemClock.after(50, () => resolve(undefined)));
  }
}

function temporaryFolderForAll(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hallwatch-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
