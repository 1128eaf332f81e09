import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { AlertSink } from '../alerts/outbox/alertSink.js';
import type { MeasurementMessage, SiteFacts } from '../alerts/outbox/messages.js';
import { measurementRows } from '../alerts/outbox/routing.js';
import type { OutboxRun } from '../alerts/outbox/runOutbox.js';
import type { Clock } from '../core/clock.js';
import { messageOf } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import type { CameraSource } from '../core/source.js';

export interface PipelineMeterOptions {
  ledger: Pick<Ledger, 'outbox'>;
  sinks: readonly AlertSink[];
  facts: SiteFacts;
  outbox: Pick<OutboxRun, 'stats'>;
  cameras: () => ReadonlyArray<Pick<CameraSource, 'stats'>>;
  clock: Clock;
  log: Logger;
}

const EVERY_MS = 60_000;
const MIB = 1 << 20;

/** Writes how the service itself is doing, once a minute: measurement `pipeline`, one point for it and one for each sink. */
export function pipelineMeter(options: PipelineMeterOptions): { stop(): void } {
  const { ledger, sinks, clock, log } = options;
  if (!sinks.some((sink) => sink.wants.includes('measurement'))) return { stop() {} };
  const timer = clock.every(EVERY_MS, () => {
    try {
      ledger.outbox.enqueue(pipelineMessages(options).flatMap((message) => measurementRows(sinks, message)));
    } catch (error) {
      log.error({ error: messageOf(error) }, 'ledger refuses a measurement');
    }
  });
  return { stop: () => timer.cancel() };
}

function pipelineMessages({ facts, outbox, cameras, clock }: PipelineMeterOptions): MeasurementMessage[] {
  const tags = { site: facts.site, district: facts.district };
  const atMs = clock.now();
  const stats = cameras().map((camera) => camera.stats());
  const sum = (key: 'frames' | 'dropped'): number => stats.reduce((total, one) => total + one[key], 0);
  return [
    {
      ...{ measurement: 'pipeline', id: 'service', atMs, tags: { ...tags, part: 'service' } },
      fields: {
        cameras: stats.length,
        frames: sum('frames'),
        dropped: sum('dropped'),
        rss_mb: Math.round(process.memoryUsage.rss() / MIB),
      },
    },
    ...outbox.stats().map(
      ({ sink, depth, oldestAgeMs, delivered, rejected, failures }): MeasurementMessage => ({
        ...{ measurement: 'pipeline', id: `sink/${sink}`, atMs, tags: { ...tags, part: 'sink', sink } },
        fields: { depth, oldest_s: oldestAgeMs / 1000, delivered, rejected, failures },
      }),
    ),
  ];
}
