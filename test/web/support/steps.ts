import type { SeqStep } from '../../../web/src/api/types.js';
import { incidentOf } from './hall.js';
import type { World } from './world.js';

/** The first step of a new incident at a window, which the world then knows. */
export function openStep(
  world: World,
  { window, seq, high = false }: { window: string; seq: number; high?: boolean },
): SeqStep {
  const row = world.live.windows.find((one) => one.id === window)!;
  const id = `absence-${window.toLowerCase()}${String(seq).padStart(13, '0')}`;
  const incident = incidentOf(row, { at: world.live.at, minutes: 15, seq, high, id });
  world.incidents.unshift(incident);
  world.live.open.unshift(incident);
  const { rule, ruleVersion, subject, start, priority, tier, camera } = incident;
  const step = {
    id,
    rule,
    ruleVersion,
    subject,
    step: 'open' as const,
    ordinal: 1,
    at: world.live.at,
    start,
    priority,
    tier,
  };
  return {
    seq,
    incident,
    step: { ...step, seen: { observedMs: 900_000, unknownMs: 0 }, ...(camera ? { camera } : {}) },
  };
}
