import { alertMessages } from './messages/alert.js';
import { boardMessages } from './messages/board.js';
import { calendarMessages } from './messages/calendar.js';
import { facesMessages } from './messages/faces.js';
import { healthMessages } from './messages/health.js';
import { workflowMessages } from './messages/workflow.js';

/** Every text a person may read from the server side. The board's own texts live in `web/src/locales`. */
export const messages = {
  ...alertMessages,
  ...boardMessages,
  ...calendarMessages,
  ...facesMessages,
  ...healthMessages,
  ...workflowMessages,
} as const;
