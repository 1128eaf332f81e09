import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { AlertSink } from '../alerts/outbox/alertSink.js';
import type { MeasurementMessage, SiteFacts } from '../alerts/outbox/messages.js';
import { measurementRows } from '../alerts/outbox/routing.js';
import type { Clock } from '../core/clock.js';
import type { Config } from '../core/config/schema.js';
import { messageOf } from '../core/errors.js';
import { cameraId, roomId, windowId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import type { EventMs } from '../core/time.js';
import { cameraHours } from '../reports/series/cameraStates.js';
import { roomHours, windowHours } from '../reports/series/hourMessages.js';
import { HOUR_MS, type HourLedger, hourOf } from '../reports/series/hours.js';

export interface HourlyMeterOptions {
  config: Pick<Config, 'cameras' | 'windows' | 'rooms'>;
  ledger: HourLedger & Pick<Ledger, 'outbox' | 'cameraHealth'>;
  sinks: readonly AlertSink[];
  facts: SiteFacts;
  /** Event time now. */
  eventNow: () => EventMs;
  clock: Clock;
  log: Logger;
}

const CHECK_EVERY_MS = 60_000;
/** An hour is counted this long after its end: what ended in it has been written down. */
const SETTLED_AFTER_MS = 5 * 60_000;
/** A session that began in an hour may end later: hours are counted again this often. A point replaces itself. */
const COUNTED_AGAIN = 3;
/** After a start everything that a short stop may have kept back. */
const AT_START = 26;

/**
 * Writes what is measured by the hour (services, desks, speech, the state of cameras) once the hour is over, from the ledger, through the outbox.
 * Gives other work a turn after each subject. `stop` waits for what is under way.
 */
export function hourlyMeter(options: HourlyMeterOptions): { stop(): Promise<void> } {
  const { sinks, eventNow, clock, log } = options;
  if (!sinks.some((sink) => sink.wants.includes('measurement'))) return { stop: async () => {} };
  let counted: number | undefined;
  let running: Promise<void> | undefined;
  const check = async (): Promise<void> => {
    const end = hourOf(eventNow() - SETTLED_AFTER_MS);
    if (counted !== undefined && end <= counted) return;
    const back = counted === undefined ? AT_START : COUNTED_AGAIN;
    try {
      await send({ from: Math.min(counted ?? end, end) - back * HOUR_MS, to: end }, options);
      counted = end;
    } catch (error) {
      log.error({ error: messageOf(error) }, 'hourly measurements not written, tried again');
    }
  };
  const timer = clock.every(CHECK_EVERY_MS, () => {
    running ??= check().finally(() => {
      running = undefined;
    });
  });
  return {
    async stop() {
      timer.cancel();
      await running;
    },
  };
}

async function send(
  span: { from: number; to: number },
  { config, ledger, sinks, facts }: HourlyMeterOptions,
): Promise<void> {
  const messages: MeasurementMessage[] = [];
  for (const { id } of config.cameras) {
    messages.push(...cameraHours(cameraId(id), { config, ledger, facts, span }));
    await nextTurn();
  }
  for (const { id } of config.windows) {
    messages.push(...windowHours(windowId(id), { ledger, facts, span }));
    await nextTurn();
  }
  for (const { id } of config.rooms) {
    messages.push(...roomHours(roomId(id), { ledger, facts, span }));
    await nextTurn();
  }
  if (messages.length > 0) ledger.outbox.enqueue(messages.flatMap((message) => measurementRows(sinks, message)));
}
