import { AppError, type ErrorCode } from '../../core/errors.js';
import type { MessageParameters } from '../../core/i18n/translate.js';

/** Every error code a client may see, with its HTTP status. */
export const API_ERRORS = {
  'bad-input': 400,
  'signed-out': 401,
  'wrong-credentials': 401,
  locked: 401,
  'totp-required': 401,
  'totp-wrong': 401,
  forbidden: 403,
  csrf: 403,
  'password-change-required': 403,
  'reason-required': 403,
  'not-found': 404,
  conflict: 409,
  replayed: 409,
  'not-allowed-now': 409,
  'no-config-file': 409,
  'too-large': 413,
  'too-many': 429,
  'camera-unreachable': 502,
  'camera-auth': 502,
  unavailable: 503,
  'disk-full': 507,
  internal: 500,
} as const;
export type ApiErrorCode = keyof typeof API_ERRORS;

export interface FieldProblem {
  path: string;
  message: string;
}

export interface ApiErrorFacts {
  /** Fill in `{name}` in the message. */
  parameters?: MessageParameters;
  fields?: FieldProblem[];
  /** Seconds to wait, sent as Retry-After. */
  retryAfterS?: number;
  cause?: unknown;
}

/** An error meant for a client: a stable code; its sentence is made when the language is known. */
export class ApiError extends Error {
  readonly code: ApiErrorCode;
  readonly facts: ApiErrorFacts;

  constructor(code: ApiErrorCode, facts: ApiErrorFacts = {}) {
    super(code, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'ApiError';
    this.code = code;
    this.facts = facts;
  }
}

const FROM_APP: Partial<Record<ErrorCode, ApiErrorCode>> = {
  usage: 'bad-input',
  config: 'bad-input',
  'bad-input': 'bad-input',
  'not-found': 'not-found',
  unsupported: 'unavailable',
  conflict: 'conflict',
  forbidden: 'forbidden',
  'disk-full': 'disk-full',
  unreachable: 'camera-unreachable',
  timeout: 'camera-unreachable',
  protocol: 'camera-unreachable',
  'auth-failed': 'camera-auth',
};

/** Any thrown value as an error for a client. What is nobody's fault but ours is `internal` and tells no more. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof AppError) {
    const code = FROM_APP[error.code] ?? 'internal';
    const fields = code === 'bad-input' ? [{ path: '', message: error.message }] : undefined;
    return new ApiError(code, { cause: error, ...(fields && { fields }) });
  }
  // body-parser and path-to-regexp mark their refusals with a status.
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  if (status === 413) return new ApiError('too-large', { cause: error });
  if (typeof status === 'number' && status >= 400 && status < 500) return new ApiError('bad-input', { cause: error });
  return new ApiError('internal', { cause: error });
}
