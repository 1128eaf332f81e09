import type { JsonObject, JsonValue } from '../../alerts/ledger/json.js';
import type { Logger } from '../../core/log.js';
import type { AccountsLedger } from '../ledgerPort.js';
import type { Caller } from './call.js';

export type Outcome = 'done' | 'refused' | 'failed';

/** One act to be written down. */
export interface AuditedAct {
  caller: Caller;
  /** Operation name of the route. */
  action: string;
  object: string;
  outcome: Outcome;
  /** Error code, where it was not done. */
  code?: string;
  body?: unknown;
}

/** Notes stand in the loop's own steps, whose readers are fewer: one may name a word that auditors must not see. */
const SECRET_KEYS = new Set([
  'password',
  'current',
  'next',
  'code',
  'totp',
  'secret',
  'csrf',
  'etag',
  'note',
  'photo',
  'words',
]);
const LONGEST_TEXT = 300;

/** Appends an act to the chained audit log, without secrets. */
export function auditTrail(ledger: Pick<AccountsLedger, 'audit'>, log: Logger): (act: AuditedAct) => void {
  return ({ caller, action, object, outcome, code, body }) => {
    const actor = caller.principal.kind === 'anonymous' ? 'anonymous' : caller.principal.id;
    const detail: JsonObject = {
      outcome,
      ...(code === undefined ? {} : { code }),
      ...(body === undefined ? {} : { body: withoutSecrets(body) }),
    };
    try {
      ledger.audit.append({ actor, action, object, detail, address: caller.address });
    } catch (err) {
      // The act itself is done or refused already; a full disk shows in /readyz and in the log.
      log.error({ err, actor, action, object }, 'audit entry not written');
    }
  };
}

/** A body fit for the log: secret fields are dropped, long texts cut, long lists counted. */
export function withoutSecrets(value: unknown): JsonValue {
  if (typeof value === 'string') return value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}…` : value;
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (Array.isArray(value)) {
    return value.length > 20 ? `${value.length} items` : value.map((item) => withoutSecrets(item));
  }
  if (typeof value !== 'object') return null;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => item !== undefined && !SECRET_KEYS.has(key))
      .slice(0, 50)
      .map(([key, item]) => [key, withoutSecrets(item)]),
  );
}
