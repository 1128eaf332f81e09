import type { Ledger } from '../../src/alerts/ledger/openLedger.js';
import { stepWorkflow } from '../../src/alerts/workflow/stepWorkflow.js';
import { foundWorkflow, type Workflow } from '../../src/alerts/workflow/workflow.js';
import { parseConfig } from '../../src/core/config/load.js';
import type { Config } from '../../src/core/config/schema.js';
import { evaluationId, personId } from '../../src/core/evaluation.js';
import { cameraId, roomId, type SubjectId, subjectId } from '../../src/core/ids.js';
import { type AlertStep, incidentId } from '../../src/core/incident.js';
import { type EventMs, eventMs, wallMs } from '../../src/core/time.js';
import type { Truth } from '../../src/core/truth.js';
import type { FakeClock } from './fakeClock.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Asia/Shanghai is eight hours ahead of UTC all the year. */
const AHEAD = 8 * HOUR;

/** One look as a detector would give it. */
export interface RawLook {
  at: number;
  value: number | 'unknown';
}

/** An absence that became an incident, with the verdict that people will give it. */
export interface SimulatedIncident {
  subject: string;
  start: number;
  end: number;
  verdict: 'confirmed' | 'excused' | 'false-alarm' | 'cannot-tell' | null;
  /** What became of the appeal of a confirmed one. */
  appeal: 'upheld' | 'overturned' | null;
}

/** A month of a hall that never was: everything in it follows from the seed. */
export interface SimulatedMonth {
  config: Config;
  yaml: string;
  from: number;
  to: number;
  lookEveryMs: number;
  incidents: SimulatedIncident[];
  leaves: Array<{ subject: string; from: number; to: number; kind: string }>;
  posts: Array<{ id: string; user: string; window: string; from: number; to: number | null }>;
  sessions: Array<{ id: string; room: string; from: number; to: number }>;
  /** Every look at a window, in order; the same at each call. */
  looksAt(window: number): Generator<RawLook>;
  /** Every look at a room during its evaluations. */
  looksIn(room: number): Generator<RawLook>;
}

export interface SimulationOptions {
  windows: number;
  rooms: number;
  /** `YYYY-MM`; 2026-10 by default. */
  month?: string;
  lookEveryMs?: number;
  seed?: number;
  /** Days of the month that are simulated, from 1; all by default. */
  days?: readonly number[];
}

/** Small, fast, repeatable: mulberry32 (Tommy Ettinger, public domain). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Days that were asked before: a second-by-second count asks millions of times. */
const knownDays = new Map<number, boolean>();

/** Which days of October 2026 the hall works: written by hand from the State Council's notice, not from the product. */
const worksOn = (day: number, from: number): boolean => {
  const weekday = new Date(from + AHEAD + (day - 1) * DAY).getUTCDay();
  if (new Date(from + AHEAD).toISOString().startsWith('2026-10')) {
    if (day <= 7) return false;
    if (day === 10) return true;
  }
  return weekday !== 0 && weekday !== 6;
};

/** When a window of the simulated hall is staffed, as minutes of the local day; lunch is off. */
export const SHIFTS = [
  [540, 720],
  [810, 1020],
] as const;

/** Whether the simulated hall is open at an instant, worked out without the product's calendar. */
export function openAt(at: number, from: number): boolean {
  const local = at + AHEAD;
  const day = Math.floor((at - from) / DAY) + 1;
  const minute = Math.floor((local % DAY) / MINUTE);
  const midnight = from + (day - 1) * DAY;
  const works = knownDays.get(midnight) ?? worksOn(day, from);
  knownDays.set(midnight, works);
  return works && SHIFTS.some(([begin, end]) => begin <= minute && minute < end);
}

const DEPARTMENTS = ['不动产登记', '社会保险', '市场监管', '公安出入境', '税务', '医疗保障', '住房公积金', '综合受理'];
const AREAS = ['一楼东区', '一楼西区', '二楼东区', '二楼西区'];

const nameOf = (prefix: string, n: number): string => `${prefix}${String(n + 1).padStart(3, '0')}`;

function yamlOf(windows: number, rooms: number, staleS: number): string {
  const zone = '[[0.1, 0.2], [0.5, 0.2], [0.5, 0.9], [0.1, 0.9]]';
  const lines = [
    'site: { id: sim, name: 模拟政务服务中心, district: 模拟区 }',
    'schedules:',
    '  day: { days: workdays, shifts: [{ from: "09:00", to: "12:00" }, { from: "13:30", to: "17:00" }] }',
    `rules: { absence: { staleAfter: ${staleS}s } }`,
    'cameras:',
    ...Array.from({ length: windows }, (_, i) => `  - { id: ${nameOf('cam-', i)}, source: "sim:counter" }`),
    ...Array.from({ length: rooms }, (_, i) => `  - { id: ${nameOf('cam-r', i)}, source: "sim:room" }`),
    'windows:',
    ...Array.from({ length: windows }, (_, i) => {
      const department = DEPARTMENTS[i % DEPARTMENTS.length]!;
      const area = AREAS[Math.floor(i / 8) % AREAS.length]!;
      const id = nameOf('W', i);
      return `  - { id: ${id}, name: ${id} 窗口, department: ${department}, area: ${area}, camera: ${nameOf('cam-', i)}, staffZone: ${zone}, hours: day }`;
    }),
    ...(rooms > 0 ? ['rooms:'] : []),
    ...Array.from(
      { length: rooms },
      (_, i) => `  - { id: ${nameOf('R', i)}, name: 第${i + 1}评标室, cameras: [${nameOf('cam-r', i)}] }`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

interface Plan {
  absences: Array<{ from: number; to: number }>;
  /** Nobody could see: looks are missing, or say unknown. */
  outages: Array<{ from: number; to: number; silent: boolean }>;
}

/** Draws a month of windows, rooms, outages, absences, leave and evaluations. */
export function simulateMonth(options: SimulationOptions): SimulatedMonth {
  const { windows, rooms, month = '2026-10', lookEveryMs = MINUTE, seed = 1 } = options;
  const [year, monthNumber] = month.split('-').map(Number) as [number, number];
  const from = Date.UTC(year, monthNumber - 1, 1) - AHEAD;
  const to = Date.UTC(year, monthNumber, 1) - AHEAD;
  const length = Math.round((to - from) / DAY);
  const days = options.days ?? Array.from({ length }, (_, i) => i + 1);
  const random = randomOf(seed);
  const step = (at: number): number => from + Math.round((at - from) / lookEveryMs) * lookEveryMs;
  const yaml = yamlOf(windows, rooms, Math.ceil(lookEveryMs / 1000));
  const month_: SimulatedMonth = {
    ...{ config: parseConfig(yaml, 'simulated.yaml'), yaml, from, to, lookEveryMs },
    ...{ incidents: [], leaves: [], posts: [], sessions: [], looksAt, looksIn },
  };
  const workdays = days.filter((day) => worksOn(day, from));
  const plans = Array.from({ length: windows }, (_, i) => planWindow(i));
  for (let i = 0; i < rooms; i++) planRoom(i);

  function planWindow(index: number): Plan {
    const plan: Plan = { absences: [], outages: [] };
    const subject = nameOf('W', index);
    for (const day of workdays) {
      const midnight = from + (day - 1) * DAY;
      if (random() < 0.35) {
        const begin = step(midnight + (9.2 + random() * 6.5) * HOUR);
        const end = step(begin + (4 + random() * 46) * MINUTE);
        plan.absences.push({ from: begin, to: end });
        const last = lastOpen(begin, end);
        if (last - begin >= 15 * MINUTE) month_.incidents.push(judged(subject, begin, last));
      }
      if (random() < 0.05) {
        const begin = step(midnight + (9 + random() * 7) * HOUR);
        plan.outages.push({ from: begin, to: step(begin + (5 + random() * 100) * MINUTE), silent: random() < 0.5 });
      }
      if (random() < 0.03) {
        const kind = random() < 0.7 ? 'leave' : 'standby';
        month_.leaves.push({ subject, from: midnight + 9 * HOUR, to: midnight + 12 * HOUR, kind });
      }
    }
    // Every fortieth camera is out for eight days: its window's rates must not be printed.
    if (index % 40 === 39) plan.outages.push({ from: from + 11 * DAY, to: from + 19 * DAY, silent: true });
    month_.posts.push({ id: `post-${index}`, user: `user-${index}`, window: subject, from, to: null });
    return plan;
  }

  /** Where an absence that runs into lunch or the evening stops counting. */
  function lastOpen(begin: number, end: number): number {
    if (!openAt(begin, from)) return begin;
    for (let at = begin; at < end; at += MINUTE) if (!openAt(at, from)) return at;
    return end;
  }

  function judged(subject: string, start: number, end: number): SimulatedIncident {
    const drawn = random();
    const verdict =
      drawn < 0.55
        ? 'confirmed'
        : drawn < 0.72
          ? 'excused'
          : drawn < 0.85
            ? 'false-alarm'
            : drawn < 0.92
              ? 'cannot-tell'
              : null;
    const appeal = verdict === 'confirmed' && random() < 0.15 ? (random() < 0.5 ? 'upheld' : 'overturned') : null;
    return { subject, start, end, verdict, appeal };
  }

  function planRoom(index: number): void {
    for (const day of workdays.filter(() => random() < 0.6)) {
      const begin = from + (day - 1) * DAY + 9 * HOUR + Math.floor(random() * 60) * MINUTE;
      const id = `${nameOf('E', index)}-${day}`;
      const end = begin + (60 + Math.floor(random() * 240)) * MINUTE;
      month_.sessions.push({ id, room: nameOf('R', index), from: begin, to: end });
    }
  }

  function* looksAt(index: number): Generator<RawLook> {
    const plan = plans[index]!;
    for (const day of days) {
      const midnight = from + (day - 1) * DAY;
      for (let at = midnight + 8.5 * HOUR; at <= midnight + 17.5 * HOUR; at += lookEveryMs) {
        const outage = plan.outages.find((span) => span.from <= at && at < span.to);
        if (outage?.silent) continue;
        const away = plan.absences.some((span) => span.from <= at && at < span.to);
        yield { at, value: outage ? 'unknown' : away ? 0 : 1 + ((index + Math.floor(at / HOUR)) % 2) };
      }
    }
  }

  function* looksIn(index: number): Generator<RawLook> {
    for (const session of month_.sessions.filter(({ room }) => room === nameOf('R', index))) {
      for (let at = session.from; at <= session.to; at += 10_000) {
        const minute = Math.floor((at - session.from) / MINUTE);
        yield { at, value: minute % 47 === 13 ? 'unknown' : minute < 3 ? 0 : 5 };
      }
    }
  }
  return month_;
}

const setTo = (clock: FakeClock, at: number): void => clock.step(at - clock.now());

/** Writes the simulated month into a ledger the way the product does: looks, steps, people's acts, leaves, posts, evaluations. */
export function fillLedger(month: SimulatedMonth, ledger: Ledger, clock: FakeClock): void {
  month.config.windows.forEach(({ id }, i) => {
    writeLooks(ledger, { subject: subjectId(id), kind: 'staff', looks: month.looksAt(i) });
  });
  month.config.rooms.forEach(({ id }, i) => {
    writeLooks(ledger, { subject: subjectId(id), kind: 'persons', looks: month.looksIn(i) });
  });
  for (const incident of month.incidents) writeIncident(month, ledger, { incident, clock });
  for (const leave of month.leaves) {
    ledger.leaves.add({
      ...{ subject: subjectId(leave.subject), kind: leave.kind, by: 'sim' },
      ...{ from: eventMs(leave.from), to: eventMs(leave.to) },
    });
  }
  ledger.settings.set('duty.posts', month.posts);
  for (const { id, room, from, to } of month.sessions) {
    ledger.evaluations.save(
      {
        ...{ id: evaluationId(id), project: `P-${id}`, projectName: `${id} 工程施工评标`, state: 'closed', version: 0 },
        rooms: [{ room: roomId(room), venue: 'main' }],
        ...{ plannedStart: eventMs(from), plannedEnd: eventMs(to), openedAt: eventMs(from), closedAt: eventMs(to) },
        roster: [
          { id: personId('p1'), name: '专家甲', role: 'expert', category: '经济', batch: '', rooms: [] },
          { id: personId('p2'), name: '专家乙', role: 'expert', category: '技术', batch: '', rooms: [] },
        ],
        ...{ bidders: [], signIn: [], reentryAllowed: false },
      },
      0,
    );
  }
  ledger.observations.flush();
}

function writeLooks(
  ledger: Ledger,
  { subject, kind, looks }: { subject: SubjectId; kind: string; looks: Iterable<RawLook> },
): void {
  for (const { at, value } of looks) {
    ledger.observations.append({ subject, kind, at: eventMs(at), value: value as Truth | number });
  }
  // The store gives runs up where too many wait.
  ledger.observations.flush();
}

/** The id the product would give the incident. */
export const idOf = (month: SimulatedMonth, { subject, start }: { subject: string; start: number }) =>
  incidentId(month.config.site.id, 'absence', subjectId(subject), eventMs(start));

function writeIncident(
  month: SimulatedMonth,
  ledger: Ledger,
  { incident, clock }: { incident: SimulatedIncident; clock: FakeClock },
): void {
  const { subject, start, end } = incident;
  const id = idOf(month, incident);
  const raised = start + 15 * MINUTE;
  const base = {
    ...{ id, rule: 'absence', ruleVersion: 'sim', subject: subjectId(subject), start: eventMs(start) },
    ...{ camera: cameraId(`cam-${subject.slice(1)}`), priority: 'normal' as const },
  };
  const step = (name: AlertStep['step'], at: number, ordinal: number): AlertStep => ({
    ...{ ...base, step: name, ordinal, at: eventMs(at), tier: end - start >= 30 * MINUTE ? 1 : 0 },
    seen: { observedMs: at - start, unknownMs: 0 },
    ...(name === 'ended' ? { end: eventMs(at), endReason: 'returned' as const } : {}),
  });
  setTo(clock, raised);
  ledger.commitStep(step('open', raised, 1), []);
  setTo(clock, end);
  ledger.commitStep(step('ended', end, 2), []);
  actOn(month, ledger, { incident, at: Math.max(end, raised), clock });
}

function actOn(
  month: SimulatedMonth,
  ledger: Ledger,
  { incident, at, clock }: { incident: SimulatedIncident; at: number; clock: FakeClock },
): void {
  const id = idOf(month, incident);
  let workflow: Workflow = foundWorkflow(id, wallMs(at));
  let now = at;
  const act = (actor: string, action: Parameters<typeof stepWorkflow>[1]): void => {
    now += (3 + ((incident.start / MINUTE) % 50)) * MINUTE;
    setTo(clock, now);
    const subjects = month.posts.filter(({ window }) => window === incident.subject).map(({ user }) => user);
    const outcome = stepWorkflow(workflow, action, { actor, at: wallMs(now), subjects, monthFrozen: false });
    if (outcome.type !== 'step') throw new Error(`${action.action}: ${outcome.reason}`);
    const { ordinal, from, to, note, data } = outcome.step;
    ledger.workflowSteps.append({ incident: id, ordinal, actor, action: action.action, from, to, note, data });
    workflow = outcome.workflow;
  };
  const plain = { note: '', evidence: [] };
  const { verdict, appeal } = incident;
  if (verdict === null) return;
  act('boss', { action: 'acknowledge', ...plain });
  const reason = verdict === 'excused' ? 'outing' : verdict === 'false-alarm' ? 'missed' : '';
  act('boss', { action: 'verdict', verdict, reason, ...plain });
  if (appeal !== null) {
    const user = month.posts.find(({ window }) => window === incident.subject)!.user;
    act(user, { action: 'appeal', ...plain, note: '我在后台办理' });
    const decision = { action: 'appeal-decide', outcome: appeal, reason: '', ...plain, note: '已核' } as const;
    act('other', decision);
  }
  if (verdict === 'confirmed' && appeal !== 'overturned') {
    act('boss', { action: 'assign', to: 'handler', ...plain });
    act('handler', { action: 'start', ...plain });
    act('handler', { action: 'answer', ...plain, note: '已提醒' });
    act('other', { action: 'review', outcome: 'accept', ...plain });
  }
  if (workflow.state !== 'false-alarm') act('other', { action: 'close', ...plain });
}

/** The verdict in force after the appeal. */
export const verdictOf = ({ verdict, appeal }: SimulatedIncident): SimulatedIncident['verdict'] =>
  appeal === 'overturned' ? 'false-alarm' : verdict;

/** End of the month as an instant the ledger would know. */
export const endOf = (month: SimulatedMonth): EventMs => eventMs(month.to);
