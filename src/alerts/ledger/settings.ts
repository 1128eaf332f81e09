import type { Clock } from '../../core/clock.js';
import type { LedgerDb } from './database.js';
import { fromColumn, type JsonValue } from './json.js';

/** Small values the product remembers for itself: first start, last digest, language of the site. */
export interface SettingStore {
  get(key: string): JsonValue | undefined;
  set(key: string, value: JsonValue): void;
}

/** Makes the store. */
export function settingStore(db: LedgerDb, clock: Clock): SettingStore {
  const one = db.query<{ value: string }>('SELECT value FROM settings WHERE key = ?');
  return {
    get: (key) => fromColumn<JsonValue>(one.get(key)?.value ?? null),
    set(key, value) {
      db.write('ledger: set value', (tx) =>
        tx.put('settings', { key, value: JSON.stringify(value), updated_at: clock.now() }),
      );
    },
  };
}
