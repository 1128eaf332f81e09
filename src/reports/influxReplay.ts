import type { Ledger } from '../alerts/ledger/openLedger.js';
import { type MinuteSums, observationMessage } from '../alerts/outbox/measurements.js';
import { alertMessage, type SiteFacts } from '../alerts/outbox/messages.js';
import { openingHours } from '../core/calendar/openingHours.js';
import { cameraId, roomId, type SubjectId, windowId } from '../core/ids.js';
import type { OutboxRow } from '../core/sink.js';
import { type EventMs, eventMs, wallMs } from '../core/time.js';
import { ROOM_STALE_AFTER_MS } from './figures/evaluationFigures.js';
import { scheduledSpans } from './figures/schedule.js';
import { bucketSums, type Span } from './figures/spans.js';
import { divideTime, seenTime } from './figures/windowTime.js';
import type { MonthSource } from './month/source.js';
import { cameraHours, cameraStates } from './series/cameraStates.js';
import { roomHours, windowHours } from './series/hourMessages.js';
import { HOUR_MS, type HourLedger, hourOf } from './series/hours.js';

export interface ReplayOptions {
  source: MonthSource;
  ledger: HourLedger & Pick<Ledger, 'stepsAfter' | 'cameraHealth'>;
  facts: SiteFacts;
  /** `from <= t < to`, event time. */
  from: EventMs;
  to: EventMs;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;
const PAGE = 1000;

/**
 * The rows that the time series would have been sent for a span: each step of an alert, each change of a camera, each minute
 * of a window or room from its first look on, and the hours that lie in it or touch it. Built from the ledger alone, with
 * the ids and times of the live ones, so that writing them once, twice or over what is there leaves the same points. How the
 * service itself was doing (measurement `pipeline`) is not kept in the ledger.
 */
export function* replayRows(options: ReplayOptions): Generator<OutboxRow> {
  let id = 0;
  const row = (kind: string, message: unknown): OutboxRow => {
    id += 1;
    const payload = JSON.stringify(message);
    return { id, sink: 'influx', kind, key: 'replay', payload, createdAt: wallMs(0), attempts: 0 };
  };
  const { cameras, windows, rooms, rules } = options.source.config;
  yield* steps(options, row);
  for (const { id: camera } of cameras) {
    const { site } = options.facts;
    for (const state of cameraStates(site, cameraId(camera), options)) yield row('camera', state);
    for (const span of days(options)) {
      const hourly = cameraHours(cameraId(camera), { ...options, config: options.source.config, span });
      for (const message of hourly) yield row('measurement', message);
    }
  }
  const hours = openingHours(options.source.config);
  for (const window of windows) {
    const { minStaff, staleAfter } = { ...rules.absence, ...window.rules.absence };
    yield* minutes(options, row, {
      ...{ id: windowId(window.id), kind: 'staff', minStaff, staleAfterMs: staleAfter },
      scheduled: (span) => {
        const [from, to] = [eventMs(span.from), eventMs(span.to)];
        const registered = options.source.leavesOf(windowId(window.id), from, to);
        return scheduledSpans(hours, windowId(window.id), { from, to, registered });
      },
    });
    for (const span of days(options)) {
      for (const message of windowHours(windowId(window.id), { ...options, span })) yield row('measurement', message);
    }
  }
  for (const { id: room } of rooms) {
    yield* minutes(options, row, {
      ...{ id: roomId(room), kind: 'persons', minStaff: 1, staleAfterMs: ROOM_STALE_AFTER_MS },
      scheduled: (span) => [span],
    });
    for (const span of days(options)) {
      for (const message of roomHours(roomId(room), { ...options, span })) yield row('measurement', message);
    }
  }
}

/** The whole hours of the span, a day at a time. */
function* days({ from, to }: ReplayOptions): Generator<Span> {
  const end = hourOf(to + HOUR_MS - 1);
  for (let at = hourOf(from); at < end; at += DAY_MS) yield { from: at, to: Math.min(at + DAY_MS, end) };
}

type MakeRow = (kind: string, message: unknown) => OutboxRow;

function* steps({ ledger, facts, from, to }: ReplayOptions, row: MakeRow): Generator<OutboxRow> {
  for (let after = 0; ; ) {
    const page = ledger.stepsAfter(after, PAGE);
    for (const { step, seq } of page) {
      if (from <= step.at && step.at < to) yield row('alert', alertMessage(facts, step, seq));
    }
    if (page.length < PAGE) return;
    after = page.at(-1)!.seq;
  }
}

/** A window or a room whose minutes are written. */
interface Watched {
  id: SubjectId;
  kind: 'staff' | 'persons';
  minStaff: number;
  staleAfterMs: number;
  scheduled(span: Span): Span[];
}

function* minutes({ source, facts, from, to }: ReplayOptions, row: MakeRow, watched: Watched): Generator<OutboxRow> {
  const first = source.firstLookOf(watched.id, watched.kind);
  if (first === undefined) return;
  // An hour at a time: a year of minutes is never in memory at once.
  for (let at = Math.max(floorTo(from), floorTo(first)); at < to; at += HOUR_MS) {
    const end = Math.min(at + HOUR_MS, Math.ceil(to / MINUTE_MS) * MINUTE_MS);
    for (const [i, ms] of minuteSums(source, watched, { from: at, to: end }).entries()) {
      yield row('measurement', observationMessage(facts, watched.id, { atMs: at + i * MINUTE_MS, ms }));
    }
  }
}

const floorTo = (at: number): number => Math.floor(at / MINUTE_MS) * MINUTE_MS;

function minuteSums(source: MonthSource, watched: Watched, span: Span): MinuteSums[] {
  const { id, kind, minStaff, staleAfterMs } = watched;
  const scheduled = watched.scheduled(span);
  const runs = source.runsOf(id, kind, eventMs(span.from - staleAfterMs), eventMs(span.to + staleAfterMs));
  const seen = seenTime(runs, { minStaff, staleAfterMs });
  const { present, absent } = divideTime(scheduled, seen, { leaves: [], excused: [], confirmed: [] });
  const count = Math.round((span.to - span.from) / MINUTE_MS);
  const edges = Array.from({ length: count + 1 }, (_, i) => span.from + i * MINUTE_MS);
  const [due, here, away] = [bucketSums(scheduled, edges), bucketSums(present, edges), bucketSums(absent, edges)];
  return due.map((dueMs, i) => ({
    present: here[i]!,
    absent: away[i]!,
    unknown: dueMs - here[i]! - away[i]!,
    exempt: MINUTE_MS - dueMs,
  }));
}
