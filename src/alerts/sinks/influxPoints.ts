import type { IPoint } from 'influx';
import { AppError } from '../../core/errors.js';
import { sha256 } from '../../core/hash.js';
import { parseInstant } from '../../core/time.js';
import { cameraHealthMessage } from '../outbox/measurements.js';
import type { AlertMessage, MeasurementMessage } from '../outbox/messages.js';
import type { Payload } from './payload.js';

/** A point with everything decided: measurement, tags without empty ones, and a time in nanoseconds as decimal digits. */
export type Point = Required<Pick<IPoint, 'measurement' | 'tags' | 'fields'>> & { timestamp: string };

const NS_PER_MS = 1_000_000;

/**
 * Nanoseconds of a point: its millisecond plus a hash of its id below a millisecond. The same point sent again has the
 * same time and overwrites itself; two points of one series in one millisecond stay two.
 */
export function pointTime(atMs: number, id: string): string {
  const belowMs = Number.parseInt(sha256(id).slice(0, 12), 16) % NS_PER_MS;
  return (BigInt(Math.round(atMs)) * BigInt(NS_PER_MS) + BigInt(belowMs)).toString();
}

/**
 * Tags as the line protocol allows them: an empty value is an error there, a line break would begin another point, and a
 * final backslash would eat the comma behind it.
 */
export function cleanTags(tags: Record<string, string | undefined>): Record<string, string> {
  const clean = Object.entries(tags).map(
    ([name, value = '']) =>
      [
        name,
        value
          .replace(/\p{Cc}+/gu, ' ')
          .replace(/[\\\s]+$/, '')
          .trim(),
      ] as const,
  );
  return Object.fromEntries(clean.filter(([, value]) => value !== ''));
}

/**
 * A step in measurement `alert`. Ids are fields, never tags: each would be a new series. `count` is 1 at the first step,
 * so that its sum counts incidents.
 */
export function alertPoint(message: AlertMessage): Point {
  return {
    measurement: 'alert',
    tags: cleanTags({
      site: message.site,
      district: message.district,
      department: message.department,
      area: message.area,
      [message.subjectType]: message.subject,
      rule: message.rule,
      severity: message.priority,
    }),
    fields: {
      id: message.id,
      step: message.step,
      duration_s: message.durationS,
      count: message.ordinal === 1 ? 1 : 0,
    },
    timestamp: pointTime(parseInstant(message.at, 'alert time'), `${message.id}.${message.ordinal}`),
  };
}

/** Any other point, as its producer built it. */
function measurementPoint(message: MeasurementMessage): Point {
  return {
    measurement: message.measurement,
    tags: cleanTags(message.tags),
    fields: message.fields,
    timestamp: pointTime(message.atMs, message.id),
  };
}

/** The point of a row. @throws AppError `bad-input` for a time that cannot be read */
export function pointOf(payload: Payload): Point {
  switch (payload.kind) {
    case 'alert':
      return alertPoint(payload.message);
    case 'camera':
      return measurementPoint(cameraHealthMessage(payload.message, true));
    case 'measurement':
      return measurementPoint(payload.message);
    case 'deadline':
    case 'notice':
      throw new AppError('bad-input', `${payload.kind} ${payload.message.id}: no point of a time series`);
  }
}
