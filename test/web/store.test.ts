import { beforeEach, describe, expect, it } from 'vitest';
import {
  type Arrival,
  clearLive,
  incidents,
  link,
  onArrivals,
  passSeq,
  takeIncident,
  takeSnapshot,
  takeSteps,
} from '../../web/src/live/store.js';
import { hallAt, incidentOf } from './support/hall.js';

const at = Date.UTC(2026, 9, 8, 1, 0, 0);
const live = hallAt(at);

function stepAt(seq: number) {
  const incident = incidentOf(live.windows[seq % 30]!, { at, minutes: 16, seq, id: `absence-${seq}` });
  const { id, rule, ruleVersion, subject, start, priority, tier } = incident;
  const seen = { observedMs: 900_000, unknownMs: 0 };
  return {
    seq,
    incident,
    step: { id, rule, ruleVersion, subject, step: 'open' as const, ordinal: 1, at, start, priority, tier, seen },
  };
}

describe('the live store', () => {
  let told: number[] = [];
  beforeEach(() => {
    clearLive();
    told = [];
    takeSnapshot(live);
  });
  onArrivals((arrivals: readonly Arrival[]) => {
    told.push(...arrivals.map((arrival) => arrival.seq));
  });

  it('tells nothing of what the first snapshot already holds', () => {
    expect(told).toEqual([]);
    expect(link.seq).toBe(40);
    takeSteps([stepAt(40)]);
    expect(told).toEqual([]);
  });

  it('tells each step once, whether the stream or the catch-up brings it first', () => {
    takeSteps([stepAt(44)]);
    takeSteps([41, 42, 43, 44].map(stepAt));
    passSeq(44);
    takeSteps([stepAt(43), stepAt(45)]);
    expect(told.toSorted((a, b) => a - b)).toEqual([41, 42, 43, 44, 45]);
    expect(link.seq).toBe(44);
  });

  it('tells after a cut what the new snapshot already contains', () => {
    takeSnapshot({ ...live, seq: 43, open: [...live.open, stepAt(43).incident] });
    expect(link.seq).toBe(40);
    takeSteps([41, 42, 43].map(stepAt));
    expect(told).toEqual([41, 42, 43]);
  });

  it('tells after a cut what came first of all, into a ledger that was empty', () => {
    clearLive();
    takeSnapshot({ ...live, seq: 0, open: [] });
    takeSnapshot({ ...live, seq: 2, open: [stepAt(2).incident] });
    takeSteps([1, 2].map(stepAt));
    expect(told).toEqual([1, 2]);
  });

  it('never goes back to an older state of an incident', () => {
    const newer = { ...stepAt(50).incident, seq: 50, state: 'ended' as const, end: at };
    takeIncident(newer);
    takeIncident({ ...newer, seq: 49, state: 'open' as const, end: null });
    expect(incidents.get(newer.id)?.state).toBe('ended');
  });
});
