import type { MeasurementMessage, SiteFacts } from './messages.js';

/** How one minute of a subject's time divides, milliseconds. */
export interface MinuteSums {
  present: number;
  absent: number;
  unknown: number;
  exempt: number;
}

/** What stands on every point of a subject. Ids are fields, never tags: subjects are few and stay. */
function subjectTags(facts: SiteFacts, subject: string): Record<string, string> {
  const known = facts.subjects.get(subject);
  return {
    site: facts.site,
    district: facts.district,
    department: known?.department ?? '',
    area: known?.area ?? '',
    [known?.type === 'room' ? 'room' : 'window']: subject,
  };
}

/** Measurement `observation`: one minute of a window or room. `atMs` is its beginning. */
export const observationMessage = (
  facts: SiteFacts,
  subject: string,
  { atMs, ms }: { atMs: number; ms: MinuteSums },
): MeasurementMessage => ({
  measurement: 'observation',
  atMs,
  id: subject,
  tags: subjectTags(facts, subject),
  fields: {
    present_s: ms.present / 1000,
    absent_s: ms.absent / 1000,
    unknown_s: ms.unknown / 1000,
    exempt_s: ms.exempt / 1000,
  },
});

/** An hour of serving citizens at a window: aggregates with their n, never a person. */
export interface ServiceHour {
  /** Citizens who were served. */
  sessions: number;
  /** Sums over the sessions, seconds. */
  waitS: number;
  serveS: number;
  /** Sessions in which a greeting, or a goodbye, could be heard or not; and in which it was heard. */
  greetN: number;
  greeted: number;
  byeN: number;
  bye: number;
  /** Sessions with enough of a face seen, and the sum of their shares of smiling, 0-1 each. */
  smileN: number;
  smileShare: number;
}

/** Measurement `service`: one hour at a window. Sums and their n, so that any span adds up to a right mean. */
export const serviceMessage = (
  facts: SiteFacts,
  subject: string,
  { atMs, hour }: { atMs: number; hour: ServiceHour },
): MeasurementMessage => ({
  measurement: 'service',
  atMs,
  id: subject,
  tags: subjectTags(facts, subject),
  fields: {
    sessions: hour.sessions,
    wait_s: hour.waitS,
    serve_s: hour.serveS,
    greet_n: hour.greetN,
    greeted: hour.greeted,
    bye_n: hour.byeN,
    bye: hour.bye,
    smile_n: hour.smileN,
    smile_share: hour.smileShare,
  },
});

/** Measurement `speech`: hits of one level in a room within an hour, and how long was heard and understood. No word, no text. */
export const speechMessage = (
  facts: SiteFacts,
  room: string,
  { atMs, level, hits, heardS, notUnderstoodS }: SpeechHour,
): MeasurementMessage => ({
  measurement: 'speech',
  atMs,
  id: `${room}/${level}`,
  tags: { ...subjectTags(facts, room), level },
  fields: { hits, heard_s: heardS, not_understood_s: notUnderstoodS },
});

export interface SpeechHour {
  atMs: number;
  level: string;
  hits: number;
  heardS: number;
  notUnderstoodS: number;
}
