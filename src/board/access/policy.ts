import type { Action, Role, TokenScope } from './actions.js';
import type { AccessObject, IncidentObject } from './objects.js';

/** `yes-with-reason`: only after the reason was written to the viewing register. */
export type Grant = 'yes' | 'yes-with-reason' | 'no';

/** A condition on the object, for a user id. Pure. */
export type Condition = (object: AccessObject, user: string) => Grant;

const yes: Condition = () => 'yes';
const when =
  (test: (incident: IncidentObject, user: string) => boolean, grant: Grant = 'yes'): Condition =>
  (object, user) =>
    object.kind === 'none' || (object.kind === 'incident' && test(object, user)) ? grant : 'no';

const aboutWindow = (incident: IncidentObject): boolean =>
  incident.subjectKind !== 'room' && incident.rule !== 'speech';
const notSpeech = (incident: IncidentObject): boolean => incident.rule !== 'speech';
const aboutMe = (incident: IncidentObject, user: string): boolean =>
  incident.about.includes(user) && incident.rule !== 'speech';
const mine = (incident: IncidentObject, user: string): boolean => aboutMe(incident, user) || incident.assignee === user;

/** Handler is not the subject: nobody judges what is said of themselves. */
const judging =
  (reach: (incident: IncidentObject) => boolean) =>
  (incident: IncidentObject, user: string): boolean =>
    reach(incident) && !incident.about.includes(user);
/** The reviewer of an appeal is not the one who judged before. */
const deciding =
  (reach: (incident: IncidentObject) => boolean) =>
  (incident: IncidentObject, user: string): boolean =>
    judging(reach)(incident, user) && !incident.judges.includes(user);

const windowCamera: Condition = (object) =>
  object.kind === 'none' || (object.kind === 'camera' && !object.seesRoom) ? 'yes' : 'no';
const roomCamera: Condition = (object) =>
  object.kind === 'none' || (object.kind === 'camera' && object.seesRoom) ? 'yes' : 'no';
/** Room pictures ask even those who may see them for a line in the register. */
const reasonForRooms =
  (test: (incident: IncidentObject, user: string) => boolean): Condition =>
  (object, user) =>
    object.kind === 'none'
      ? 'yes'
      : object.kind === 'incident' && test(object, user)
        ? aboutWindow(object)
          ? 'yes'
          : 'yes-with-reason'
        : 'no';

const any = (): boolean => true;
const everyone = { 'hall-supervisor': yes, 'bid-supervisor': yes, manager: yes, staff: yes, admin: yes, auditor: yes };
const supervise = { 'hall-supervisor': when(judging(aboutWindow)), 'bid-supervisor': when(judging(any)) };

/**
 * Who may do what to which object. A role that is not listed may not. Separated duties: administrators run the system and
 * judge nobody; auditors read and change nothing; sensitive words and their hits are for bid supervisors alone.
 */
export const POLICY: Record<Action, Partial<Record<Role, Condition>>> = {
  'public.read': everyone,
  'session.use': everyone,
  'session.own': everyone,
  'live.read': { 'hall-supervisor': yes, 'bid-supervisor': yes, manager: yes, admin: yes },
  'floorplan.write': { admin: yes },
  'incident.list': everyone,
  'incident.read': {
    'hall-supervisor': when(aboutWindow),
    'bid-supervisor': when(any),
    manager: when(notSpeech),
    staff: when(mine),
    admin: when(aboutWindow),
    auditor: when(notSpeech),
  },
  'incident.media': {
    'hall-supervisor': when(aboutWindow),
    'bid-supervisor': reasonForRooms(any),
    manager: when(notSpeech, 'yes-with-reason'),
    staff: when(mine),
    admin: when(aboutWindow, 'yes-with-reason'),
    auditor: when(notSpeech, 'yes-with-reason'),
  },
  'incident.export': { 'hall-supervisor': when(aboutWindow), 'bid-supervisor': when(any), manager: when(notSpeech) },
  'incident.acknowledge': { ...supervise, admin: when(judging(aboutWindow)) },
  'incident.verdict': supervise,
  'incident.assign': supervise,
  'incident.answer': {
    ...supervise,
    staff: when((incident, user) => incident.assignee === user && !incident.about.includes(user)),
  },
  'incident.review': supervise,
  'incident.close': supervise,
  'incident.reopen': { ...supervise, manager: when(judging(notSpeech)) },
  'incident.correct': { manager: when(judging(notSpeech)), 'bid-supervisor': when(judging(any)) },
  'incident.comment': {
    'hall-supervisor': when(aboutWindow),
    'bid-supervisor': when(any),
    manager: when(notSpeech),
    staff: when(mine),
  },
  'incident.appeal': { staff: when(aboutMe) },
  'incident.appeal-decide': {
    'hall-supervisor': when(deciding(aboutWindow)),
    'bid-supervisor': when(deciding(any)),
    manager: when(deciding(notSpeech)),
  },
  'incident.bulk': { 'hall-supervisor': yes, 'bid-supervisor': yes },
  'suppression.read': { 'hall-supervisor': yes, 'bid-supervisor': yes, manager: yes, auditor: yes },
  'suppression.decide': { 'hall-supervisor': when(aboutWindow), 'bid-supervisor': when(any) },
  'camera.read': { 'hall-supervisor': yes, 'bid-supervisor': yes, manager: yes, admin: yes },
  'camera.picture': { 'hall-supervisor': windowCamera, 'bid-supervisor': roomCamera, admin: yes },
  'camera.look': { 'hall-supervisor': windowCamera, 'bid-supervisor': roomCamera, admin: yes },
  'camera.write': { admin: yes },
  'zone.read': { 'hall-supervisor': yes, 'bid-supervisor': yes, admin: yes },
  'zone.write': { admin: yes },
  'rule.read': { 'hall-supervisor': yes, 'bid-supervisor': yes, manager: yes, admin: yes, auditor: yes },
  'rule.write': { manager: yes },
  'rule.backtest': { 'hall-supervisor': yes, manager: yes },
  'duty.read': { 'hall-supervisor': yes, manager: yes, auditor: yes },
  'duty.write': { 'hall-supervisor': yes },
  'desk.read': { 'hall-supervisor': yes, manager: yes },
  'desk.write': { 'hall-supervisor': yes },
  'service.read': { 'hall-supervisor': yes, manager: yes },
  // Only a queue system with its own token calls tickets.
  'queue.write': {},
  'calendar.write': { 'hall-supervisor': yes, admin: yes },
  'room.list': { 'bid-supervisor': yes, manager: yes, admin: yes },
  'room.read': { 'bid-supervisor': yes },
  'speech.read': { 'bid-supervisor': yes },
  'speech.write': { 'bid-supervisor': yes },
  'courtesy.read': { 'hall-supervisor': yes, manager: yes },
  'evaluation.read': { 'bid-supervisor': yes, admin: yes },
  'evaluation.write': { 'bid-supervisor': yes, admin: yes },
  'evaluation.export': { 'bid-supervisor': yes },
  'evidence.read': { 'hall-supervisor': yes, 'bid-supervisor': yes, manager: yes, admin: yes, auditor: yes },
  'evidence.hold': { 'hall-supervisor': yes, 'bid-supervisor': yes, manager: yes },
  'attendance.read': { 'hall-supervisor': yes, manager: yes, admin: yes },
  'attendance.write': { 'hall-supervisor': yes, admin: yes },
  'patrol.read': { 'hall-supervisor': yes, 'bid-supervisor': yes, manager: yes, admin: yes },
  'patrol.run': { 'hall-supervisor': yes, 'bid-supervisor': yes, admin: yes },
  'patrol.write': { admin: yes },
  'mine.read': { staff: yes },
  'report.read': { 'hall-supervisor': yes, 'bid-supervisor': yes, manager: yes, auditor: yes },
  'report.freeze': { manager: yes },
  'user.read': { admin: yes, auditor: yes },
  'user.write': { admin: yes },
  'people.list': { 'hall-supervisor': yes, 'bid-supervisor': yes, manager: yes },
  'role.read': { admin: yes, auditor: yes },
  'audit.read': { auditor: yes },
  'views.read': { auditor: yes },
  'system.read': { admin: yes, auditor: yes, manager: yes },
  'token.read': { admin: yes, auditor: yes },
  'token.write': { admin: yes },
};

/** What nobody needs to be signed in for. */
export const ANONYMOUS_ACTIONS: readonly Action[] = ['public.read'];

/** What a token's scope stands for. Evidence and speech are for people only. */
export const SCOPE_POLICY: Record<TokenScope, Partial<Record<Action, Condition>>> = {
  'live:read': { 'live.read': yes },
  'incidents:read': { 'incident.list': yes, 'incident.read': when(notSpeech) },
  'cameras:read': { 'camera.read': yes },
  'duty:write': { 'duty.read': yes, 'duty.write': yes },
  'queue:write': { 'queue.write': yes },
  'evaluations:write': { 'evaluation.read': yes, 'evaluation.write': yes },
  'system:read': { 'system.read': yes },
};
