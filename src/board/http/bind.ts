import { type Request, type Response, Router } from 'express';
import type { Action } from '../access/actions.js';
import { authorize, type Decision } from '../access/authorize.js';
import type { AccessObject } from '../access/objects.js';
import { NO_OBJECT } from '../access/objects.js';
import { isRaw, type RouteSpec } from '../api/contract/route.js';
import { type RouteName, routes } from '../api/contract.js';
import { ApiError, toApiError } from './apiError.js';
import type { AuditedAct, Outcome } from './auditTrail.js';
import { parseWith, readBody } from './body.js';
import type { Call, Caller, Handler, Handlers } from './call.js';
import { type CallerDeps, callerOf } from './caller.js';
import { checkMutation, type MutationDeps } from './mutation.js';
import type { RateLimit } from './rateLimit.js';
import { sendError } from './sendError.js';

export interface BindDeps extends CallerDeps, MutationDeps {
  /** Calls a minute of one session, token or address. */
  limit: RateLimit;
  audit: (act: AuditedAct) => void;
  /** Checks answers against the contract: in tests, where a drift must fail. */
  checkAnswers: boolean;
}

/** The router of the whole API: each route of the contract with its handler. */
export function bindRoutes(handlers: Handlers, deps: BindDeps): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const name of Object.keys(routes) as RouteName[]) {
    const spec: RouteSpec = routes[name];
    const handler = handlers[name] as unknown as Handler<RouteName>;
    router[spec.method](spec.path, (request, response) => answer({ name, spec, handler, request, response }, deps));
  }
  return router;
}

interface Incoming {
  name: RouteName;
  spec: RouteSpec;
  handler: Handler<RouteName>;
  request: Request;
  response: Response;
}

async function answer(incoming: Incoming, deps: BindDeps): Promise<void> {
  const { name, spec, response, request } = incoming;
  const caller = callerOf(request, deps);
  const written: { object: string; body?: unknown } = { object: objectText(request) };
  const note = (outcome: Outcome, code?: string): void => {
    if (spec.method === 'get') return;
    deps.audit({ caller, action: name, ...written, outcome, ...(code === undefined ? {} : { code }) });
  };
  try {
    const call = await admit(incoming, caller, deps);
    written.body = call.body;
    await respond(incoming, call, deps.checkAnswers);
    // A sign-in is written down by its handler, which knows whose it was.
    if (name !== 'signIn') note('done');
  } catch (thrown) {
    const error = toApiError(thrown);
    const refused = error.code === 'forbidden' || error.code === 'csrf';
    // Strangers must not be able to fill the log.
    if (caller.principal.kind !== 'anonymous') note(refused ? 'refused' : 'failed', error.code);
    sendError(response, error.code === 'internal' ? thrown : error, { language: caller.language, log: deps.log });
  }
}

/** Everything between the wire and the handler, cheapest first. */
async function admit(incoming: Incoming, caller: Caller, deps: BindDeps): Promise<Call<RouteName>> {
  const { spec, handler, request, response } = incoming;
  const waitS = deps.limit(
    caller.session?.id ?? (caller.principal.kind === 'token' ? caller.principal.id : caller.address),
  );
  if (waitS > 0) throw new ApiError('too-many', { retryAfterS: waitS });
  permit(authorize(caller.principal, spec.action, NO_OBJECT));
  if (caller.session?.user.mustChangePassword && !ALWAYS_OPEN.includes(spec.action)) {
    throw new ApiError('password-change-required');
  }
  if (spec.method !== 'get') checkMutation(request, caller, deps);
  const params = parseWith(spec.params, { ...request.params }) as never;
  const query = parseWith(spec.query, { ...request.query }) as never;
  const body = (spec.body ? parseWith(spec.body, await readBody(request, response)) : undefined) as never;
  const object: AccessObject = handler.object?.(params) ?? NO_OBJECT;
  const decision = permit(authorize(caller.principal, spec.action, object));
  const signal = goneSignal(response);
  return { ...caller, params, query, body, object, needsReason: decision.needsReason, signal, request, response };
}

/** What a user with a one-time password may still do: see who they are, change it, leave. */
const ALWAYS_OPEN: readonly Action[] = ['public.read', 'session.use'];

function permit(decision: Decision): Extract<Decision, { allowed: true }> {
  if (decision.allowed) return decision;
  throw new ApiError(decision.why === 'signed-out' ? 'signed-out' : 'forbidden');
}

async function respond({ spec, handler, response }: Incoming, call: Call<RouteName>, check: boolean): Promise<void> {
  const result: unknown = await (handler.handle as (call: Call<RouteName>) => unknown)(call);
  if (isRaw(spec.response)) return;
  if (check) spec.response.parse(result);
  response.setHeader('Cache-Control', 'no-store');
  response.json(result);
}

function goneSignal(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
}

/** The path as sent, bounded: what the audit log names as the object. */
const objectText = (request: Request): string => request.path.replace(/^\/api\//, '').slice(0, 200);
