import { parseInstant } from '../../core/time.js';
import type { CameraMessage, MeasurementMessage, SiteFacts } from './messages.js';

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
  /** Citizens who were served, and those who left unserved. */
  sessions: number;
  abandoned: number;
  /** Sums over those who were served, seconds; the part of the service in which nobody could tell. */
  waitS: number;
  serveS: number;
  unknownS: number;
  /** Of those who left unserved, seconds. */
  abandonedWaitS: number;
  /** Sessions in which a greeting, a goodbye, a word to those who wait could be heard or not; and in which it was heard. */
  greetN: number;
  greeted: number;
  byeN: number;
  bye: number;
  askWaitN: number;
  askedWait: number;
  /** Sessions in which a face of staff could be judged, how long, and of it with a smile, seconds. */
  smileN: number;
  faceS: number;
  smileS: number;
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
    abandoned: hour.abandoned,
    wait_s: hour.waitS,
    serve_s: hour.serveS,
    unknown_s: hour.unknownS,
    abandoned_wait_s: hour.abandonedWaitS,
    greet_n: hour.greetN,
    greeted: hour.greeted,
    bye_n: hour.byeN,
    bye: hour.bye,
    ask_wait_n: hour.askWaitN,
    asked_wait: hour.askedWait,
    smile_n: hour.smileN,
    face_s: hour.faceS,
    smile_s: hour.smileS,
  },
});

/** Measurement `desk`: how long a window's desk was tidy, in disorder, or could not be judged within an hour, seconds. */
export const deskMessage = (
  facts: SiteFacts,
  subject: string,
  { atMs, tidyS, disorderS, unknownS }: { atMs: number; tidyS: number; disorderS: number; unknownS: number },
): MeasurementMessage => ({
  measurement: 'desk',
  atMs,
  id: subject,
  tags: subjectTags(facts, subject),
  fields: { tidy_s: tidyS, disorder_s: disorderS, unknown_s: unknownS },
});

/** Measurement `speech`, without a level: how long a room was listened to within an hour. No word, no text. */
export const listeningMessage = (
  facts: SiteFacts,
  room: string,
  { atMs, heardS, notUnderstoodS }: { atMs: number; heardS: number; notUnderstoodS: number | undefined },
): MeasurementMessage => ({
  measurement: 'speech',
  atMs,
  id: room,
  tags: subjectTags(facts, room),
  fields: { heard_s: heardS, ...(notUnderstoodS === undefined ? {} : { not_understood_s: notUnderstoodS }) },
});

/** Measurement `speech`, of one level: how often words of it were said in a room within an hour. No word, no text. */
export const hitsMessage = (
  facts: SiteFacts,
  room: string,
  { atMs, level, hits }: { atMs: number; level: string; hits: number },
): MeasurementMessage => ({
  measurement: 'speech',
  atMs,
  id: `${room}/${level}`,
  tags: { ...subjectTags(facts, room), level },
  fields: { hits },
});

/**
 * Measurement `camera_health`: a camera's state. `up` is 1 unless it is offline; `changed` is 1 where the state began and 0
 * where it only goes on, so that a camera with nothing to tell is still known to be there.
 */
export const cameraHealthMessage = (message: CameraMessage, changed: boolean): MeasurementMessage => ({
  measurement: 'camera_health',
  atMs: parseInstant(message.at, 'camera state time'),
  id: message.camera,
  tags: { site: message.site, camera: message.camera },
  fields: {
    state: message.state,
    up: message.state === 'offline' ? 0 : 1,
    findings: message.findings.length,
    finding_list: message.findings.join(','),
    changed: changed ? 1 : 0,
  },
});
