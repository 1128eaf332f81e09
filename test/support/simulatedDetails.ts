import type { Ledger } from '../../src/alerts/ledger/openLedger.js';
import type { CourtesyOutcome } from '../../src/core/courtesy.js';
import type { HealthEvent } from '../../src/core/health.js';
import { cameraId, roomId, subjectId, windowId } from '../../src/core/ids.js';
import { type AlertStep, incidentId } from '../../src/core/incident.js';
import type { RuleDetail } from '../../src/core/rule.js';
import type { ServiceSession } from '../../src/core/service.js';
import { type EventMs, eventMs } from '../../src/core/time.js';
import { openAt, randomOf, type SimulatedMonth } from './simulatedMonth.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LISTEN_EVERY = 5000;

/** An alert of a room, as it began, with the step it is told by. */
export interface RoomAlert {
  rule: 'speech' | 'sealedRoom';
  room: string;
  start: number;
  /** Only of words. */
  level: string;
  count: number;
}

/** What a simulated hall has beside staff and absences: everything that the time series tells. All of it follows from the seed. */
export interface SimulatedDetails {
  sessions: ServiceSession[];
  courtesy: CourtesyOutcome[];
  /** One look at each desk a minute of opening time. */
  desks: Array<{ window: string; at: number; value: boolean | 'unknown' }>;
  /** Stretches in which a room was listened to; looks say so every five seconds. */
  listened: Array<{ room: string; from: number; to: number }>;
  gaps: Array<{ room: string; from: number; to: number; reason: string }>;
  roomAlerts: RoomAlert[];
  health: HealthEvent[];
}

/** Draws the details of a month. */
export function simulateDetails(month: SimulatedMonth, seed = 1): SimulatedDetails {
  const random = randomOf(seed);
  const details: SimulatedDetails = {
    ...{ sessions: [], courtesy: [], desks: [], listened: [], gaps: [], roomAlerts: [], health: [] },
  };
  const days = Array.from({ length: Math.round((month.to - month.from) / DAY) }, (_, i) => month.from + i * DAY);
  const workdays = days.filter((day) => openAt(day + 10 * HOUR, month.from));
  for (const { id } of month.config.windows) {
    for (const day of workdays) {
      serveDay(id, day, { details, random });
      lookAtDesk(id, day, { details, random });
    }
  }
  for (const session of month.sessions) listen(session, { details, random });
  month.config.cameras.forEach(({ id }, i) => {
    const at = eventMs(month.from + 8 * DAY + i * HOUR);
    const offline = { camera: cameraId(id), finding: 'offline' as const };
    details.health.push({ ...offline, state: 'raised', at });
    details.health.push({ camera: cameraId(id), finding: 'dark', state: 'raised', at: eventMs(at + 5 * MINUTE) });
    if (i > 0) details.health.push({ ...offline, state: 'cleared', at: eventMs(at + 10 * MINUTE) });
  });
  return details;
}

interface Drawing {
  details: SimulatedDetails;
  random: () => number;
}

function serveDay(window: string, day: number, { details, random }: Drawing): void {
  for (let at = day + 9 * HOUR; at < day + 17 * HOUR; at += 20 * MINUTE + Math.floor(random() * 20) * MINUTE) {
    const start = eventMs(at + Math.floor(random() * 60_000));
    const waitMs = Math.floor(random() * 240) * 1000;
    const base = { window: windowId(window), source: 'camera' as const, start, endedBy: 'gone' as const, steps: [] };
    if (random() < 0.1) {
      const end = eventMs(start + waitMs);
      details.sessions.push({ ...base, kind: 'abandoned', end, waitMs, serviceMs: 0, unknownMs: 0 });
      continue;
    }
    const serviceMs = (120 + Math.floor(random() * 900)) * 1000;
    const faceMs = Math.floor(random() * 30) * 1000;
    details.sessions.push({
      ...{ ...base, kind: 'served', end: eventMs(start + serviceMs), waitMs, serviceMs },
      unknownMs: random() < 0.2 ? 30_000 : 0,
      ...(random() < 0.7 ? { smile: { faceMs, smileMs: Math.floor(faceMs * random()) } } : {}),
    });
    const said = () => (random() < 0.15 ? ('unknown' as const) : random() < 0.8);
    const wait = random() < 0.5 ? ('not-due' as const) : said();
    details.courtesy.push({ window: windowId(window), start, greeting: said(), farewell: said(), wait });
  }
}

function lookAtDesk(window: string, day: number, { details, random }: Drawing): void {
  const untidyFrom = day + (9 + Math.floor(random() * 7)) * HOUR;
  const coveredFrom = day + (9 + Math.floor(random() * 7)) * HOUR + 30 * MINUTE;
  for (let at = day + 9 * HOUR; at < day + 17 * HOUR; at += MINUTE) {
    const covered = coveredFrom <= at && at < coveredFrom + 12 * MINUTE;
    const untidy = untidyFrom <= at && at < untidyFrom + 25 * MINUTE;
    details.desks.push({ window, at, value: covered ? 'unknown' : untidy });
  }
}

function listen({ room, from, to }: { room: string; from: number; to: number }, { details, random }: Drawing): void {
  details.listened.push({ room, from, to });
  const middle = from + Math.floor((to - from) / 2);
  details.gaps.push({ room, from: middle, to: middle + 20_000, reason: 'overload' });
  details.gaps.push({ room, from: middle + 60_000, to: middle + 90_000, reason: 'no-sound' });
  if (random() < 0.5) {
    const level = random() < 0.5 ? 'serious' : 'notice';
    const count = 1 + Math.floor(random() * 3);
    details.roomAlerts.push({ rule: 'speech', room, start: middle + 120_000, level, count });
  }
  if (random() < 0.3) details.roomAlerts.push({ rule: 'sealedRoom', room, start: from + 90_000, level: '', count: 1 });
}

/** Writes the details into a ledger the way the product does. */
export function fillDetails(month: SimulatedMonth, details: SimulatedDetails, ledger: Ledger): void {
  for (const session of details.sessions) ledger.serviceSessions.add(session);
  for (const outcome of details.courtesy) ledger.courtesy.add(outcome);
  for (const { window, at, value } of details.desks) {
    ledger.observations.append({ subject: subjectId(window), kind: 'desk', at: eventMs(at), value });
  }
  for (const { room, from, to } of details.listened) {
    for (let at = from; at <= to; at += LISTEN_EVERY) {
      ledger.observations.append({ subject: subjectId(room), kind: 'listening', at: eventMs(at), value: true });
    }
    ledger.observations.flush();
  }
  for (const { room, from, to, reason } of details.gaps) {
    const span = { room: roomId(room), start: eventMs(from), end: eventMs(to) };
    ledger.transcripts.append({ ...span, kind: 'gap', text: reason, engine: 'sim' });
  }
  for (const alert of details.roomAlerts) for (const step of stepsOf(month, alert)) ledger.commitStep(step, []);
  for (const event of details.health) ledger.cameraHealth.add(event);
  ledger.observations.flush();
  ledger.transcripts.flush();
}

function stepsOf(month: SimulatedMonth, { rule, room, start, level, count }: RoomAlert): AlertStep[] {
  const subject = subjectId(room);
  const begin: EventMs = eventMs(start);
  const base = {
    ...{ id: incidentId(month.config.site.id, rule, subject, begin), rule, ruleVersion: 'sim', subject, start: begin },
    ...{ tier: 0, priority: level === 'serious' || rule === 'sealedRoom' ? ('high' as const) : ('normal' as const) },
    ...{ seen: { observedMs: 5000, unknownMs: 0 }, camera: cameraId(`cam-r${room.slice(1)}`) },
  };
  const ended = eventMs(start + 20_000);
  const detail: RuleDetail = rule === 'speech' ? { level } : {};
  return [
    { ...base, step: 'open', ordinal: 1, at: eventMs(start + 5000), detail },
    {
      ...{ ...base, step: 'ended', ordinal: 2, at: ended, end: ended, endReason: 'returned' },
      detail: rule === 'speech' ? { ...detail, count } : detail,
    },
  ];
}
