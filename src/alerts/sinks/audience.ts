import { dayOf, instantOf } from '../../core/calendar/localDay.js';
import type { Clock } from '../../core/clock.js';
import type { Delivered, OutboxRow } from '../../core/sink.js';
import { eventMs } from '../../core/time.js';
import type { AlertSink } from '../outbox/alertSink.js';
import type { DeadlineMessage } from '../outbox/deadlineMessage.js';
import type { AlertMessage } from '../outbox/messages.js';
import { readRow } from './payload.js';

/** The roles whose members read a channel. */
export const CHANNEL_ROLES = ['hall-supervisor', 'bid-supervisor', 'manager', 'admin'] as const;
export type ChannelRole = (typeof CHANNEL_ROLES)[number];

export interface Audience {
  /** Who reads the channel; decides which alerts may go there at all. */
  roles: readonly ChannelRole[];
  priorities: readonly AlertMessage['priority'][];
  steps: readonly AlertMessage['step'][];
  /** Whether deadlines of people's handling that have passed are told. */
  deadlines: boolean;
  /** `HH:MM` to `HH:MM` on the hall's clock; in these spans only alerts of high priority go at once, if at all. */
  quietHours: ReadonlyArray<{ from: string; to: string }>;
  /** Whether high priority breaks the quiet. */
  urgentAlways: boolean;
  timeZone: string;
  clock: Clock;
  /** Whether a supervisor has accepted that alerts of this kind and place ring no bell for a while. */
  suppressed(message: Pick<AlertMessage, 'rule' | 'subject' | 'start'>): boolean;
  /** Whether what was late has been done meanwhile: then nobody needs to be told any more. */
  overtaken(message: DeadlineMessage): boolean;
}

/**
 * Which alerts a role may be told of outside the board: windows are the hall supervisors' affair, rooms the bid
 * supervisors', and a sensitive word nobody else's; managers hear of both, but of no word.
 */
export function concerns(role: ChannelRole, message: Pick<AlertMessage, 'rule' | 'subjectType'>): boolean {
  switch (role) {
    case 'hall-supervisor':
      return message.subjectType === 'window' && message.rule !== 'speech';
    case 'bid-supervisor':
      return message.subjectType === 'room' || message.rule === 'speech';
    case 'manager':
      return message.rule !== 'speech';
    case 'admin':
      return false;
  }
}

/**
 * A sink that tells its readers what concerns them and nothing else. What does not concern them counts as delivered;
 * what falls into quiet hours waits in the ledger until they are over.
 */
export function withAudience(sink: AlertSink, audience: Audience): AlertSink {
  return {
    ...sink,
    async deliver(batch, signal) {
      const quiet = isQuiet(audience);
      const lots: Record<Lot, OutboxRow[]> = { tell: [], skip: [], wait: [] };
      for (const row of batch) lots[lotOf(row, { sink, audience, quiet })].push(row);
      const skipped = lots.skip.map((row) => row.id);
      const waiting = lots.wait.map((row) => row.id);
      const told: Delivered =
        lots.tell.length > 0 ? await sink.deliver(lots.tell, signal) : { accepted: [], rejected: [], retry: [] };
      return {
        accepted: [...skipped, ...told.accepted],
        rejected: told.rejected,
        retry: [...told.retry, ...waiting],
      };
    },
  };
}

type Lot = 'tell' | 'skip' | 'wait';

function lotOf(
  row: OutboxRow,
  { sink, audience, quiet }: { sink: AlertSink; audience: Audience; quiet: boolean },
): Lot {
  const read = readRow(row, sink.wants);
  // What nobody can read is the sink's to refuse.
  if ('reason' in read) return 'tell';
  const { payload } = read;
  // A report is for those who answer for the hall.
  if (payload.kind === 'notice') return !audience.roles.includes('manager') ? 'skip' : quiet ? 'wait' : 'tell';
  if (payload.kind !== 'alert' && payload.kind !== 'deadline')
    return !audience.roles.includes('admin') ? 'skip' : quiet ? 'wait' : 'tell';
  const { message } = payload;
  const wanted =
    audience.priorities.includes(message.priority) &&
    !audience.suppressed(message) &&
    (payload.kind === 'alert' ? wantsAlert(payload.message, audience) : wantsDeadline(payload.message, audience));
  if (!wanted) return 'skip';
  return quiet && !(audience.urgentAlways && message.priority === 'high') ? 'wait' : 'tell';
}

const wantsAlert = (message: AlertMessage, { roles, steps }: Audience): boolean =>
  steps.includes(message.step) && roles.some((role) => concerns(role, message));

/** A first deadline is for those who handle the incident; the manager hears where that did not help. */
const wantsDeadline = (message: DeadlineMessage, { roles, deadlines, overtaken }: Audience): boolean =>
  deadlines &&
  roles.some((role) => concerns(role, message) && (role !== 'manager' || message.level > 1)) &&
  !overtaken(message);

/** Whether it is a quiet hour now, by the hall's clock. */
function isQuiet({ quietHours, timeZone, clock }: Audience): boolean {
  const now = eventMs(clock.now());
  const today = dayOf(now, timeZone);
  return quietHours.some(
    ({ from, to }) => instantOf(today, from, timeZone) <= now && now < instantOf(today, to, timeZone),
  );
}
