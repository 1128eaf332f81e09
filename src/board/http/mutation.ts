import { timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { ApiError } from './apiError.js';
import type { Caller } from './call.js';
import { isOwnOrigin } from './origin.js';
import { isRequestId, type ReplayGuard } from './replay.js';

export interface MutationDeps {
  replay: ReplayGuard;
  publicUrl: string | undefined;
}

/**
 * What every mutating call of a browser must prove: it comes from our own page (Origin), that page could read its own
 * session (CSRF text), and it was not sent before (request id). Calls with a token carry no ambient authority, so only the
 * request id counts, where they send one.
 * @throws ApiError csrf, replayed, bad-input
 */
export function checkMutation(request: Request, caller: Caller, { replay, publicUrl }: MutationDeps): void {
  const requestId = request.get('x-hallwatch-request');
  if (caller.principal.kind === 'token') {
    if (requestId === undefined) return;
  } else {
    if (!isOwnOrigin(request.headers, publicUrl)) throw new ApiError('csrf');
    if (caller.session && !sameText(request.get('x-hallwatch-csrf') ?? '', caller.session.csrf))
      throw new ApiError('csrf');
  }
  if (!isRequestId(requestId)) {
    throw new ApiError('bad-input', { fields: [{ path: 'X-Hallwatch-Request', message: '16-64 [A-Za-z0-9_-]' }] });
  }
  const owner = caller.session?.id ?? (caller.principal.kind === 'token' ? caller.principal.id : caller.address);
  if (!replay.first(owner, requestId)) throw new ApiError('replayed');
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
