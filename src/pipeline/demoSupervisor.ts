import type { Ledger } from '../alerts/ledger/openLedger.js';
import { addAccount, resetAccount } from '../board/accounts/users.js';

type FirstPassword = { name: string; password: string };

/** Both supervisors: duties are separated, what is said in an evaluation room is for the second one alone. */
const SUPERVISORS = [
  { name: 'supervisor', displayName: '大厅督导 Supervisor', role: 'hall-supervisor' },
  { name: 'bid-supervisor', displayName: '评标督导 Bid supervisor', role: 'bid-supervisor' },
] as const;

/**
 * The simulated hall has its supervisors ready: an administrator runs the system, judges nobody and sees evidence only
 * with a reason, so whoever tries the product would not see what it is for. Accounts that somebody has taken over are left out.
 */
export async function demoSupervisors(ledger: Pick<Ledger, 'users' | 'sessions'>): Promise<FirstPassword[]> {
  const accounts: FirstPassword[] = [];
  for (const supervisor of SUPERVISORS) {
    const known = ledger.users.byName(supervisor.name);
    if (known && !known.mustChangePassword) continue;
    const account = known
      ? await resetAccount(ledger, known.id)
      : await addAccount(ledger, { ...supervisor, unit: '' });
    accounts.push({ name: supervisor.name, password: account.oneTimePassword });
  }
  return accounts;
}
