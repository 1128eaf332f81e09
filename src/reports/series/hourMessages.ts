import type { MeasurementMessage } from '../../alerts/outbox/messages.js';
import type { RoomId, WindowId } from '../../core/ids.js';
import { deskHours } from './deskHours.js';
import type { HourOptions } from './hours.js';
import { serviceHours } from './serviceHours.js';
import { speechHours } from './speechHours.js';

/**
 * Everything that is written of a window by the hour. From the ledger alone: asked again, now or when the time series is
 * rebuilt, it gives the same points, and those of an hour to which something was added replace what they said.
 */
export const windowHours = (window: WindowId, options: HourOptions): MeasurementMessage[] => [
  ...serviceHours(window, options),
  ...deskHours(window, options),
];

/** Everything that is written of a room by the hour. */
export const roomHours = (room: RoomId, options: HourOptions): MeasurementMessage[] => speechHours(room, options);
