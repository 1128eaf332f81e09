/** Every way Hallwatch can fail, as a closed list, so that callers can switch on it. */
export type ErrorCode =
  | 'usage'
  | 'config'
  | 'not-found'
  | 'bad-input'
  | 'unsupported'
  | 'auth-failed'
  | 'unreachable'
  | 'timeout'
  | 'protocol'
  | 'process'
  | 'model'
  | 'storage'
  | 'disk-full'
  | 'conflict'
  | 'forbidden'
  | 'cancelled'
  | 'internal';

export interface ErrorFacts {
  /** The lower error this one explains. */
  cause?: unknown;
  /** True where the same call may succeed later without anybody changing anything. */
  retryable?: boolean;
  /** What the reader can do about it, in one sentence. */
  hint?: string;
}

/**
 * The one error class of the product. The message reads "what failed: on what: why"; `hint` says what to do.
 * The thrower decides `retryable`, `core/retry.ts` is the only place that loops.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'AppError';
    this.code = code;
    this.retryable = facts.retryable ?? false;
    this.hint = facts.hint;
  }
}

/** The message of anything that was thrown, without its stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Node's errno code (`ENOSPC`, `EACCES`, ...) where the thrown value carries one. */
export function errnoOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** For the `default` of a switch over a closed union: a compile error when a case is missing. */
export function unreachable(value: never, what: string): never {
  throw new AppError('internal', `${what}: unexpected value ${JSON.stringify(value)}`);
}
