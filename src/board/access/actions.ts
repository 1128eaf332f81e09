/** The six roles of a hall. A user has exactly one: duties are separated by giving a person two accounts. */
export const ROLES = ['hall-supervisor', 'bid-supervisor', 'manager', 'staff', 'admin', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

/** Everything that can be done through the board. The policy table has one line for each. */
export const ACTIONS = [
  'public.read',
  'session.use',
  'session.own',
  'live.read',
  'floorplan.write',
  'incident.list',
  'incident.read',
  'incident.media',
  'incident.acknowledge',
  'incident.verdict',
  'incident.assign',
  'incident.answer',
  'incident.review',
  'incident.close',
  'incident.reopen',
  'incident.correct',
  'incident.comment',
  'incident.appeal',
  'incident.appeal-decide',
  'incident.bulk',
  'suppression.read',
  'suppression.decide',
  'camera.read',
  'camera.picture',
  'camera.look',
  'camera.write',
  'zone.read',
  'zone.write',
  'rule.read',
  'rule.write',
  'rule.backtest',
  'duty.read',
  'duty.write',
  'calendar.write',
  'room.list',
  'room.read',
  'speech.read',
  'mine.read',
  'user.read',
  'user.write',
  'people.list',
  'role.read',
  'audit.read',
  'views.read',
  'system.read',
  'token.read',
  'token.write',
] as const;
export type Action = (typeof ACTIONS)[number];

/** What a token for another system may be allowed; each stands for the actions in the policy table. */
export const TOKEN_SCOPES = ['live:read', 'incidents:read', 'cameras:read', 'duty:write', 'system:read'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];
