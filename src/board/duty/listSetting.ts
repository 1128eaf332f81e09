import { z } from 'zod';
import type { JsonValue } from '../../alerts/ledger/json.js';
import { AppError } from '../../core/errors.js';
import type { AccountsLedger } from '../ledgerPort.js';

/** A short list kept as one setting of the ledger: small, read often, changed rarely by people. */
export interface ListSetting<T> {
  all(): readonly T[];
  save(items: readonly T[]): void;
}

/** Reads and checks the list once, then keeps it in memory. @throws AppError `storage` where the ledger holds something else */
export function listSetting<S extends z.ZodType<unknown>>(
  ledger: Pick<AccountsLedger, 'settings'>,
  key: string,
  item: S,
): ListSetting<z.output<S>> {
  const parsed = z.array(item).safeParse(ledger.settings.get(key) ?? []);
  if (!parsed.success) {
    throw new AppError('storage', `setting ${key}: not what the board wrote`, {
      cause: parsed.error,
      hint: 'restore the ledger from a backup',
    });
  }
  let items = parsed.data as Array<z.output<S>>;
  return {
    all: () => items,
    save(next) {
      ledger.settings.set(key, next as unknown as JsonValue);
      items = [...next];
    },
  };
}
