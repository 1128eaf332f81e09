import type { z } from 'zod';
import { attendanceRoutes } from './contract/attendance.js';
import { cameraRoutes } from './contract/cameras.js';
import { courtesyRoutes } from './contract/courtesy.js';
import { deskRoutes } from './contract/desks.js';
import { dutyRoutes } from './contract/duty.js';
import { evaluationRoutes } from './contract/evaluations.js';
import { evidenceRoutes } from './contract/evidence.js';
import { incidentRoutes } from './contract/incidents.js';
import { liveRoutes } from './contract/live.js';
import { loopRoutes } from './contract/loop.js';
import { patrolRoutes } from './contract/patrols.js';
import { reportRoutes } from './contract/reports.js';
import { roomAreaRoutes } from './contract/roomAreas.js';
import { roomRoutes } from './contract/rooms.js';
import type { RouteSpec } from './contract/route.js';
import { ruleRoutes } from './contract/rules.js';
import { seatRoutes } from './contract/seats.js';
import { sessionRoutes } from './contract/session.js';
import { systemRoutes } from './contract/system.js';
import { wordRoutes } from './contract/words.js';

/** Every route of the API, by operation name. The front end imports types from here, the server binds handlers to it. */
export const routes = {
  ...sessionRoutes,
  ...liveRoutes,
  ...incidentRoutes,
  ...loopRoutes,
  ...cameraRoutes,
  ...ruleRoutes,
  ...dutyRoutes,
  ...reportRoutes,
  ...roomRoutes,
  ...deskRoutes,
  ...wordRoutes,
  ...courtesyRoutes,
  ...evaluationRoutes,
  ...attendanceRoutes,
  ...patrolRoutes,
  ...seatRoutes,
  ...roomAreaRoutes,
  ...evidenceRoutes,
  ...systemRoutes,
} as const satisfies Record<string, RouteSpec>;

export type Routes = typeof routes;
export type RouteName = keyof Routes;

type PartOf<R extends RouteName, P extends 'params' | 'query' | 'body'> =
  Routes[R] extends Record<P, infer S> ? S : undefined;
type Output<S> = S extends z.ZodType ? z.output<S> : undefined;
type Input<S> = S extends z.ZodType ? z.input<S> : undefined;

/** As a handler receives them: parsed, defaults filled in. */
export type ParamsOf<R extends RouteName> = Output<PartOf<R, 'params'>>;
export type QueryOf<R extends RouteName> = Output<PartOf<R, 'query'>>;
export type BodyOf<R extends RouteName> = Output<PartOf<R, 'body'>>;

/** As a client sends them: what has a default may be left out. */
export type ParamsIn<R extends RouteName> = Input<PartOf<R, 'params'>>;
export type QueryIn<R extends RouteName> = Input<PartOf<R, 'query'>>;
export type BodyIn<R extends RouteName> = Input<PartOf<R, 'body'>>;

/** The JSON answer; undefined for routes that answer with bytes. */
export type AnswerOf<R extends RouteName> = Routes[R]['response'] extends z.ZodType
  ? z.output<Routes[R]['response']>
  : undefined;
