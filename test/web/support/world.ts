import type { Role } from '../../../src/board/access/actions.js';
import { ACTIONS } from '../../../src/board/access/actions.js';
import type { AnswerOf } from '../../../src/board/api/contract.js';
import { detailOf } from './detail.js';
import { type Detail, hallAt, historyOf, type Incident } from './hall.js';

/** An answer that refuses. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The state behind the fixture server: a hall, its history, who is signed in, what was registered. */
export interface World {
  live: AnswerOf<'getLive'>;
  incidents: Incident[];
  steps: Map<string, Detail['workflow']['steps']>;
  ledger: AnswerOf<'listAlertSteps'>['items'];
  leaves: AnswerOf<'listLeaves'>['items'];
  zones: AnswerOf<'listZones'>['items'];
  user: NonNullable<AnswerOf<'getSession'>['user']> | null;
  role: Role;
  mustChangePassword: boolean;
  kind: 'rtsp' | 'sim';
  plan: AnswerOf<'getFloorplan'>;
  /** Bodies of the changes that came, newest last. */
  received: Array<{ route: string; body: unknown }>;
}

export function worldAt(at: number, { history = 60 } = {}): World {
  const live = hallAt(at);
  return {
    live,
    incidents: [...live.open, ...historyOf(live, history)],
    steps: new Map(),
    ledger: [],
    leaves: [],
    zones: zonesOf(),
    user: null,
    role: 'hall-supervisor',
    mustChangePassword: false,
    kind: 'rtsp',
    plan: { areas: [] },
    received: [],
  };
}

function zonesOf(): World['zones'] {
  return ['A01', 'A02', 'A03', 'A04'].map((subject, i) => ({
    subject,
    name: `${subject} 综合窗口`,
    kind: 'window' as const,
    cameras: ['cam-a1'],
    zones: {
      staffZone:
        i === 2
          ? [
              [0.2, 0.3],
              [0.4, 0.3],
              [0.4, 0.8],
              [0.2, 0.8],
            ]
          : [],
      citizenZone:
        i === 2
          ? [
              [0.5, 0.4],
              [0.72, 0.4],
              [0.72, 0.9],
              [0.5, 0.9],
            ]
          : [],
      deskZone: [],
    } as Record<string, [number, number][]>,
    etag: 'e1',
  }));
}

export const session = (world: World): AnswerOf<'getSession'> => ({
  site: { id: 'haishu', name: '海曙区政务服务中心', timeZone: 'Asia/Shanghai' },
  language: 'zh-CN',
  version: '0.1.0',
  user: world.user,
  csrf: world.user ? 'csrf-word' : null,
  firstRun: false,
  secure: false,
});

export const me = (world: World): NonNullable<World['user']> => ({
  id: 'u1',
  name: 'duban',
  displayName: '王督导',
  role: world.role,
  unit: '督查科',
  language: null,
  mustChangePassword: world.mustChangePassword,
  totp: false,
  actions: ACTIONS.filter((action) => !FORBIDDEN[world.role]?.some((prefix) => action.startsWith(prefix))),
});

/** What a role may not do, as far as these tests look. The policy itself is the server's and tested there. */
const FORBIDDEN: Partial<Record<Role, string[]>> = {
  'hall-supervisor': [
    'zone.write',
    'camera.write',
    'user',
    'audit',
    'token',
    'system',
    'role',
    'views',
    'room',
    'speech',
    'mine',
    'floorplan',
    'rule.write',
  ],
  staff: [
    'live',
    'camera',
    'zone',
    'rule',
    'duty',
    'room',
    'speech',
    'system',
    'user',
    'audit',
    'token',
    'role',
    'views',
    'incident.bulk',
    'floorplan',
    'suppression',
    'evaluation',
    'patrol',
    'evidence.read',
    'report',
  ],
  admin: ['mine'],
};

export const find = (world: World, id: string): Incident => {
  const incident = world.incidents.find((one) => one.id === id);
  if (!incident) throw new Refused(404, 'not-found', '没有这条告警');
  return incident;
};
export const whole = (world: World, incident: Incident): Detail =>
  detailOf(incident, world.steps.get(incident.id) ?? [], world.live.at);

/** Moves an incident's loop and keeps the step, as the server does; another count of steps is a conflict. */
export function moveOn(
  world: World,
  {
    id,
    ifSteps,
    action,
    to,
    note = '',
    data = {},
  }: {
    id: string;
    ifSteps: number;
    action: string;
    to: Incident['workflow']['state'];
    note?: string;
    data?: Record<string, unknown>;
  },
): Detail {
  const incident = find(world, id);
  if (incident.workflow.steps !== ifSteps) throw new Refused(409, 'conflict', '其他人刚刚处理过');
  const steps = world.steps.get(id) ?? [];
  const by = { id: 'u1', name: '王督导' };
  const step = {
    ordinal: steps.length + 1,
    action,
    from: incident.workflow.state,
    to,
    at: world.live.at,
    by,
    note,
    data,
    hash: 'h',
  };
  world.steps.set(id, [...steps, step]);
  incident.workflow = { ...incident.workflow, state: to, steps: ifSteps + 1 };
  return whole(world, incident);
}
