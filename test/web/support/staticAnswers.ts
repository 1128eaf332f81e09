import type { AnswerOf, RouteName } from '../../../src/board/api/contract.js';

const AT = Date.UTC(2026, 9, 8, 1, 0, 0);
const sha = 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9';
const by = { id: 'u1', name: '王督导' };
const unavailable = (reason: string) => ({ state: 'unavailable', reason }) as const;
const room = (id: string, name: string, persons: number | 'unknown') => ({
  id,
  name,
  cameras: [`cam-${id.toLowerCase()}`],
  persons,
  since: AT,
  speech: 'off' as const,
  speechReason: 'no-model',
});
const duration = (key: string, value: string, zh: string, en: string) => ({
  key,
  kind: 'duration' as const,
  value,
  default: value,
  min: null,
  max: null,
  choices: [],
  text: { zh, en },
});

const statics: { [R in RouteName]?: AnswerOf<R> } = {
  listRooms: {
    items: [
      { room: room('R1', '第一评标室', 5), session: unavailable('no-room-sessions') },
      { room: room('R2', '第二评标室', 'unknown'), session: unavailable('no-room-sessions') },
    ],
  },
  getRoom: {
    room: room('R1', '第一评标室', 5),
    session: unavailable('no-room-sessions'),
    roster: unavailable('no-roster'),
    entries: unavailable('no-entries'),
  },
  getTranscript: {
    state: 'ready',
    data: [
      {
        start: AT - 60_000,
        end: AT - 56_000,
        text: '评审纪律第一条，不得询问甲方意思。',
        speaker: 'S1',
        engine: 'sherpa',
      },
      { start: AT - 50_000, end: AT - 46_000, text: '这一家的评价标准比较高。', speaker: 'S2', engine: 'sherpa' },
      { start: AT - 46_000, end: AT - 40_000, text: '', gap: 'overload', engine: 'sherpa' },
      { start: AT - 40_000, end: AT - 36_000, text: '第二家请大家照顾一下。', speaker: 'S2', engine: 'sherpa' },
    ],
  },
  getTranscriptNotes: {
    items: [
      {
        ...{ evaluation: 'e1', project: 'HS-2026-118', from: AT - 7_200_000, to: AT - 3_600_000, parts: 212 },
        ...{ punctuation: 'given', speakers: 'done', voices: 5 },
      },
      {
        ...{ evaluation: 'e2', project: 'HS-2026-119', from: AT - 3_500_000, to: AT - 600_000, parts: 90 },
        ...{ punctuation: 'pinyin', speakers: 'no-model', voices: 0 },
      },
    ],
  },
  getWordHits: {
    state: 'ready',
    data: [
      {
        ...{ incident: 'speech-0123456789abcdef', word: '照顾一下', variant: '照顾一下', level: 'serious' },
        ...{ start: AT - 38_000, end: AT - 37_000, before: '这一家的评价标准比较高。第二家请大家', after: '。' },
        ...{ speaker: 'S2', count: 2, tier: 'text', confirmed: true, demo: false, verdict: 'undecided', steps: 0 },
        ...{ sound: '1-sound.wav', soundNote: null },
      },
      {
        ...{ incident: 'speech-0123456789abcdee', word: '业主的意思', variant: '业主的意思', level: 'check' },
        ...{ start: AT - 120_000, end: AT - 119_000, before: 'zha shi', after: 'hao', count: 1, tier: 'sound' },
        ...{ confirmed: false, demo: true, verdict: 'rejected', steps: 2, sound: null },
        soundNote: 'disk-full',
      },
    ],
  },
  getCourtesy: {
    state: 'ready',
    data: [
      {
        ...{ window: 'A01', sessions: 64 },
        greeting: { n: 61, said: 55, unknown: 3, share: 55 / 61 },
        farewell: { n: 60, said: 41, unknown: 4, share: 41 / 60 },
        wait: { n: 9, said: 6, unknown: 0, share: null },
      },
      {
        ...{ window: 'A03', sessions: 12 },
        greeting: { n: 12, said: 9, unknown: 0, share: null },
        farewell: { n: 11, said: 7, unknown: 1, share: null },
        wait: { n: 0, said: 0, unknown: 0, share: null },
      },
    ],
  },
  listWordLists: {
    items: [
      { scope: 'hall', name: '海曙区政务服务中心', version: 3, words: 3, changedAt: AT },
      { scope: 'room:R1', name: '第一评标室', version: 0, words: 0, changedAt: null },
    ],
  },
  getWords: {
    scope: 'hall',
    version: 3,
    words: [
      {
        ...{ word: '照顾一下', level: 'serious', allow: [], negation: 'suppress', short: false },
        ...{ syllables: ['zhao', 'gu', 'yi', 'xia'], polyphones: [] },
      },
      {
        ...{ word: '重新打分', level: 'warning', allow: ['不得重新打分'], negation: 'suppress', short: false },
        syllables: ['chong', 'xin', 'da', 'fen'],
        polyphones: [{ character: '重', readings: ['chong', 'zhong'] }],
      },
      {
        ...{ word: '围标', level: 'warning', allow: [], negation: 'suppress', short: true },
        ...{ syllables: ['wei', 'biao'], polyphones: [] },
      },
    ],
    versions: [{ version: 3, words: 3, note: '按十月会议补充', by: '李评标督导', createdAt: AT }],
  },
  getWordPrecision: {
    items: [
      {
        ...{ word: '照顾一下', hits: 14, confirmed: 9, rejected: 2, undecided: 3 },
        ...{ precision: 9 / 11, low: 0.52, high: 0.95 },
      },
    ],
  },
  listRules: {
    items: [
      {
        rule: 'absence',
        title: '离岗',
        version: '3f2a91c04d17',
        parameters: [
          duration('absentAfter', '15m', '离岗多久报警', 'How long nobody may be seen before an alert'),
          duration('missGrace', '20s', '看不到人多久才算离开', 'Not seen for less than this is no absence at all'),
          {
            key: 'minStaff',
            kind: 'integer',
            value: 1,
            default: 1,
            min: 1,
            max: 10,
            choices: [],
            text: { zh: '窗口最少人数', en: 'Staff needed at the window' },
          },
          {
            key: 'inclusive',
            kind: 'boolean',
            value: true,
            default: true,
            min: null,
            max: null,
            choices: [],
            text: { zh: '恰好到时即报警', en: 'Raise at exactly that long' },
          },
        ],
        overrides: [{ window: 'A01', windowName: 'A01 综合窗口', parameters: { absentAfter: '10m' } }],
        versions: [{ version: '3f2a91c04d17', effectiveFrom: AT, by: null, note: '', window: null, parameters: {} }],
      },
    ],
    etag: 'e1',
  },
  backtestRule: {
    state: 'ready',
    data: {
      before: 14,
      after: 19,
      added: [{ subject: 'A03', start: AT, end: AT + 720_000 }],
      removed: [],
      coverage: 0.973,
    },
  },
  listStandby: {
    items: [{ id: 's1', window: 'B05', windowName: 'B05 综合窗口', from: AT, to: null, note: '设备检修', by }],
  },
  listShifts: {
    schedules: [
      {
        id: 'weekday',
        days: 'workdays',
        shifts: [
          { from: '09:00', to: '12:00' },
          { from: '13:30', to: '17:00' },
        ],
      },
    ],
    windows: ['A01', 'A02', 'B05'].map((window) => ({
      window,
      name: `${window} 综合窗口`,
      hours: 'weekday',
      lunch: [{ from: '12:00', to: '12:45' }],
      standby: window === 'B05',
    })),
    etag: 'e1',
  },
  getCalendar: {
    holidays: 'cn',
    overlay: [{ date: '2026-10-10', open: true, shifts: [{ from: '09:00', to: '12:00' }], note: '节后补班' }],
    warnings: ['no-holiday-data'],
    etag: 'e1',
  },
  listPosts: {
    items: [
      { id: 'p1', user: { id: 'u5', name: '陈敏' }, window: 'A03', windowName: 'A03 综合窗口', from: AT, to: null },
    ],
  },
  getStatus: {
    version: '0.1.0',
    startedAt: AT,
    now: AT + 86_400_000,
    configRestartNeeded: true,
    sinks: [
      { name: 'mqtt', depth: 0, oldestAt: null, quarantined: 0, state: 'ok' },
      { name: 'influx', depth: 1284, oldestAt: AT + 86_000_000, quarantined: 2, state: 'down' },
    ],
    disk: { state: 'ready', data: { path: '/var/lib/hallwatch', freeBytes: 412e9, totalBytes: 960e9 } },
    ledger: { seq: 4120, incidents: 1388, bytes: 212e6 },
    events: { clients: 3, dropped: 0 },
  },
  listUsers: {
    items: [
      {
        id: 'u0',
        name: 'admin',
        displayName: '系统管理员',
        role: 'admin',
        unit: '信息科',
        disabled: false,
        lockedUntil: null,
        totp: true,
        mustChangePassword: false,
        lastSignInAt: AT,
        createdAt: AT,
      },
      {
        id: 'u5',
        name: 'chenmin',
        displayName: '陈敏',
        role: 'staff',
        unit: '登记科',
        disabled: false,
        lockedUntil: AT + 9e9,
        totp: false,
        mustChangePassword: true,
        lastSignInAt: null,
        createdAt: AT,
      },
    ],
  },
  listAudit: {
    items: [
      {
        seq: 318,
        at: AT,
        who: by,
        unit: '督查科',
        title: '判定',
        action: 'giveVerdict',
        object: 'absence-a03000000000000',
        outcome: 'done',
        detail: {},
        address: '10.0.1.7',
        hash: sha,
      },
      {
        seq: 317,
        at: AT - 60_000,
        who: { id: 'u5', name: '陈敏' },
        unit: '登记科',
        title: '最新画面',
        action: 'getCameraPicture',
        object: 'cam-r1',
        outcome: 'refused',
        detail: {},
        address: '10.0.1.9',
        hash: sha,
      },
    ],
    next: null,
  },
  getEvidenceStatus: {
    state: 'ready',
    data: {
      recorders: [
        {
          camera: 'cam-a1',
          name: '综合区 1',
          recording: true,
          stream: 'main',
          fallback: null,
          cause: null,
          mode: 'ring',
        },
        {
          camera: 'cam-a2',
          name: '综合区 2',
          recording: true,
          stream: 'sub',
          fallback: 'main-unreachable',
          cause: null,
          mode: 'ring',
        },
        {
          camera: 'cam-r1',
          name: '第一评标室',
          recording: false,
          stream: 'main',
          fallback: null,
          cause: 'offline',
          mode: 'session',
        },
      ],
      notRecorded: [{ camera: 'cam-b9', name: '走廊' }],
      disk: { freeBytes: 180e9, totalBytes: 2000e9, hoursLeft: 41, state: 'ok' },
      keepMs: { ring: 600_000, hall: 30 * 86_400_000, evidence: 365 * 86_400_000, session: 5479 * 86_400_000 },
      key: { algorithm: 'ed25519', fingerprint: sha },
      blurExports: true,
      clipsWaiting: 1,
    },
  },
  listHolds: {
    items: [
      {
        ...{ id: 2, kind: 'incident', target: 'absence-a03000000000000', from: null, to: null, reason: '申诉复核中' },
        ...{ by, placedAt: AT, releasedAt: null, releaseNote: '', mayRelease: true },
      },
      {
        ...{ id: 1, kind: 'camera', target: 'cam-r1', from: AT - 3_600_000, to: AT, reason: '投诉调查' },
        ...{ by, placedAt: AT, releasedAt: AT, releaseNote: '已结案', mayRelease: false },
      },
    ],
  },
  listPackages: {
    items: [
      {
        ...{ id: 'S-1-1', kind: 'session', target: 'S-2026-001', state: 'ready', askedAt: AT, until: AT + 21_600_000 },
        ...{ files: 1463, bytes: 2.6e9, remarks: ['clip incomplete'], problem: '' },
      },
      {
        ...{
          id: 'a-1',
          kind: 'incident',
          target: 'absence-a01000000000000',
          state: 'making',
          askedAt: AT,
          until: null,
        },
        ...{ files: 0, bytes: 0, remarks: [], problem: '' },
      },
    ],
    total: 2,
  },
  listViews: {
    items: [
      { seq: 4, at: AT, who: by, unit: '督查科', object: 'absence-a03000000000000/open.jpg', reason: '申诉核实' },
    ],
    next: null,
  },
  listModels: {
    state: 'ready',
    data: [
      {
        name: 'centernet',
        purpose: '人员检测',
        source: '@vladmandic/human 3.3.6',
        sha256: sha,
        licence: 'MIT',
        verified: true,
      },
    ],
  },
  listTokens: { items: [] },
};

/** Answers that never change, for pages that only show. */
export const staticAnswers = Object.fromEntries(
  Object.entries(statics).map(([route, answer]) => [route, () => answer]),
);
