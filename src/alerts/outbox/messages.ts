import type { CameraFinding } from '../../core/health.js';
import type { CameraId } from '../../core/ids.js';
import { type AlertStep, coverageOf } from '../../core/incident.js';
import { type EventMs, isoOf } from '../../core/time.js';

/** What the site knows of a subject beyond its id. */
export interface SubjectFacts {
  type: 'window' | 'room';
  name: string;
  /** Empty where none is configured. */
  department: string;
  /** Area of the hall; absent where none is configured. */
  area?: string;
}

/** What the site says of itself in every message. */
export interface SiteFacts {
  site: string;
  district: string;
  subjects: ReadonlyMap<string, SubjectFacts>;
}

/**
 * One step of one incident as the world reads it: the payload of every alert row, on every sink and in
 * `/api/alerts?after=`. A receiver drops a message whose `id` and `ordinal` it has; a gap in `seq` means it missed one.
 */
export interface AlertMessage {
  schema: 1;
  id: string;
  /** Place in the ledger, counting all steps of the site from 1 without gaps. */
  seq: number;
  step: AlertStep['step'];
  /** Counts the steps of this incident from 1. */
  ordinal: number;
  site: string;
  district: string;
  rule: string;
  ruleVersion: string;
  subject: string;
  subjectType: SubjectFacts['type'];
  subjectName: string;
  department: string;
  /** Absent where none is configured. */
  area?: string;
  /** Event times, ISO 8601 UTC. `end` only with `ended`. */
  at: string;
  start: string;
  end?: string;
  endReason?: AlertStep['endReason'];
  priority: AlertStep['priority'];
  tier: number;
  /** From `start` to `end`, or to this step, seconds. */
  durationS: number;
  /** Share of that time in which the subject could be seen, 0-1. */
  coverage: number;
  camera?: string;
  detail?: AlertStep['detail'];
}

/** State of a camera, as it is kept for late subscribers. */
export interface CameraMessage {
  schema: 1;
  site: string;
  camera: string;
  state: 'ok' | 'impaired' | 'offline';
  findings: CameraFinding[];
  /** Event time of the last change, ISO 8601 UTC. */
  at: string;
}

/** Something to be told that is no alert: a monthly report is ready, a disk is filling. Holds no name of a person. */
export type NoticeMessage = NoticeFacts & (MonthlyNotice | DiskNotice);

interface MonthlyNotice {
  notice: 'monthly-report';
  /** `YYYY-MM`, and SHA-256 of its figures. */
  month: string;
  hash: string;
}

interface DiskNotice {
  notice: 'disk';
  /** Until recordings are deleted early; null where it is not known, or nothing more may be. */
  hoursLeft: number | null;
}

interface NoticeFacts {
  schema: 1;
  site: string;
  /** Names this notice for ever: told once. */
  id: string;
  /** Wall time, ISO 8601 UTC. */
  at: string;
  /** One sentence in the hall's language. */
  text: string;
}

/** A point of a time series that is no alert. */
export interface MeasurementMessage {
  measurement: 'observation' | 'camera_health' | 'pipeline' | 'service' | 'desk' | 'speech';
  /** Event time, ms. */
  atMs: number;
  /** Names this point: the same id and time overwrite, another id at the same time does not. */
  id: string;
  tags: Record<string, string>;
  fields: Record<string, number | string | boolean>;
}

/** Builds the message of a step. Pure. */
export function alertMessage(facts: SiteFacts, step: AlertStep, seq: number): AlertMessage {
  const subject = facts.subjects.get(step.subject);
  return {
    schema: 1,
    id: step.id,
    seq,
    step: step.step,
    ordinal: step.ordinal,
    site: facts.site,
    district: facts.district,
    rule: step.rule,
    ruleVersion: step.ruleVersion,
    subject: step.subject,
    subjectType: subject?.type ?? 'window',
    subjectName: subject?.name ?? step.subject,
    department: subject?.department ?? '',
    ...(subject?.area ? { area: subject.area } : {}),
    at: isoOf(step.at),
    start: isoOf(step.start),
    ...(step.end === undefined ? {} : { end: isoOf(step.end) }),
    ...(step.endReason === undefined ? {} : { endReason: step.endReason }),
    priority: step.priority,
    tier: step.tier,
    durationS: ((step.end ?? step.at) - step.start) / 1000,
    coverage: coverageOf(step.seen),
    ...(step.camera === undefined ? {} : { camera: step.camera }),
    ...(step.detail === undefined ? {} : { detail: step.detail }),
  };
}

/** Facts of a spoken word that anybody may know who may know of alerts. */
const OPEN_FACTS = new Set(['level', 'count', 'tier', 'confirmed', 'demo', 'engine']);

/** The same message without what was said: of a listed word, everybody learns that there was one and how grave it is. */
export function withoutWords<M extends Pick<AlertMessage, 'rule' | 'detail'>>(message: M): M {
  if (message.rule !== 'speech' || message.detail === undefined) return message;
  const open = Object.entries(message.detail).filter(([key]) => OPEN_FACTS.has(key));
  return { ...message, detail: Object.fromEntries(open) };
}

/** Findings that mean there is no picture at all. */
const OFFLINE: readonly CameraFinding[] = ['offline', 'auth-failed'];

/** Builds the state message of a camera from the findings raised now. Pure. */
export function cameraMessage(
  site: string,
  camera: CameraId,
  findings: readonly CameraFinding[],
  at: EventMs,
): CameraMessage {
  const offline = findings.some((finding) => OFFLINE.includes(finding));
  const state = offline ? 'offline' : findings.length > 0 ? 'impaired' : 'ok';
  return { schema: 1, site, camera, state, findings: [...findings], at: isoOf(at) };
}
