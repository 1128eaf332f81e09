import type { AnswerOf } from '../../../src/board/api/contract.js';

/** Names for the shapes of the contract that pages pass around. */
export type SessionState = AnswerOf<'getSession'>;
export type LiveState = AnswerOf<'getLive'>;
export type WindowRow = LiveState['windows'][number];
export type RoomRow = LiveState['rooms'][number];
export type CameraState = LiveState['cameras'][number];
export type Incident = LiveState['open'][number];
export type SeqStep = AnswerOf<'listAlertSteps'>['items'][number];
export type IncidentDetail = AnswerOf<'getIncident'>;
export type CameraRow = AnswerOf<'listCameras'>['items'][number];
export type ZoneSet = AnswerOf<'getZones'>;
export type Leave = AnswerOf<'listLeaves'>['items'][number];
export type RuleCard = AnswerOf<'listRules'>['items'][number];
export type UserRow = AnswerOf<'listUsers'>['items'][number];
export type Person = AnswerOf<'listPeople'>['items'][number];
