import type { Clock } from '../core/clock.js';
import type { Principal } from './access/objects.js';
import type { AccountsLedger } from './ledgerPort.js';

/** Who looked at what, and why. */
export interface ViewRegister {
  /** Opens an object to a user for a while, with the reason given. Returns until when, UTC ms. */
  grant(user: Extract<Principal, { kind: 'user' }>, object: string, reason: string): number;
  /** Until when the object is open to the user, or undefined. */
  grantedUntil(principal: Principal, object: string): number | undefined;
  /** Writes a view that needs no reason; one line for each object and half hour. */
  note(principal: Principal, object: string): void;
}

export const GRANT_MS = 30 * 60_000;
const MOST_REMEMBERED = 20_000;

/** The viewing register (调阅登记) in the ledger. Grants live in memory: after a restart the reason is asked again. */
export function viewRegister(ledger: Pick<AccountsLedger, 'viewings'>, clock: Clock): ViewRegister {
  const open = new Map<string, number>();
  const keyOf = (principal: Principal, object: string): string =>
    `${principal.kind === 'anonymous' ? '' : principal.id}\n${object}`;
  const until = (principal: Principal, object: string): number | undefined => {
    const end = open.get(keyOf(principal, object));
    return end !== undefined && clock.now() < end ? end : undefined;
  };
  const write = (principal: Principal, object: string, reason: string): number => {
    if (principal.kind !== 'anonymous') {
      const unit = principal.kind === 'user' ? principal.unit : '';
      ledger.viewings.add({ user: principal.id, unit, reason, object });
    }
    const end = clock.now() + GRANT_MS;
    open.set(keyOf(principal, object), end);
    if (open.size > MOST_REMEMBERED) open.delete(open.keys().next().value!);
    return end;
  };
  return {
    grant: write,
    grantedUntil: until,
    note(principal, object) {
      if (until(principal, object) === undefined) write(principal, object, '');
    },
  };
}
