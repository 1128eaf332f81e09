import express, { type ErrorRequestHandler, type Express } from 'express';
import { openApiDocument } from '../api/openapi.js';
import type { BoardParts } from '../boardParts.js';
import type { BoardDeps } from '../createBoard.js';
import { ApiError } from './apiError.js';
import { bindRoutes } from './bind.js';
import { callerOf } from './caller.js';
import { languageOf } from './language.js';
import { probes } from './probes.js';
import { securityHeaders } from './securityHeaders.js';
import { sendError } from './sendError.js';
import { staticFiles } from './staticFiles.js';

/** The Express application: headers, probes, API, front end, errors, in this order. */
export function boardApp(parts: BoardParts, { webFolder, log, publicUrl }: BoardDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.set('etag', false);
  // Only a proxy on this machine may say who the client is, and only where one was announced.
  app.set('trust proxy', publicUrl === undefined ? false : 'loopback');
  app.use((_request, response, next) => {
    response.once('finish', () => parts.requests.count(response.statusCode));
    next();
  });
  app.use(securityHeaders(parts.secure));
  app.use(
    probes({
      ready() {
        parts.ledger.lastSeq();
        parts.hall();
      },
    }),
  );
  app.use(bindRoutes(parts.handlers, parts.binding));
  const description = openApiDocument();
  app.get('/api/openapi.json', (_request, response) => void response.json(description));
  app.use('/api', (request) => {
    throw callerOf(request, parts.binding).principal.kind === 'anonymous'
      ? new ApiError('signed-out')
      : new ApiError('not-found');
  });
  if (webFolder !== undefined) app.use(staticFiles(webFolder));
  app.use(() => {
    throw new ApiError('not-found');
  });
  const answerError: ErrorRequestHandler = (error, request, response, _next) => {
    const language = languageOf(request.headers['accept-language']) ?? parts.hall().config.language;
    sendError(response, error, { language, log });
  };
  app.use(answerError);
  return app;
}
