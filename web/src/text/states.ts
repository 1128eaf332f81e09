import type { WindowState } from '../../../src/core/live.js';
import type { Priority } from '../../../src/core/rule.js';
import type { TextKey } from '../locales/all.js';

/** How a state is drawn: `urgent` is an absence with a citizen waiting. */
export type Look = 'present' | 'away' | 'absent' | 'urgent' | 'unknown' | 'exempt';

/** Most pressing first: the order of counters, filters and of the wall. */
export const LOOKS: readonly Look[] = ['urgent', 'absent', 'unknown', 'away', 'present', 'exempt'];

/** What a window looks like; anything the board does not know is unknown, never fine. */
export function lookOf(state: WindowState | undefined, priority?: Priority): Look {
  switch (state) {
    case 'present':
    case 'away':
    case 'exempt':
      return state;
    case 'absent':
      return priority === 'high' ? 'urgent' : 'absent';
    default:
      return 'unknown';
  }
}

export const lookText: Record<Look, TextKey> = {
  present: 'board.present',
  away: 'board.away',
  absent: 'board.absent',
  urgent: 'board.urgent',
  unknown: 'board.unknown',
  exempt: 'board.exempt',
};
