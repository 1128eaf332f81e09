import type { Clock } from '../../core/clock.js';
import type { RuleDetail, RuleName } from '../../core/rule.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { LedgerDb } from './database.js';

/** A rule with one set of parameters. Incidents keep a copy of those they were found with. */
export interface RuleVersion {
  rule: RuleName;
  version: string;
  parameters: RuleDetail;
  /** Event time from which it judges. */
  effectiveFrom: EventMs;
}

export interface RuleVersionStore {
  /** Keeps a version; one that is known stays as it is. */
  remember(version: RuleVersion): void;
  /** Oldest first. */
  list(rule?: RuleName): RuleVersion[];
}

interface Row {
  rule: string;
  version: string;
  parameters: string;
  effective_from: number;
}

/** Makes the store. */
export function ruleVersionStore(db: LedgerDb, clock: Clock): RuleVersionStore {
  const known = db.query<Row>('SELECT * FROM rule_versions WHERE rule = ? AND version = ?');
  const all = db.query<Row>(
    'SELECT * FROM rule_versions WHERE ?1 IS NULL OR rule = ?1 ORDER BY effective_from, rule, version',
  );
  return {
    remember({ rule, version, parameters, effectiveFrom }) {
      if (known.get(rule, version)) return;
      db.write('ledger: remember rule version', (tx) =>
        tx.put('rule_versions', {
          rule,
          version,
          parameters: JSON.stringify(parameters),
          effective_from: effectiveFrom,
          recorded_at: clock.now(),
        }),
      );
    },
    list: (rule) =>
      all.all(rule ?? null).map((row) => ({
        rule: row.rule,
        version: row.version,
        parameters: JSON.parse(row.parameters) as RuleDetail,
        effectiveFrom: eventMs(row.effective_from),
      })),
  };
}
