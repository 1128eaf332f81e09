import type { IncidentRecord } from '../../alerts/ledger/incidents.js';
import { foldWorkflow } from '../../alerts/workflow/applyStep.js';
import type { Workflow } from '../../alerts/workflow/workflow.js';
import type { IncidentId } from '../../core/ids.js';
import { type EventMs, plusMs, wallMs } from '../../core/time.js';
import type { AlertsLedger } from '../ledgerPort.js';

/** The newest incidents in memory, for filters, search and order that SQL indexes do not serve. */
export interface IncidentIndex {
  /** Newest start first, those of a span; older ones than the index holds are read from the ledger. */
  within(from: EventMs | undefined, to: EventMs | undefined): IncidentRecord[];
  /** One, as the ledger has it now. */
  get(id: IncidentId): IncidentRecord | undefined;
  /** Where people's handling of it stands. */
  loopOf(id: IncidentId): Workflow;
  /** Forgets what is known of one, after a change that is no step. */
  refresh(id: IncidentId): void;
}

export interface IncidentIndexOptions {
  /** Incidents in memory; one takes about 1 KB. */
  capacity?: number;
}

const PAGE = 1000;
/** Beyond the index a query reads at most this many more. */
const DEEPEST_SCAN = 20_000;

type Ledger = Pick<AlertsLedger, 'incidents' | 'stepsAfter' | 'stepsOf' | 'lastSeq' | 'workflowSteps'>;

/**
 * Follows the ledger by itself: each question first takes in the steps that were added since the last one, so nobody has to
 * tell it and it can never show less than the ledger.
 */
export function incidentIndex(ledger: Ledger, { capacity = 20_000 }: IncidentIndexOptions = {}): IncidentIndex {
  const records = new Map<IncidentId, IncidentRecord>();
  const loops = new Map<IncidentId, Workflow>();
  let sorted: IncidentRecord[] | undefined;
  let seq = ledger.lastSeq();
  let loopSeq = newestLoopSeq(ledger);
  let horizon: EventMs | undefined;

  const take = (record: IncidentRecord | undefined): void => {
    if (!record) return;
    records.set(record.id, record);
    sorted = undefined;
  };
  for (const record of scan(ledger, undefined, undefined, capacity)) take(record);
  if (records.size >= capacity) horizon = [...records.values()].at(-1)!.start;

  const catchUp = (): void => {
    const touched = new Set<IncidentId>();
    for (let steps = ledger.stepsAfter(seq, PAGE); steps.length > 0; steps = ledger.stepsAfter(seq, PAGE)) {
      for (const { step } of steps) touched.add(step.id);
      seq = steps.at(-1)!.seq;
    }
    for (let steps = ledger.workflowSteps.after(loopSeq, PAGE); steps.length > 0; ) {
      for (const step of steps) {
        touched.add(step.incident);
        loops.delete(step.incident);
      }
      loopSeq = steps.at(-1)!.seq;
      steps = ledger.workflowSteps.after(loopSeq, PAGE);
    }
    for (const id of touched) take(ledger.incidents.get(id));
    if (records.size > capacity * 1.1) evict();
  };

  const newestFirst = (): IncidentRecord[] => {
    sorted ??= [...records.values()].sort((a, b) => b.start - a.start || (a.id < b.id ? 1 : -1));
    return sorted;
  };

  const evict = (): void => {
    const kept = newestFirst();
    for (const old of kept.splice(capacity)) {
      records.delete(old.id);
      loops.delete(old.id);
    }
    horizon = kept.at(-1)?.start;
  };

  return {
    within(from, to) {
      catchUp();
      const recent = newestFirst().filter(
        ({ start }) => (from === undefined || start >= from) && (to === undefined || start < to),
      );
      if (horizon === undefined || (from !== undefined && from >= horizon)) return recent;
      // Inclusive of the horizon's own instant: several incidents may begin there.
      const before = to === undefined || horizon < to ? plusMs(horizon, 1) : to;
      return [...recent, ...scan(ledger, from, before, DEEPEST_SCAN).filter(({ id }) => !records.has(id))];
    },
    get: (id) => ledger.incidents.get(id),
    loopOf(id) {
      const known = loops.get(id);
      if (known) return known;
      const loop = readWorkflow(ledger, id);
      if (records.has(id)) loops.set(id, loop);
      return loop;
    },
    refresh(id) {
      loops.delete(id);
      if (records.has(id)) take(ledger.incidents.get(id));
    },
  };
}

/** The loop of an incident as its steps in the ledger make it; deadlines run from when the ledger got the incident. */
export function readWorkflow(ledger: Pick<Ledger, 'stepsOf' | 'workflowSteps'>, id: IncidentId): Workflow {
  const foundAt = ledger.stepsOf(id)[0]?.recordedAt ?? wallMs(0);
  return foldWorkflow(id, foundAt, ledger.workflowSteps.of(id));
}

function scan(ledger: Ledger, from: EventMs | undefined, to: EventMs | undefined, most: number): IncidentRecord[] {
  const found: IncidentRecord[] = [];
  let cursor: string | undefined;
  do {
    const page = ledger.incidents.list({ from, to }, { limit: PAGE, cursor });
    found.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined && found.length < most);
  return found;
}

/** Finds the newest workflow step by doubling and halving: the ledger tells only what comes after a number. */
function newestLoopSeq(ledger: Ledger): number {
  let low = 0;
  let high = 1;
  while (ledger.workflowSteps.after(high - 1, 1).length > 0) {
    low = high;
    high *= 2;
  }
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (ledger.workflowSteps.after(middle - 1, 1).length > 0) low = middle;
    else high = middle - 1;
  }
  return low;
}
