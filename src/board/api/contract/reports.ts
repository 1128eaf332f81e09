import { z } from 'zod';
import { idText } from './common.js';
import type { RouteSpec } from './route.js';

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'a month is written YYYY-MM');
const monthParams = z.strictObject({ month });
const iso = z.string().describe('ISO 8601 UTC');
const share = z.number().nullable().describe('0-1; null where withheld');

const rate = z.object({
  part: z.int(),
  whole: z.int(),
  value: share,
  low: share.describe('95 % interval'),
  high: share,
  coverage: share,
  withheld: z.enum(['coverage', 'nothing']).nullable(),
});
const timeShare = z.object({ value: share, coverage: share, withheld: z.enum(['coverage', 'nothing']).nullable() });
const counts = z.object({
  confirmed: z.int(),
  excused: z.int(),
  falseAlarm: z.int(),
  cannotTell: z.int(),
  pending: z.int(),
});
const ruleCounts = counts.extend({ rule: z.string(), tier: z.int() });
const incidents = z.object({
  counts,
  byRule: z.array(ruleCounts),
  appeals: z.object({
    filed: z.int(),
    open: z.int(),
    upheld: z.int(),
    overturned: z.int(),
    corrected: z.int(),
  }),
  falseAlarmRate: rate,
  appealRate: rate,
  overturnRate: rate,
  handling: z.object({
    finished: z.int(),
    unfinished: z.int(),
    medianS: z.number().nullable(),
    p90S: z.number().nullable(),
    histogram: z.array(z.int()).describe('Up to 10 min, 30 min, 1 h, 4 h, 1 day, 3 days, longer'),
  }),
});
const time = z.object({
  scheduledS: z.number(),
  observedS: z.number(),
  presentS: z.number(),
  absentS: z.number(),
  excusedS: z.number(),
  unexcusedS: z.number(),
  uncountedS: z.number(),
  unknownS: z.number(),
  exemptS: z.number(),
  coverage: share,
  presence: timeShare,
  unexcused: timeShare,
});
const group = z
  .object({
    key: z.string(),
    name: z.string(),
    windows: z.int(),
    days: z.object({ clean: z.int(), unclean: z.int(), undecided: z.int() }),
    clean: rate,
    time,
    incidents,
  })
  .meta({ id: 'ReportGroup' });
const place = z.object({
  key: z.string(),
  name: z.string(),
  rate,
  coverage: share,
  exposureS: z.number(),
  place: z.int().nullable(),
  unranked: z.enum(['coverage', 'few', 'exposure']).nullable(),
  likeBest: z.boolean(),
});
const comparedGroup = z.object({
  key: z.string(),
  presence: timeShare,
  unexcused: timeShare,
  clean: rate,
  confirmed: z.int(),
  unexcusedS: z.number(),
  medianS: z.number().nullable(),
});
const comparison = z.object({ month, frozen: z.boolean(), hall: comparedGroup, departments: z.array(comparedGroup) });
const verdict = z.enum(['confirmed', 'excused', 'false-alarm', 'cannot-tell']).nullable();
const evaluation = z.object({
  evaluation: z.string(),
  project: z.string(),
  projectName: z.string(),
  state: z.enum(['planned', 'open', 'closed']),
  room: z.string(),
  roomName: z.string(),
  start: iso,
  end: iso,
  experts: z.int(),
  scheduledS: z.number(),
  observedS: z.number(),
  occupiedS: z.number(),
  emptyS: z.number(),
  unknownS: z.number(),
  coverage: share,
  incidents,
});

const frozen = z.object({ at: iso, by: z.string() });
const summary = z.array(
  z.object({
    text: z.string(),
    figures: z.array(z.object({ path: z.string(), value: z.union([z.number(), z.string()]).nullable() })),
  }),
);

const figures = z.object({
  month,
  from: iso,
  to: iso,
  complete: z.boolean(),
  until: iso,
  days: z.int(),
  workingDays: z.int(),
  calendarKnown: z.boolean(),
  hall: group,
  windows: z.array(group.extend({ department: z.string(), area: z.string(), watchedFrom: iso.nullable() })),
  departments: z.array(group),
  areas: z.array(group),
  persons: z.array(group),
  ranking: z.object({ windows: z.array(place), departments: z.array(place) }),
  rooms: z.object({ incidents, sessions: z.int() }),
  evaluations: z.array(evaluation),
  trend: z.array(
    z.object({
      day: z.string(),
      scheduledS: z.number(),
      observedS: z.number(),
      presentS: z.number(),
      unexcusedS: z.number(),
      coverage: share,
      confirmed: z.int(),
    }),
  ),
  heat: z.array(
    z.object({
      window: z.string(),
      scheduledS: z.array(z.number()).length(24),
      observedS: z.array(z.number()).length(24),
      unexcusedS: z.array(z.number()).length(24),
    }),
  ),
});

const monthReport = z
  .object({
    figures,
    hash: z.string(),
    frozen: frozen.nullable(),
    corrections: z.object({
      list: z.array(
        z.object({
          incident: idText,
          subject: z.string(),
          subjectName: z.string(),
          rule: z.string(),
          tier: z.int(),
          start: iso,
          at: iso,
          by: z.string(),
          from: verdict,
          to: verdict,
        }),
      ),
      figures: z.array(
        z.object({
          key: z.string(),
          name: z.string(),
          figure: z.string(),
          frozen: z.number(),
          corrected: z.number(),
        }),
      ),
    }),
    previous: comparison.nullable(),
    yearBefore: comparison.nullable(),
    summary,
  })
  .meta({ id: 'MonthReport' });

export const reportRoutes = {
  listMonths: {
    method: 'get',
    path: '/api/reports/months',
    action: 'report.read',
    summary: { zh: '可查看的月份', en: 'Months that can be reported, newest first' },
    response: z.object({
      items: z.array(
        z.object({ month, complete: z.boolean(), frozen: frozen.extend({ hash: z.string() }).nullable() }),
      ),
    }),
  },
  getMonth: {
    method: 'get',
    path: '/api/reports/months/:month',
    action: 'report.read',
    summary: { zh: '月报数据', en: 'The figures of a month' },
    params: monthParams,
    response: monthReport,
  },
  getMonthFile: {
    method: 'get',
    path: '/api/reports/months/:month/file',
    action: 'report.read',
    summary: { zh: '月报文件(xlsx、pdf、html、json)', en: 'The report as a file' },
    params: monthParams,
    query: z.strictObject({ format: z.enum(['json', 'xlsx', 'pdf', 'html']).default('xlsx') }),
    response: { raw: 'application/octet-stream' },
  },
  freezeMonth: {
    method: 'post',
    path: '/api/reports/months/:month/freeze',
    action: 'report.freeze',
    summary: { zh: '封存一个月', en: 'Close a month: its figures never change afterwards' },
    params: monthParams,
    body: z.strictObject({}),
    response: z.object({ hash: z.string() }),
  },
  getMyMonth: {
    method: 'get',
    path: '/api/mine/months/:month',
    action: 'mine.read',
    summary: { zh: '我的当月数据', en: 'My own figures of a month' },
    params: monthParams,
    response: z.object({
      month,
      complete: z.boolean(),
      frozen: z.boolean(),
      mine: group.nullable().describe('Null where no post of mine was in the month'),
      hall: z.object({ presence: timeShare, clean: rate }),
    }),
  },
} as const satisfies Record<string, RouteSpec>;
