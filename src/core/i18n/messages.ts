import { alertMessages } from './messages/alert.js';
import { healthMessages } from './messages/health.js';

/** Every text a person may read from the server side. The board's own texts live in `web/src/locales`. */
export const messages = {
  ...alertMessages,
  ...healthMessages,
} as const;
