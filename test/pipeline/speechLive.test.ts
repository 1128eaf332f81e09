import { expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.js';
import { parseConfig } from '../../src/core/config/load.js';
import { roomId } from '../../src/core/ids.js';
import { silentLogger } from '../../src/core/log.js';
import type { SpeechEvent } from '../../src/core/speech.js';
import { eventMs } from '../../src/core/time.js';
import { builtinEngine } from '../../src/detectors/speech/builtin.js';
import { openUnitNetwork } from '../../src/detectors/speech/network.js';
import { keywordsOf } from '../../src/detectors/speech/soundHits.js';
import { readWordList } from '../../src/detectors/speech/wordList.js';
import { createPacer } from '../../src/ingest/simulator/pacer.js';
import { openSceneSound } from '../../src/ingest/simulator/sceneSound.js';
import { findScene } from '../../src/ingest/simulator/scenes.js';

const START = 1_700_000_000_000;
const ROOM = roomId('R1');

it('hears the listed word of the simulated room less than two seconds of sound after it was said', async () => {
  const config = parseConfig(
    JSON.stringify({
      site: { id: 'test', name: 'test' },
      cameras: [{ id: 'cam-r1', source: 'sim:room-1' }],
      rooms: [{ id: 'R1', cameras: ['cam-r1'], audio: 'cam-r1' }],
    }),
    'test',
  );
  const { words } = readWordList(new URL('../../config/words.bid-evaluation.yaml', import.meta.url).pathname);
  const network = await openUnitNetwork();
  const engine = builtinEngine(network);
  const stream = engine.open(ROOM, { keywords: keywordsOf(words) });
  const heard: Array<{ event: SpeechEvent; afterMs: number }> = [];
  let until = START;
  const listening = (async () => {
    for await (const event of stream.events()) heard.push({ event, afterMs: until - event.end });
  })();
  const source = openSceneSound(config.cameras[0]!, {
    ...{ scene: findScene('room-1'), startAt: eventMs(START), anchorAt: eventMs(START) },
    ...{ pacer: createPacer({ clock: systemClock, startAt: eventMs(START), maxSpeed: 10_000 }) },
    ...{ clock: systemClock, log: silentLogger },
  });
  for await (const item of source.items()) {
    if (item.type !== 'audio' || item.chunk.at >= START + 50_000) break;
    stream.write(item.chunk);
    until = item.chunk.at + 200;
    // The network works one piece after the other: once this silence is through, so is what was written.
    await network.listen(new Float32Array(1600));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await stream.close();
  await listening;
  await network.close();
  const hits = heard.filter(({ event }) => event.type === 'candidate' && event.word === '照顾一下');
  expect(hits).toHaveLength(1);
  expect(hits[0]!.event.start).toBeGreaterThan(START + 40_000);
  expect(hits[0]!.event.end).toBeLessThan(START + 44_000);
  expect(hits[0]!.afterMs).toBeLessThanOrEqual(1200);
}, 60_000);
