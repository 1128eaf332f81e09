/** A call that was refused or never answered. `message` is fit to show: it is in the reader's language. */
export class ApiError extends Error {
  readonly code: string;
  /** HTTP status; 0 where no answer came. */
  readonly status: number;
  readonly hint: string | undefined;
  readonly fields: ReadonlyArray<{ path: string; message: string }>;

  constructor(
    code: string,
    status: number,
    message: string,
    facts: {
      cause?: unknown;
      hint?: string | undefined;
      fields?: Array<{ path: string; message: string }> | undefined;
    } = {},
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.hint = facts.hint;
    this.fields = facts.fields ?? [];
  }
}

/** Everything worth showing of anything that was thrown, as one text. */
export function errorText(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  const fields = error.fields.map((field) => `${field.path}: ${field.message}`).join('；');
  return [error.message, fields, error.hint].filter(Boolean).join(' · ');
}
