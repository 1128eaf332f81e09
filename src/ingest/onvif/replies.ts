import { z } from 'zod';
import { parseInstant } from '../../core/time.js';
import { printable } from './fault.js';
import { one } from './forms.js';
import type { XmlElement } from './xml.js';

/** Forms of just the fields in use. What a device adds is passed over; what it leaves out is checked here. */

const text = z.unknown().transform((value) => printable(String(value)));
const optionalText = z.preprocess(
  (value) => (value === undefined || value === '' ? undefined : value),
  text.optional(),
);
const positive = z.number().positive().optional().catch(undefined);

/** As the `onvif` package gives it: numbers and dates already made of texts. */
export const deviceInformation = z
  .object({
    manufacturer: optionalText,
    model: optionalText,
    firmwareVersion: optionalText,
    serialNumber: optionalText,
  })
  .transform(({ firmwareVersion, serialNumber, ...rest }) => ({
    ...rest,
    firmware: firmwareVersion,
    serial: serialNumber,
  }));

const encoder = z.object({
  encoding: z.string(),
  resolution: z.object({ width: z.number().int().positive(), height: z.number().int().positive() }),
  rateControl: z.object({ frameRateLimit: positive, bitrateLimit: positive }).optional().catch(undefined),
  // Where the two media services keep the distance of key frames, in pictures.
  H264: z.object({ govLength: positive }).optional().catch(undefined),
  $: z.object({ GovLength: positive }).optional().catch(undefined),
});

const MOST_PROFILES = 256;

/** Profiles of either media service; one without a video encoder has none to show. */
export const profiles = z
  .array(
    z.object({
      name: text,
      videoSourceConfiguration: z.object({ sourceToken: z.coerce.string() }).optional().catch(undefined),
      videoEncoderConfiguration: encoder.optional().catch(undefined),
      PTZConfiguration: z.unknown().optional(),
    }),
  )
  .max(MOST_PROFILES);

export const mediaUri = z.object({ uri: z.string() });

const digits = one(z.string().regex(/^\d{1,4}$/));
const token = z.object({ $: z.object({ token: z.string().min(1).max(256) }) });

/** Tokens as they were sent: `1.0` and `007` are not numbers. */
export function profileTokens(body: XmlElement): string[] {
  const form = z.object({ getProfilesResponse: one(z.object({ profiles: z.array(token).max(MOST_PROFILES) })) });
  return form.parse(body).getProfilesResponse.profiles.map((profile) => profile.$.token);
}

export interface Preset {
  token: string;
  name: string;
}

/** The presets of an answer to GetPresets; one without a token cannot be gone to and is passed over. */
export function presetsOf(body: XmlElement): Preset[] {
  const preset = token.extend({ name: one(z.string()).optional() });
  const response = z.object({ preset: z.array(z.unknown()).max(MOST_PROFILES).default([]) }).or(z.string());
  const answer = z.object({ getPresetsResponse: one(response) }).parse(body).getPresetsResponse;
  const found = typeof answer === 'string' ? [] : answer.preset;
  return found.flatMap((item) => {
    const parsed = preset.safeParse(item);
    if (!parsed.success) return [];
    const { $, name } = parsed.data;
    return [{ token: $.token, name: printable(name ?? $.token) }];
  });
}

const time = one(z.object({ hour: digits, minute: digits, second: digits }));
const date = one(z.object({ year: digits, month: digits, day: digits }));
const dateAndTime = one(z.object({ UTCDateTime: one(z.object({ time, date })) }));
const clockAnswer = z.object({
  getSystemDateAndTimeResponse: one(z.object({ systemDateAndTime: dateAndTime })),
});

/** The device's UTC time, ms; undefined where it gives none or one that no calendar has. */
export function deviceTime(body: XmlElement): number | undefined {
  const parsed = clockAnswer.safeParse(body);
  if (!parsed.success) return undefined;
  const { date: day, time: at } = parsed.data.getSystemDateAndTimeResponse.systemDateAndTime.UTCDateTime;
  const two = (number: string): string => number.padStart(2, '0');
  const days = `${day.year.padStart(4, '0')}-${two(day.month)}-${two(day.day)}`;
  const instant = z.iso.datetime().safeParse(`${days}T${two(at.hour)}:${two(at.minute)}:${two(at.second)}Z`);
  return instant.success ? parseInstant(instant.data, 'device clock') : undefined;
}
