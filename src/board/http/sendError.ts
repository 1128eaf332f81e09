import { randomBytes } from 'node:crypto';
import type { Response } from 'express';
import { isMessageKey, type Language, translate } from '../../core/i18n/translate.js';
import type { Logger } from '../../core/log.js';
import type { ErrorBody } from '../api/contract/common.js';
import { API_ERRORS, type ApiError, type ApiErrorCode, toApiError } from './apiError.js';

/** The error as its JSON body, in the reader's language. `id` ties an internal error to its log line. */
export function errorAnswer({ code, facts }: ApiError, language: Language, id: string): ErrorBody {
  const hint = hintOf(code, language, id);
  return {
    error: {
      code,
      message: translate(language, `board.error.${code}`, facts.parameters),
      ...(hint === undefined ? {} : { hint }),
      ...(facts.fields === undefined ? {} : { fields: facts.fields }),
    },
  };
}

function hintOf(code: ApiErrorCode, language: Language, id: string): string | undefined {
  const key = `board.hint.${code}`;
  return isMessageKey(key) ? translate(language, key, { id }) : undefined;
}

/** Answers with an error. Where the answer has begun already, only the connection can say so. */
export function sendError(response: Response, thrown: unknown, { language, log }: { language: Language; log: Logger }) {
  const error = toApiError(thrown);
  const id = randomBytes(4).toString('hex');
  if (error.code === 'internal') log.error({ err: thrown, id }, 'request failed');
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error.facts.retryAfterS !== undefined) response.setHeader('Retry-After', String(error.facts.retryAfterS));
  response.status(API_ERRORS[error.code]).json(errorAnswer(error, language, id));
}
