import { AppError } from '../../core/errors.js';
import { type CameraId, cameraId, type IncidentId, type SubjectId, subjectId } from '../../core/ids.js';
import type { AlertStep, IncidentState } from '../../core/incident.js';
import type { EndReason, Priority, RuleDetail, RuleName, Seen } from '../../core/rule.js';
import { type EventMs, eventMs, type WallMs } from '../../core/time.js';
import type { LedgerDb, Tx } from './database.js';
import { type IncidentFilter, type IncidentPage, pageQuery } from './incidentQuery.js';
import { fromColumn, orUndefined, toColumn } from './json.js';

/** Why an incident does not count against anybody: a reason beside it, never silence. */
export interface Excuse {
  /** `leave`, `standby`, `neighbour`, `back-office`, or the hall's own code. */
  kind: string;
  note: string;
  by: string;
  at: WallMs;
}

/** An incident as its latest step left it. */
export interface IncidentRecord {
  id: IncidentId;
  rule: RuleName;
  ruleVersion: string;
  /** As of its first step; undefined where the version was never remembered. */
  parameters?: RuleDetail;
  subject: SubjectId;
  camera?: CameraId;
  state: IncidentState;
  start: EventMs;
  end?: EventMs;
  endReason?: EndReason;
  priority: Priority;
  tier: number;
  seen: Seen;
  detail?: RuleDetail;
  excuse?: Excuse;
  /** State of people's handling: `found` until somebody acts. */
  workflow: string;
  /** Steps so far. */
  ordinal: number;
  /** `seq` of its latest step. */
  lastSeq: number;
}

export interface IncidentStore {
  get(id: IncidentId): IncidentRecord | undefined;
  /** Newest start first. `next` is the cursor of the following page, absent on the last. @throws AppError `bad-input` */
  list(filter: IncidentFilter, page: IncidentPage): { items: IncidentRecord[]; next?: string };
  count(filter: IncidentFilter): number;
  /** Not ended: high priority first, then oldest first. */
  open(): IncidentRecord[];
  /** Puts a reason beside the incident. @throws AppError `not-found` */
  excuse(id: IncidentId, excuse: Excuse | undefined): void;
}

interface IncidentRow {
  id: string;
  rule: string;
  rule_version: string;
  parameters: string | null;
  subject: string;
  camera: string | null;
  state: IncidentState;
  start: number;
  end: number | null;
  end_reason: EndReason | null;
  priority: Priority;
  tier: number;
  observed_ms: number;
  unknown_ms: number;
  detail: string | null;
  excuse: string | null;
  workflow: string;
  ordinal: number;
  last_seq: number;
}

/** Makes the store. */
export function incidentStore(db: LedgerDb): IncidentStore {
  const byId = db.query<IncidentRow>('SELECT * FROM incidents WHERE id = ?');
  const active = db.query<IncidentRow>(
    `SELECT * FROM incidents WHERE state <> 'ended' ORDER BY priority = 'high' DESC, start, id`,
  );
  return {
    get(id) {
      const row = byId.get(id);
      return row && incidentFromRow(row);
    },
    list(filter, page) {
      const { sql, parameters, limit } = pageQuery(filter, page);
      const rows = db.query<IncidentRow>(sql).all(...parameters);
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      const items = rows.slice(0, limit).map(incidentFromRow);
      return last ? { items, next: `${last.start}_${last.id}` } : { items };
    },
    count(filter) {
      const { countSql, countParameters } = pageQuery(filter, { limit: 1 });
      return db.query<{ n: number }>(countSql).get(...countParameters)!.n;
    },
    open: () => active.all().map(incidentFromRow),
    excuse(id, excuse) {
      const found = db.write('ledger: excuse incident', (tx) =>
        tx.patch('incidents', { id }, { excuse: excuse === undefined ? null : toColumn(excuse) }),
      );
      if (!found) throw new AppError('not-found', `incident ${id}: not in the ledger`);
    },
  };
}

/** How a step changes its incident. A step that comes late (a smaller ordinal) changes nothing. */
export function noteStep(db: LedgerDb): (tx: Tx, step: AlertStep, seq: number) => void {
  const byId = db.query<{ ordinal: number }>('SELECT ordinal FROM incidents WHERE id = ?');
  const versions = db.query<{ parameters: string }>(
    'SELECT parameters FROM rule_versions WHERE rule = ? AND version = ?',
  );
  return (tx, step, seq) => {
    const known = byId.get(step.id);
    if (known && known.ordinal >= step.ordinal) return;
    const changes = {
      state: step.step,
      end: step.end ?? null,
      end_reason: step.endReason ?? null,
      priority: step.priority,
      tier: step.tier,
      observed_ms: step.seen.observedMs,
      unknown_ms: step.seen.unknownMs,
      ordinal: step.ordinal,
      last_seq: seq,
      ...(step.camera === undefined ? {} : { camera: step.camera }),
      ...(step.detail === undefined ? {} : { detail: toColumn(step.detail) }),
    };
    if (known) {
      tx.patch('incidents', { id: step.id }, changes);
      return;
    }
    tx.put('incidents', {
      id: step.id,
      rule: step.rule,
      rule_version: step.ruleVersion,
      parameters: versions.get(step.rule, step.ruleVersion)?.parameters ?? null,
      subject: step.subject,
      start: step.start,
      ...changes,
    });
  };
}

function incidentFromRow(row: IncidentRow): IncidentRecord {
  return {
    id: row.id as IncidentId,
    rule: row.rule,
    ruleVersion: row.rule_version,
    parameters: fromColumn<RuleDetail>(row.parameters),
    subject: subjectId(row.subject),
    camera: row.camera === null ? undefined : cameraId(row.camera),
    state: row.state,
    start: eventMs(row.start),
    end: row.end === null ? undefined : eventMs(row.end),
    endReason: orUndefined(row.end_reason),
    priority: row.priority,
    tier: row.tier,
    seen: { observedMs: row.observed_ms, unknownMs: row.unknown_ms },
    detail: fromColumn<RuleDetail>(row.detail),
    excuse: fromColumn<Excuse>(row.excuse),
    workflow: row.workflow,
    ordinal: row.ordinal,
    lastSeq: row.last_seq,
  };
}
