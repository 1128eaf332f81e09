import { expect, it } from 'vitest';
import { cameraId } from '../../../src/core/ids.js';
import type { SpeechEvent } from '../../../src/core/speech.js';
import { eventMs } from '../../../src/core/time.js';
import { roomBacklog } from '../../../src/detectors/speech/sherpa/roomBacklog.js';

const chunk = (second: number) => ({
  ...{ camera: cameraId('c'), at: eventMs(second * 1000), sampleRate: 16_000, samples: new Float32Array(16_000) },
});
const ready = { ready: true, reason: '' };
const away = { ready: false, reason: 'engine-crashed' };

function scene() {
  const backlog = roomBacklog();
  const sent: number[] = [];
  const feed = (from: number, to: number, process = ready) => {
    for (let second = from; second < to; second += 1) {
      backlog.push(chunk(second));
      backlog.drain(process, ({ at }) => sent.push(at / 1000));
    }
  };
  const told = async () => {
    backlog.finish('overload');
    const events: SpeechEvent[] = [];
    for await (const event of backlog.events) events.push(event);
    return events.map(
      (event) => `${event.type === 'gap' ? event.reason : ''} ${event.start / 1000}-${event.end / 1000}`,
    );
  };
  return { backlog, sent, feed, told };
}

it('loses nothing of a process that comes back within its patience', async () => {
  const { backlog, sent, feed, told } = scene();
  feed(0, 15, away);
  backlog.drain(ready, ({ at }) => sent.push(at / 1000));
  expect(sent).toHaveLength(15);
  expect(await told()).toEqual([]);
});

it('loses what was sent and not listened to, once', async () => {
  const { backlog, feed, told } = scene();
  feed(0, 10);
  backlog.heardUpTo(eventMs(7000));
  backlog.lost('engine-crashed');
  backlog.lost('engine-crashed');
  feed(10, 12);
  expect(await told()).toEqual(['engine-crashed 7-10']);
});

it('tells a long gap while it lasts', async () => {
  const { feed, told } = scene();
  feed(0, 45, away);
  expect(await told()).toEqual([
    'engine-crashed 0-10',
    'engine-crashed 10-20',
    'engine-crashed 20-25',
    'overload 25-35',
    'overload 35-45',
  ]);
});

it('lets a process that is behind catch up, and gives up the oldest', async () => {
  const { backlog, sent, feed, told } = scene();
  feed(0, 50);
  expect(sent).toHaveLength(21);
  backlog.heardUpTo(eventMs(21_000));
  backlog.drain(ready, ({ at }) => sent.push(at / 1000));
  expect(sent.at(-1)).toBe(41);
  expect((await told())[0]).toBe('overload 21-30');
});

it('loses a sentence that was listened to and not told yet', async () => {
  const { backlog, feed, told } = scene();
  feed(0, 10);
  backlog.heardUpTo(eventMs(10_000), eventMs(6000));
  backlog.lost('engine-crashed');
  expect(await told()).toEqual(['engine-crashed 6-10']);
});
