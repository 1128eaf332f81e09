import { Router } from 'express';

export interface ProbeDeps {
  /** Throws where the ledger or the configuration cannot be read. */
  ready: () => void;
}

/** `/livez`: the process answers. `/readyz`: the ledger and the configuration are there; cameras are no part of it. */
export function probes({ ready }: ProbeDeps): Router {
  const router = Router();
  router.get('/livez', (_request, response) => void response.type('text/plain').send('ok\n'));
  router.get('/readyz', (_request, response) => {
    try {
      ready();
      response.type('text/plain').send('ok\n');
    } catch {
      // What is wrong is in the log; a probe may be read by strangers.
      response.status(503).type('text/plain').send('not ready\n');
    }
  });
  return router;
}
