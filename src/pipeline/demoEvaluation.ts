import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { Config } from '../core/config/schema.js';
import { evaluationId, personId, type RosterPerson } from '../core/evaluation.js';
import { roomId } from '../core/ids.js';
import { type EventMs, plusMs } from '../core/time.js';

const DAY_MS = 86_400_000;

const expert = (id: string, name: string, category: string): RosterPerson => ({
  ...{ id: personId(id), name, category, role: 'expert', batch: '', rooms: [] },
});

/**
 * The simulated hall has an evaluation open in its rooms, with two experts and no photos, so that whoever tries the product
 * sees a head count against a roster. Made once: who closes it has closed it.
 */
export function demoEvaluation(ledger: Pick<Ledger, 'evaluations'>, { rooms }: Config, now: EventMs): void {
  if (rooms.length === 0 || ledger.evaluations.list({ limit: 1 }).length > 0) return;
  // The simulated hall begins in the past: the evaluation is open as far back.
  const openedAt = plusMs(now, -2 * DAY_MS);
  ledger.evaluations.save(
    {
      ...{ id: evaluationId('demo-1'), project: 'DEMO-001', projectName: '演示评标 Demo evaluation', version: 0 },
      rooms: rooms.map(({ id }, i) => ({ room: roomId(id), venue: i === 0 ? 'main' : 'branch' })),
      ...{ plannedStart: openedAt, plannedEnd: plusMs(now, 30 * DAY_MS), state: 'open', openedAt },
      roster: [expert('expert-1', '专家甲', '技术'), expert('expert-2', '专家乙', '经济')],
      ...{ bidders: [], signIn: [], reentryAllowed: true },
    },
    0,
    { by: 'system', action: 'create', note: 'simulated hall' },
  );
}
