import { alertMessages } from './messages/alert.js';
import { boardMessages } from './messages/board.js';
import { calendarMessages } from './messages/calendar.js';
import { channelMessages } from './messages/channels.js';
import { evaluationMessages } from './messages/evaluation.js';
import { evidenceMessages } from './messages/evidence.js';
import { facesMessages } from './messages/faces.js';
import { healthMessages } from './messages/health.js';
import { reportMessages } from './messages/report.js';
import { sealedMessages } from './messages/sealed.js';
import { workflowMessages } from './messages/workflow.js';

/** Every text a person may read from the server side. The board's own texts live in `web/src/locales`. */
export const messages = {
  ...alertMessages,
  ...boardMessages,
  ...calendarMessages,
  ...channelMessages,
  ...evaluationMessages,
  ...evidenceMessages,
  ...facesMessages,
  ...healthMessages,
  ...reportMessages,
  ...sealedMessages,
  ...workflowMessages,
} as const;
