import type { AnswerOf, BodyOf, ParamsOf, QueryOf, RouteName } from '../../../src/board/api/contract.js';
import { camerasAt, type Incident } from './hall.js';
import { myMonthAnswer, reportAnswer } from './reports.js';
import { staticAnswers } from './staticAnswers.js';
import { find, me, moveOn, Refused, session, type World, whole } from './world.js';

const FINISHED = new Set(['closed', 'false-alarm']);

const urgency = (one: Incident): number => (one.state === 'ended' ? 2 : 0) + (one.priority === 'high' ? 0 : 1);

function listed(world: World, query: QueryOf<'listIncidents'>): Incident[] {
  return world.incidents
    .filter((one) => (query.workflow === 'unfinished' ? !FINISHED.has(one.workflow.state) : true))
    .filter((one) => (query.state === 'active' ? one.state !== 'ended' : true))
    .filter((one) => (query.priority ? one.priority === query.priority : true))
    .filter((one) => (query.area ? one.area === query.area : true))
    .filter((one) => (query.overdue ? one.workflow.overdue : true))
    .filter((one) => (query.q ? `${one.id}${one.subjectName}${one.department}`.includes(query.q) : true))
    .sort((a, b) => (query.sort === 'urgent' ? urgency(a) - urgency(b) : 0) || b.start - a.start);
}

type Handler<R extends RouteName> = (
  world: World,
  request: { params: ParamsOf<R>; query: QueryOf<R>; body: BodyOf<R> },
) => AnswerOf<R>;

/** Answers by route. What is not here is answered with `503 unavailable`, as a missing port is. */
export const answers: { [R in RouteName]?: Handler<R> } = {
  getSession: session,
  signIn(world, { body }) {
    if (body.password !== '正确的密码') throw new Refused(401, 'wrong-credentials', '用户名或密码不正确');
    world.user = me(world);
    return session(world);
  },
  signOut(world) {
    world.user = null;
    return { ok: true };
  },
  changePassword(world) {
    world.mustChangePassword = false;
    world.user = me(world);
    return session(world);
  },
  setLanguage: () => ({ ok: true }),
  getLive: (world) => world.live,
  listAlertSteps: (world, { query }) => ({
    items: world.ledger.filter((one) => one.seq > query.after),
    last: Math.max(world.live.seq, query.after),
    more: false,
  }),
  getFloorplan: (world) => world.plan,
  putFloorplan(world, { body }) {
    world.plan = body;
    return { ok: true };
  },
  listIncidents(world, { query }) {
    const items = listed(world, query);
    return { items: items.slice(query.offset, query.offset + query.limit), total: items.length };
  },
  getIncident: (world, { params }) => whole(world, find(world, params.id)),
  acknowledgeIncident: (world, { params, body }) =>
    moveOn(world, { id: params.id, ifSteps: body.ifSteps, action: 'acknowledge', to: 'verifying' }),
  giveVerdict(world, { params, body }) {
    const incident = find(world, params.id);
    incident.workflow.verdict = body.verdict;
    const to = body.verdict === 'false-alarm' ? 'false-alarm' : incident.workflow.state;
    const data = { verdict: body.verdict, reason: body.reason };
    return moveOn(world, { id: params.id, ifSteps: body.ifSteps, action: 'verdict', to, note: body.note, data });
  },
  assignIncident(world, { params, body }) {
    find(world, params.id).workflow.assignee = { id: body.to, name: '李主任' };
    return moveOn(world, {
      id: params.id,
      ifSteps: body.ifSteps,
      action: 'assign',
      to: 'assigned',
      note: body.note,
      data: { assignee: body.to },
    });
  },
  appealIncident(world, { params, body }) {
    const incident = find(world, params.id);
    incident.workflow.appeal = 'open';
    return moveOn(world, {
      id: params.id,
      ifSteps: body.ifSteps,
      action: 'appeal',
      to: incident.workflow.state,
      note: body.note,
    });
  },
  decideAppeal(world, { params, body }) {
    const incident = find(world, params.id);
    incident.workflow.appeal = body.outcome;
    const to = body.outcome === 'overturned' ? 'false-alarm' : incident.workflow.state;
    return moveOn(world, {
      id: params.id,
      ifSteps: body.ifSteps,
      action: 'appeal-decide',
      to,
      note: body.note,
      data: { outcome: body.outcome },
    });
  },
  startIncident: (world, { params, body }) =>
    moveOn(world, { id: params.id, ifSteps: body.ifSteps, action: 'start', to: 'handling' }),
  answerIncident: (world, { params, body }) =>
    moveOn(world, { id: params.id, ifSteps: body.ifSteps, action: 'answer', to: 'answered', note: body.note }),
  reviewIncident: (world, { params, body }) =>
    moveOn(world, {
      id: params.id,
      ifSteps: body.ifSteps,
      action: 'review',
      to: body.outcome === 'accept' ? 'reviewed' : 'handling',
      note: body.note,
    }),
  closeIncident: (world, { params, body }) =>
    moveOn(world, { id: params.id, ifSteps: body.ifSteps, action: 'close', to: 'closed' }),
  commentIncident: (world, { params, body }) =>
    moveOn(world, {
      id: params.id,
      ifSteps: body.ifSteps,
      action: 'comment',
      to: find(world, params.id).workflow.state,
      note: body.note,
    }),
  bulkIncidents: (_world, { body }) => ({
    done: body.ids.slice(1),
    failed: [{ id: body.ids[0]!, code: 'conflict', message: '其他人刚刚处理过' }],
  }),
  listPeople: () => ({ items: [{ id: 'u2', name: '李主任', role: 'hall-supervisor', unit: '登记科' }] }),
  getMine: (world) => ({
    posts: [{ window: 'A03', windowName: 'A03 综合窗口', from: world.live.at - 86_400_000, to: null }],
    incidents: 3,
    appealable: 2,
    appealsOpen: 1,
  }),
  listMonths: () => ({
    items: ['2026-11', '2026-10', '2026-09'].map((month, i) => ({ month, complete: i > 0, frozen: null })),
  }),
  getMonth: (_world, { params }) => {
    const report = reportAnswer(params.month);
    return params.month === '2026-10' ? report : { ...report, frozen: null };
  },
  freezeMonth: () => ({ hash: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9' }),
  getMyMonth: (_world, { params }) => myMonthAnswer(params.month),
  listSuppressions: () => ({ items: [] }),
  listCameras: (world) => ({ items: camerasAt(world.live.at).map((camera) => ({ ...camera, kind: world.kind })) }),
  getCamera(world, { params }) {
    const camera = camerasAt(world.live.at).find((one) => one.id === params.id);
    if (!camera) throw new Refused(404, 'not-found', '没有这台摄像机');
    const history = camera.findings.map((finding) => ({
      finding,
      state: 'raised' as const,
      at: world.live.at - 360_000,
      detail: 'no new picture',
    }));
    return { camera, history, video: false };
  },
  lookNow: (world, { body }) => ({
    at: world.live.at,
    boxes: [{ box: [0.24, 0.28, 0.37, 0.72], label: 'person', score: 0.66 }],
    zones: body.zones.map((zone) => ({ name: zone.name, count: zone.name.includes('staff') ? 1 : 0, boxes: [] })),
  }),
  listZones: (world) => ({ items: world.zones }),
  getZones(world, { params }) {
    const set = world.zones.find((one) => one.subject === params.id);
    if (!set) throw new Refused(404, 'not-found', '没有这个窗口');
    return set;
  },
  putZones(world, { params, body }) {
    const set = world.zones.find((one) => one.subject === params.id)!;
    set.zones = { ...set.zones, ...body.zones } as typeof set.zones;
    set.etag = 'e2';
    return { zones: set, effect: 'reloaded' };
  },
  getDesk: (world) => ({
    drawn: true,
    lookedAt: world.live.at,
    collecting: null,
    references: (['set', 'collected'] as const).map((source, i) => ({
      ...{
        id: String(i + 1),
        source,
        at: world.live.at - 3_600_000,
        by: { id: 'u1', name: '王督导' },
        addedAt: world.live.at,
      },
    })),
    untidy: [
      { id: '3', source: 'untidy', at: world.live.at, by: { id: 'u1', name: '王督导' }, addedAt: world.live.at },
    ],
    standard: {
      scope: 'A03',
      version: 2,
      text: 'forbidden: [水杯]',
      by: { id: 'u1', name: '王督导' },
      at: world.live.at,
    },
  }),
  setDeskReference: () => ({ id: '4' }),
  collectDeskReferences: (world) => ({ until: world.live.at + 1_800_000 }),
  removeDeskPicture: () => ({ ok: true }),
  putDeskStandard: () => ({ scope: 'A03', version: 3 }),
  listServiceSessions: () => ({
    items: [],
    sums: {
      ...{ served: 42, abandoned: 3, medianWaitMs: 95_000, medianServiceMs: 412_000 },
      smile: { state: 'not-enough', n: 12, share: null },
    },
  }),
  listLeaves: (world) => ({ items: world.leaves, total: world.leaves.length }),
  addLeave(world, { body }) {
    const leave = {
      ...body,
      id: `l${world.leaves.length + 1}`,
      windowName: `${body.window} 综合窗口`,
      registeredBy: { id: 'u1', name: '王督导' },
      registeredAt: world.live.at,
      cancelledAt: null,
    };
    world.leaves.unshift(leave);
    return leave;
  },
  importLeaves: (_world, { body }) => {
    const rows = body.csv.trim().split('\n').length - 1;
    const errors = body.csv.includes('Z99') ? [{ row: 3, column: 'window', message: '没有窗口 Z99' }] : [];
    return { rows, imported: body.dryRun || errors.length ? 0 : rows, errors };
  },
  ...staticAnswers,
};
