import { type ServiceHour, serviceMessage } from '../../alerts/outbox/measurements.js';
import type { MeasurementMessage } from '../../alerts/outbox/messages.js';
import type { CourtesyOutcome } from '../../core/courtesy.js';
import type { WindowId } from '../../core/ids.js';
import type { ServiceSession } from '../../core/service.js';
import { eventMs } from '../../core/time.js';
import { type HourOptions, hourOf } from './hours.js';

const nothing = (): ServiceHour => ({
  ...{ sessions: 0, abandoned: 0, waitS: 0, serveS: 0, unknownS: 0, abandonedWaitS: 0 },
  ...{ greetN: 0, greeted: 0, byeN: 0, bye: 0, askWaitN: 0, askedWait: 0 },
  ...{ smileN: 0, faceS: 0, smileS: 0 },
});

/** Measurement `service` of a window: a point for each hour in which a session began. */
export function serviceHours(window: WindowId, { ledger, facts, span }: HourOptions): MeasurementMessage[] {
  const hours = new Map<number, ServiceHour>();
  const hourAt = (at: number): ServiceHour => {
    const known = hours.get(hourOf(at)) ?? nothing();
    hours.set(hourOf(at), known);
    return known;
  };
  const [from, to] = [eventMs(span.from), eventMs(span.to)];
  for (const session of ledger.serviceSessions.list(window, from, to)) addSession(hourAt(session.start), session);
  for (const outcome of ledger.courtesy.list(window, from, to)) addCourtesy(hourAt(outcome.start), outcome);
  return [...hours].sort(([a], [b]) => a - b).map(([atMs, hour]) => serviceMessage(facts, window, { atMs, hour }));
}

function addSession(hour: ServiceHour, { kind, waitMs, serviceMs, unknownMs, smile }: ServiceSession): void {
  if (kind === 'abandoned') {
    hour.abandoned += 1;
    hour.abandonedWaitS += waitMs / 1000;
    return;
  }
  hour.sessions += 1;
  hour.waitS += waitMs / 1000;
  hour.serveS += serviceMs / 1000;
  hour.unknownS += unknownMs / 1000;
  if (!smile || smile.faceMs === 0) return;
  hour.smileN += 1;
  hour.faceS += smile.faceMs / 1000;
  hour.smileS += smile.smileMs / 1000;
}

/** What could not be heard is in no n: unknown is neither polite nor impolite. */
function addCourtesy(hour: ServiceHour, { greeting, farewell, wait }: CourtesyOutcome): void {
  if (greeting !== 'unknown') hour.greetN += 1;
  if (greeting === true) hour.greeted += 1;
  if (farewell !== 'unknown') hour.byeN += 1;
  if (farewell === true) hour.bye += 1;
  if (wait !== 'unknown' && wait !== 'not-due') hour.askWaitN += 1;
  if (wait === true) hour.askedWait += 1;
}
