import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type Router } from 'express';

/**
 * The built front end. Files below `assets/` carry a hash in their name and never change; everything else is asked for
 * anew. An address without a file belongs to the page's own router. `send` refuses paths that lead out of the folder.
 */
export function staticFiles(folder: string): Router {
  const router = express.Router();
  router.use(
    '/assets',
    express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y', index: false, redirect: false }),
    // A missing asset must not turn into the page: the browser would run HTML as a script.
    (_request, response) => void response.status(404).end(),
  );
  router.use(express.static(folder, { index: false, redirect: false, maxAge: 0 }));
  router.get(/.*/, (request, response, next) => {
    const index = join(folder, 'index.html');
    if (!request.accepts('html') || !existsSync(index)) return next();
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile(index);
  });
  return router;
}
