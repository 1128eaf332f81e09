import { z } from 'zod';
import { parseDuration } from '../duration.js';
import { messageOf } from '../errors.js';
import { type Polygon, polygonArea, selfIntersects } from '../geometry.js';
import { ID_PATTERN } from '../ids.js';

/** A duration text such as `15m`, parsed once here into milliseconds. */
export const duration = z
  .string('a duration is a text with its unit, such as 15m, 20s or 1h30m')
  .meta({ examples: ['15m', '20s', '1h30m'] })
  .transform((text, context) => {
    try {
      return parseDuration(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: messageOf(error) });
      return z.NEVER;
    }
  });

/** A duration with a default, as milliseconds. */
export const durationOr = (text: string) => duration.prefault(text);

/** An identifier that is safe in topics, paths and URLs. */
export const id = z
  .string()
  .regex(ID_PATTERN, 'an id has 1 to 64 letters, digits, ".", "_" or "-" and begins with a letter or digit');

const fraction = z
  .number()
  .min(0, 'outside the picture: coordinates are fractions from 0 to 1')
  .max(1, 'outside the picture: coordinates are fractions from 0 to 1');
const point = z.tuple([fraction, fraction]);

const SMALLEST_ZONE = 0.0005;

/** A zone in fractions of the picture. Empty means "not drawn". */
export const zone = z.array(point).superRefine((polygon: Polygon, context) => {
  if (polygon.length === 0) return;
  if (polygon.length < 3) context.addIssue({ code: 'custom', message: 'a zone has at least 3 points' });
  else if (selfIntersects(polygon)) context.addIssue({ code: 'custom', message: 'the edges of the zone cross' });
  else if (polygonArea(polygon) < SMALLEST_ZONE) {
    context.addIssue({ code: 'custom', message: 'the zone is smaller than 0.05 % of the picture' });
  }
});

/** A reference to a secret; never the secret itself. */
export const secretReference = z
  .string()
  .regex(/^\$\{(env|file):[^}]+\}$/, 'only a reference is allowed here: ${env:NAME} or ${file:/path}');

/** `HH:MM` on the hall's own clock; `24:00` closes a day. */
export const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time of day is written HH:MM, from 00:00 to 24:00');

export const dayDate = z.iso.date('a date is written YYYY-MM-DD');

/** A stretch of a day, end after start. */
export const daySpan = z
  .strictObject({ from: timeOfDay, to: timeOfDay })
  .refine((span) => span.from < span.to, { message: 'the end must be after the start', path: ['to'] });
