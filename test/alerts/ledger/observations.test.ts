import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cameraId, subjectId } from '../../../src/core/ids.js';
import type { Observation } from '../../../src/core/observation.js';
import { type EventMs, eventMs } from '../../../src/core/time.js';
import { fakeClock } from '../../support/fakeClock.js';
import { temporaryFolder, testLedger } from '../../support/ledger.js';

const W01 = subjectId('W01');
const all: [EventMs, EventMs] = [eventMs(0), eventMs(1e12)];
const look = (atS: number, value: Observation['value'], more: Partial<Observation> = {}): Observation => ({
  subject: W01,
  kind: 'staff',
  at: eventMs(atS * 1000),
  value,
  ...more,
});

describe('observation runs', () => {
  it('joins looks that say the same and parts them where value, reason, camera or time break', () => {
    const { observations } = testLedger();
    const looks = [
      look(0, 1),
      look(2, 1),
      look(12, 1),
      look(22.001, 1),
      look(24, 0),
      look(26, 'unknown', { reason: 'offline' }),
      look(28, 'unknown', { reason: 'frozen' }),
      look(30, true),
      look(31, false),
      look(32, false, { camera: cameraId('cam-2') }),
      look(33, 1, { kind: 'tick' }),
    ];
    looks.forEach(observations.append);
    const runs = observations.runsOf(W01, ['staff', 'tick'], ...all);
    expect(
      runs.map(({ firstAt, lastAt, value, reason, looks: n }) => [firstAt / 1000, lastAt / 1000, value, reason, n]),
    ).toEqual([
      [0, 12, 1, undefined, 3],
      [22.001, 22.001, 1, undefined, 1],
      [24, 24, 0, undefined, 1],
      [26, 26, 'unknown', 'offline', 1],
      [28, 28, 'unknown', 'frozen', 1],
      [30, 30, true, undefined, 1],
      [31, 31, false, undefined, 1],
      [32, 32, false, undefined, 1],
    ]);
  });

  it('gives the runs that overlap a span, of the kinds asked, in order of time', () => {
    const { observations } = testLedger();
    for (let s = 0; s < 60; s += 2) {
      observations.append(look(s, s < 30 ? 1 : 0));
      observations.append(look(s, 2, { kind: 'citizens' }));
      observations.append(look(s, 9, { subject: subjectId('W02') }));
    }
    const runs = observations.runsOf(W01, ['staff', 'citizens'], eventMs(29_000), eventMs(31_000));
    expect(runs.map(({ kind, value }) => [kind, value])).toEqual([
      ['citizens', 2],
      ['staff', 0],
    ]);
    expect(observations.runsOf(W01, ['staff'], eventMs(28_000), eventMs(31_000))).toHaveLength(2);
  });

  it('writes every few seconds, so that a kill loses at most those', async () => {
    const clock = fakeClock();
    const path = join(temporaryFolder(), 'ledger.sqlite');
    const { observations } = testLedger(path, { clock });
    observations.append(look(0, 1));
    const reader = testLedger(path, { backupEveryMs: 0 });
    expect(reader.observations.runsOf(W01, ['staff'], ...all)).toEqual([]);
    await clock.advance(5000);
    expect(reader.observations.runsOf(W01, ['staff'], ...all)).toMatchObject([{ lastAt: 0 }]);
    observations.append(look(2, 1));
    await clock.advance(5000);
    expect(reader.observations.runsOf(W01, ['staff'], ...all)).toMatchObject([{ firstAt: 0, lastAt: 2000, looks: 2 }]);
  });

  it('keeps a replay of the same looks as it was', () => {
    const { observations } = testLedger();
    for (const _ of [1, 2]) for (let s = 0; s < 100; s += 2) observations.append(look(s, s % 40 < 20 ? 1 : 0));
    expect(observations.runsOf(W01, ['staff'], ...all)).toHaveLength(5);
  });

  it('finds what reaches into a span after a long past, also from before a clock that stepped back, with or without its proof', () => {
    const { observations } = testLedger();
    for (let n = 0; n < 200; n++) observations.append(look(n * 20, n % 2));
    // Seen for an hour; then the clock steps back and short looks follow within it.
    for (let atS = 5000; atS <= 8600; atS += 10) observations.append(look(atS, 3));
    for (let n = 0; n < 5; n++) observations.append(look(6000 + n * 20, 'unknown'));
    const span: [EventMs, EventMs] = [eventMs(8_000_000), eventMs(8_100_000)];
    const found = observations.runsOf(W01, ['staff'], ...span);
    expect(found.map(({ firstAt, lastAt, value }) => [firstAt / 1000, lastAt / 1000, value])).toEqual([
      [5000, 8600, 3],
    ]);
    expect(observations.seenRuns(W01, 'staff', ...span)).toEqual(
      found.map(({ firstAt, lastAt, value }) => ({ firstAt, lastAt, value })),
    );
    expect(observations.seenRuns(W01, 'staff', eventMs(0), eventMs(4_000_000))).toHaveLength(200);
  });
});
