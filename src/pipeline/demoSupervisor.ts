import type { Ledger } from '../alerts/ledger/openLedger.js';
import { addAccount, resetAccount } from '../board/accounts/users.js';

const NAME = 'supervisor';

/**
 * The simulated hall has a supervisor ready: an administrator runs the system, judges nobody and sees evidence only with
 * a reason, so whoever tries the product would not see what it is for. Undefined once somebody has taken the account over.
 */
export async function demoSupervisor(
  ledger: Pick<Ledger, 'users' | 'sessions'>,
): Promise<{ name: string; password: string } | undefined> {
  const known = ledger.users.byName(NAME);
  if (known && !known.mustChangePassword) return undefined;
  const account = known
    ? await resetAccount(ledger, known.id)
    : await addAccount(ledger, { name: NAME, displayName: '大厅督导 Supervisor', role: 'hall-supervisor', unit: '' });
  return { name: NAME, password: account.oneTimePassword };
}
