import type { QueueEvent } from '../board/ports.js';
import type { Observation } from '../core/observation.js';

/** What the queue system said, as the rules of its window hear it: the event's name is the reason. */
export const queueObservation = ({ window, event, ticket, at }: QueueEvent): Observation => ({
  subject: window,
  kind: 'queue',
  at,
  value: true,
  reason: event,
  ...(ticket === undefined ? {} : { facts: { ticket } }),
});
