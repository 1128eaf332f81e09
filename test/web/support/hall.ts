import type { AnswerOf } from '../../../src/board/api/contract.js';

export type Live = AnswerOf<'getLive'>;
export type WindowRow = Live['windows'][number];
export type Incident = Live['open'][number];
export type Detail = AnswerOf<'getIncident'>;
export type Camera = AnswerOf<'listCameras'>['items'][number];

const MINUTE = 60_000;
const AREAS = [
  { name: '不动产登记区', department: '不动产登记', prefix: 'A', count: 12 },
  { name: '企业开办区', department: '市场监管', prefix: 'B', count: 10 },
  { name: '社保医保区', department: '人社医保', prefix: 'C', count: 8 },
  { name: '税务区', department: '税务', prefix: 'D', count: 6 },
];

type Mood = Pick<WindowRow, 'state' | 'staff' | 'citizens'> & { minutes: number; reason?: string; coverage?: number };

/** What each window is doing; windows that are not named are simply staffed. */
const MOODS: Record<string, Mood> = {
  A02: { state: 'away', staff: 0, citizens: 0, minutes: 3 },
  A03: { state: 'absent', staff: 0, citizens: 2, minutes: 21, coverage: 0.981 },
  A07: { state: 'unknown', staff: 'unknown', citizens: 'unknown', minutes: 6, reason: 'frozen', coverage: 0.72 },
  A08: { state: 'unknown', staff: 'unknown', citizens: 'unknown', minutes: 6, reason: 'frozen', coverage: 0.7 },
  B01: { state: 'absent', staff: 0, citizens: 0, minutes: 17 },
  B05: { state: 'exempt', staff: 0, citizens: 0, minutes: 41, reason: 'standby' },
  C02: { state: 'exempt', staff: 0, citizens: 0, minutes: 12, reason: 'lunch' },
  C04: { state: 'present', staff: 2, citizens: 3, minutes: 52 },
  D06: { state: 'unknown', staff: 'unknown', citizens: 'unknown', minutes: 2, reason: 'offline', coverage: 0.93 },
};

const id = (prefix: string, number: number): string => `${prefix}${String(number).padStart(2, '0')}`;

function windowRow(area: (typeof AREAS)[number], number: number, at: number): WindowRow {
  const name = id(area.prefix, number);
  const mood: Mood = MOODS[name] ?? {
    state: 'present',
    staff: 1,
    citizens: number % 3 === 0 ? 1 : 0,
    minutes: number * 7,
  };
  return {
    id: name,
    name: `${name} 综合窗口`,
    department: area.department,
    area: area.name,
    type: '',
    camera: `cam-${area.prefix.toLowerCase()}${Math.ceil(number / 4)}`,
    hasCitizenZone: true,
    state: mood.state,
    since: at - mood.minutes * MINUTE,
    staff: mood.staff,
    citizens: mood.citizens,
    coverageToday: mood.coverage ?? 0.996,
    ...(mood.reason ? { reason: mood.reason } : {}),
    service: mood.citizens ? { state: 'serving', since: at - 3 * MINUTE } : { state: 'idle' },
    desk: {
      state: name === 'A03' ? 'disorder' : 'tidy',
      since: at - 12 * MINUTE,
      at: at - 20_000,
      items: name === 'A03' ? ['水杯', 'clutter'] : [],
      missing: [],
      differencePercent: name === 'A03' ? 8.4 : 0,
      clutter: name === 'A03' ? 1.31 : 0.42,
      references: 'compared',
    },
    ...(mood.state === 'absent' ? { incident: `absence-${name.toLowerCase()}000000000000` } : {}),
  };
}

const span = (ms: number): string => `${Math.floor(ms / MINUTE)} 分 ${Math.round((ms % MINUTE) / 1000)} 秒`;

/** An incident of a window that began `minutes` ago; open unless it lasted. */
export function incidentOf(
  row: WindowRow,
  {
    at,
    minutes,
    lasted,
    seq,
    high = false,
    id: given,
  }: { at: number; minutes: number; lasted?: number; seq: number; high?: boolean; id?: string },
): Incident {
  const start = at - minutes * MINUTE;
  const end = lasted === undefined ? null : start + lasted * MINUTE;
  const durationMs = (end ?? at) - start;
  const coverage = row.coverageToday ?? 1;
  return {
    id: given ?? row.incident ?? `absence-${row.id.toLowerCase()}${String(seq).padStart(12, '0')}`,
    rule: 'absence',
    ruleVersion: '3f2a91c04d17',
    subject: row.id,
    subjectKind: 'window',
    subjectName: row.name,
    department: row.department,
    area: row.area,
    camera: row.camera,
    state: end === null ? 'open' : 'ended',
    start,
    end,
    endReason: end === null ? null : 'returned',
    durationMs,
    priority: high ? 'high' : 'normal',
    tier: 0,
    coverage,
    partlyObserved: coverage < 1,
    detail: { absent_s: durationMs / 1000, unknown_s: coverage < 0.99 ? 24 : 0, citizen_longest_wait_s: high ? 95 : 0 },
    seq,
    sentence: `空岗 ${span(durationMs)},期间画面覆盖率 ${Math.floor(coverage * 100)}%`,
    workflow: {
      state: 'found',
      steps: 0,
      verdict: null,
      assignee: null,
      deadline: at + 10 * MINUTE,
      overdue: false,
      escalation: 0,
      appeal: null,
    },
  };
}

/** A hall of 36 windows, two rooms and twelve cameras on an ordinary morning, at event time `at`. */
export function hallAt(at: number): Live {
  const windows = AREAS.flatMap((area) => Array.from({ length: area.count }, (_, i) => windowRow(area, i + 1, at)));
  const find = (name: string): WindowRow => windows.find((row) => row.id === name)!;
  return {
    at,
    now: at + 1200,
    simulated: null,
    seq: 40,
    windows,
    rooms: [
      {
        id: 'R1',
        name: '第一评标室',
        cameras: ['cam-r1'],
        persons: 5,
        since: at - 34 * MINUTE,
        speech: 'demo',
        speechReason: 'demo-model',
      },
      {
        id: 'R2',
        name: '第二评标室',
        cameras: ['cam-r2'],
        persons: 'unknown',
        since: at - 4 * MINUTE,
        speech: 'off',
        speechReason: 'no-model',
        reason: 'covered',
      },
    ],
    cameras: camerasAt(at).map(
      ({ id: camera, name, findings, lastFrameAt, keyframeIntervalS, reconnects, dropped }) => ({
        id: camera,
        name,
        findings,
        lastFrameAt,
        keyframeIntervalS,
        reconnects,
        dropped,
      }),
    ),
    open: [
      incidentOf(find('A03'), { at, minutes: 21, seq: 40, high: true }),
      incidentOf(find('B01'), { at, minutes: 17, seq: 39 }),
    ],
  };
}

const CAMERA_FINDINGS: Record<string, string[]> = {
  'cam-a2': ['frozen'],
  'cam-d2': ['offline', 'flapping'],
  'cam-b3': ['long-gop'],
  'cam-r2': ['covered'],
};

export function camerasAt(at: number): Camera[] {
  const names = AREAS.flatMap((area) =>
    Array.from({ length: Math.ceil(area.count / 4) }, (_, i) => `cam-${area.prefix.toLowerCase()}${i + 1}`),
  );
  return [...names, 'cam-r1', 'cam-r2'].map((camera, i) => {
    const findings = CAMERA_FINDINGS[camera] ?? [];
    const offline = findings.includes('offline');
    const area = AREAS.find((one) => `cam-${one.prefix.toLowerCase()}` === camera.slice(0, 5));
    const number = Number(camera.slice(5));
    return {
      id: camera,
      name: area ? `${area.name}${number}号` : `评标室${number}号`,
      kind: 'rtsp' as const,
      source: `rtsp://10.0.0.${20 + i}/sub`,
      hasCredentials: true,
      findings,
      lastFrameAt: offline ? at - 130_000 : at - 900,
      frameAgeMs: offline ? 130_000 : 900,
      keyframeIntervalS: findings.includes('long-gop') ? 6.2 : 2,
      reconnects: offline ? 14 : i % 3,
      dropped: i * 7,
      windows: area
        ? Array.from({ length: 4 }, (_, k) => (number - 1) * 4 + k + 1)
            .filter((n) => n <= area.count)
            .map((n) => id(area.prefix, n))
        : [],
      rooms: area ? [] : [`R${number}`],
      restartNeeded: false,
    };
  });
}

/** A long history: `count` ended incidents, newest first, in all states of the loop. */
export function historyOf(live: Live, count: number): Incident[] {
  const states = [
    'found',
    'verifying',
    'assigned',
    'handling',
    'answered',
    'reviewed',
    'closed',
    'closed',
    'false-alarm',
  ] as const;
  return Array.from({ length: count }, (_, i) => {
    const row = live.windows[(i * 7) % live.windows.length]!;
    const one = incidentOf(row, {
      at: live.at,
      minutes: 45 + i * 13,
      lasted: 15 + (i % 40),
      seq: 38 - i,
      high: i % 6 === 0,
      id: `absence-${(0xabc000 + i).toString(16).padStart(16, '0')}`,
    });
    const state = states[i % states.length]!;
    one.workflow.state = state;
    one.workflow.steps = states.indexOf(state);
    one.workflow.deadline =
      state === 'closed' || state === 'false-alarm' ? null : live.at + (i % 5 === 0 ? -20 : 35) * MINUTE;
    one.workflow.overdue = one.workflow.deadline !== null && one.workflow.deadline < live.at;
    one.workflow.verdict =
      state === 'false-alarm'
        ? 'false-alarm'
        : state === 'found' || state === 'verifying'
          ? null
          : i % 4
            ? 'confirmed'
            : 'excused';
    if (i % 11 === 6) one.workflow.appeal = 'open';
    if (i % 9 === 4) one.coverage = 0.84;
    return one;
  });
}
