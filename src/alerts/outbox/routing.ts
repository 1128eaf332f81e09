import type { AlertStep } from '../../core/incident.js';
import type { NewOutboxRow } from '../ledger/outboxRows.js';
import type { AlertSink, MessageKind } from './alertSink.js';
import type { DeadlineMessage } from './deadlineMessage.js';
import type { NoticeMessage } from './messages.js';
import { alertMessage, type CameraMessage, type MeasurementMessage, type SiteFacts, withoutWords } from './messages.js';

type Route = Pick<AlertSink, 'name' | 'wants' | 'hearsWords'>;

function rowsFor(sinks: readonly Route[], kind: MessageKind, row: Omit<NewOutboxRow, 'sink' | 'kind'>): NewOutboxRow[] {
  return sinks.filter((sink) => sink.wants.includes(kind)).map((sink) => ({ sink: sink.name, kind, ...row }));
}

/**
 * The rows of a step, one for each sink that takes alerts, to be given to `ledger.commitStep`. Keyed by the subject, so
 * that what happens at one window arrives in order.
 */
export function alertRows(sinks: readonly Route[], facts: SiteFacts, step: AlertStep): (seq: number) => NewOutboxRow[] {
  return (seq) =>
    sinks.flatMap((sink) => {
      const message = alertMessage(facts, step, seq);
      const payload = JSON.stringify(sink.hearsWords ? message : withoutWords(message));
      return rowsFor([sink], 'alert', { key: step.subject, payload });
    });
}

/** The rows of a camera's state. A newer one replaces one that still waits, but for a time series, which wants each change. */
export function cameraRows(sinks: readonly Route[], message: CameraMessage): NewOutboxRow[] {
  const payload = JSON.stringify(message);
  const rows = rowsFor(sinks, 'camera', { key: `camera/${message.camera}`, payload });
  const series = new Set(sinks.filter((sink) => sink.wants.includes('measurement')).map((sink) => sink.name));
  return rows.map((row) => ({ ...row, latestOnly: !series.has(row.sink) }));
}

/** The rows of a measured point. */
export function measurementRows(sinks: readonly Route[], message: MeasurementMessage): NewOutboxRow[] {
  return rowsFor(sinks, 'measurement', {
    key: `${message.measurement}/${message.id}`,
    payload: JSON.stringify(message),
  });
}

/** The rows of a passed deadline. The next level replaces one that still waits for the end of quiet hours. */
export const deadlineRows = (sinks: readonly Route[], message: DeadlineMessage): NewOutboxRow[] =>
  rowsFor(sinks, 'deadline', {
    key: `deadline/${message.id}/${message.track}`,
    payload: JSON.stringify(message),
  }).map((row) => ({ ...row, latestOnly: true }));

/** The rows of a notice. */
export const noticeRows = (sinks: readonly Route[], message: NoticeMessage): NewOutboxRow[] =>
  rowsFor(sinks, 'notice', { key: `notice/${message.id}`, payload: JSON.stringify(message) });
