import { describe, expect, it } from 'vitest';
import type { MeasurementMessage } from '../../src/alerts/outbox/messages.js';
import { silentLogger } from '../../src/core/log.js';
import type { OutboxRow } from '../../src/core/sink.js';
import { eventMs, wallMs } from '../../src/core/time.js';
import { hourlyMeter } from '../../src/pipeline/hourlyMeter.js';
import { siteFacts } from '../../src/pipeline/siteFacts.js';
import { replayRows } from '../../src/reports/influxReplay.js';
import { monthSource } from '../../src/reports/month/source.js';
import { fakeClock } from '../support/fakeClock.js';
import { testLedger } from '../support/ledger.js';
import { fillDetails, simulateDetails } from '../support/simulatedDetails.js';
import { fillLedger, simulateMonth } from '../support/simulatedMonth.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const HOURLY = ['service', 'desk', 'speech', 'camera_health'];

function hall() {
  const month = simulateMonth({ windows: 3, rooms: 1, days: [8, 9], seed: 4 });
  const clock = fakeClock(month.from);
  const ledger = testLedger(':memory:', { clock, staleAfterMs: month.lookEveryMs });
  fillLedger(month, ledger, clock);
  fillDetails(month, simulateDetails(month, 6), ledger);
  clock.step(month.from + 7 * DAY + 6 * HOUR - clock.now());
  return { month, clock, ledger, facts: siteFacts(month.config) };
}

/** Points by what makes them one: the newest of each stays, as in the time series. */
const pointsOf = (rows: Iterable<OutboxRow>): Map<string, MeasurementMessage> =>
  new Map(
    [...rows].flatMap(({ kind, payload }) => {
      const message = JSON.parse(payload) as MeasurementMessage;
      const counts = kind === 'measurement' && HOURLY.includes(message.measurement);
      return counts ? [[`${message.measurement} ${message.id} ${message.atMs}`, message] as const] : [];
    }),
  );

describe('what is measured by the hour', () => {
  it('is the same point by point, written live hour after hour or rebuilt from the ledger', async () => {
    const { month, clock, ledger, facts } = hall();
    const sinks = [{ name: 'influx', wants: ['measurement'] as const, batchSize: 1, lingerMs: 0 }];
    const meter = hourlyMeter({
      ...{ config: month.config, ledger, facts, clock, log: silentLogger, eventNow: () => eventMs(clock.now()) },
      sinks: sinks.map((sink) => ({
        ...sink,
        deliver: () => Promise.reject(new Error('not asked')),
        close: async () => {},
      })),
    });
    await clock.advance(2 * DAY);
    await meter.stop();
    const live = pointsOf(ledger.outbox.due('influx', 1_000_000, wallMs(Number.MAX_SAFE_INTEGER)));
    const span = { from: eventMs(month.from + 7 * DAY), to: eventMs(month.from + 9 * DAY) };
    const source = monthSource({ ledger, config: month.config, asOf: eventMs(clock.now()) });
    const rebuilt = pointsOf(replayRows({ source, ledger, facts, ...span }));
    for (const measurement of HOURLY) {
      expect(
        [...rebuilt.values()].filter((one) => one.measurement === measurement).length,
        measurement,
      ).toBeGreaterThan(2);
    }
    const within = [...live].filter(([, { atMs }]) => span.from <= atMs && atMs < span.to);
    expect(new Map(within)).toEqual(rebuilt);
  });

  it('asks nothing of a hall without a time series', async () => {
    const { month, clock, ledger, facts } = hall();
    const before = clock.pending;
    const options = { config: month.config, ledger, facts, clock, log: silentLogger, eventNow: () => eventMs(0) };
    await hourlyMeter({ ...options, sinks: [] }).stop();
    expect(clock.pending).toBe(before);
  });
});
