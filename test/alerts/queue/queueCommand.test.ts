import { describe, expect, it } from 'vitest';
import { queueReader } from '../../../src/alerts/queue/queueCommand.js';
import { eventMs } from '../../../src/core/time.js';

const NOW = eventMs(1_791_421_200_000);
const good = { nonce: '7f3b2c9d8e1a4f60', at: NOW, expires: NOW + 30_000, event: 'call', ticket: 'A017' };
const message = (body: unknown, { topic = 'hallwatch/s/queue/A01', retained = false } = {}) => ({
  topic,
  retained,
  payload: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});
const reader = () => queueReader({ site: 's', windows: new Set(['A01']) });

describe('queue commands', () => {
  it('takes a fresh command', () => {
    const event = { window: 'A01', event: 'call', ticket: 'A017', at: NOW };
    expect(reader()(message(good), NOW)).toEqual({ ok: true, event });
  });

  it.each([
    ['a retained one', message(good, { retained: true }), 'retained'],
    ['one that has expired', message({ ...good, at: NOW - 60_000, expires: NOW - 1 }), 'expired'],
    ['one from the future', message({ ...good, at: NOW + 60_000, expires: NOW + 90_000 }), 'expired'],
    ['one that would never expire', message({ ...good, expires: NOW + 3_600_000 }), 'malformed'],
    ['one with a name in it', message({ ...good, name: '张三' }), 'malformed'],
    ['one without a nonce', message({ ...good, nonce: undefined }), 'malformed'],
    ['no JSON', message('call A017'), 'malformed'],
    ['a window nobody knows', message(good, { topic: 'hallwatch/s/queue/Z9' }), 'unknown-window'],
    ['another site', message(good, { topic: 'hallwatch/other/queue/A01' }), 'topic'],
  ])('refuses %s', (_, sent, why) => {
    expect(reader()(sent, NOW)).toEqual({ ok: false, why });
  });

  it('takes a nonce once', () => {
    const read = reader();
    read(message(good), NOW);
    expect(read(message(good), eventMs(NOW + 1000))).toEqual({ ok: false, why: 'replayed' });
  });
});
