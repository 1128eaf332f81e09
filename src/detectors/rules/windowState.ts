import type { WindowState } from '../../core/live.js';
import type { EventMs } from '../../core/time.js';
import type { AbsenceState } from './absenceState.js';

/** What the live board shows of a window: its state and since when. Undefined before the first observation. */
export const windowStateOf = (state: AbsenceState): { state: WindowState; since: EventMs } | undefined =>
  state.shown ?? undefined;

/** Writes the shown state into a draft, with the instant it began. A stretch within the grace changes nothing shown. */
export function show(draft: AbsenceState): void {
  if (draft.at === null) return;
  const before = draft.shown;
  const state = stateNow(draft, before?.state);
  if (before?.state === state) return;
  const began = state === 'away' || state === 'absent' ? draft.episode?.start : undefined;
  draft.shown = { state, since: began ?? draft.at };
}

function stateNow(draft: AbsenceState, before: WindowState | undefined): WindowState {
  if (draft.expected === false) return 'exempt';
  if (draft.expected === 'unknown' || draft.staff.value === 'unknown') return 'unknown';
  const phase = draft.episode?.phase;
  if (phase === 'open') return 'absent';
  if (phase === 'away') return 'away';
  if (draft.staff.value) return 'present';
  return phase === 'grace' && before === 'present' ? 'present' : 'away';
}
