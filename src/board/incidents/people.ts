import { type Language, translate } from '../../core/i18n/translate.js';
import type { AccountsLedger } from '../ledgerPort.js';

/** A person as the API names one. */
export interface Person {
  id: string;
  name: string;
}

/** Names behind the user ids that steps and registers keep. */
export type People = (id: string, language: Language) => Person;

/** Looks names up in the ledger; `system` and ids that are gone get a word of their own. */
export const peopleOf =
  (ledger: Pick<AccountsLedger, 'users'>): People =>
  (id, language) => {
    if (id === 'system') return { id, name: translate(language, 'board.person.system') };
    if (id === 'anonymous') return { id, name: translate(language, 'board.person.unknown') };
    return { id, name: ledger.users.get(id)?.displayName ?? id };
  };
