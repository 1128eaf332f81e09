import type { TokenRecord } from '../../alerts/ledger/tokens.js';
import type { UserRecord } from '../../alerts/ledger/users.js';
import type { Clock } from '../../core/clock.js';
import { sha256 } from '../../core/hash.js';
import type { Language } from '../../core/i18n/translate.js';
import { translate } from '../../core/i18n/translate.js';
import { wallMs } from '../../core/time.js';
import { ROLES, TOKEN_SCOPES } from '../access/actions.js';
import { actionsOf } from '../access/authorize.js';
import type { ScryptCost } from '../accounts/password.js';
import { lastSignInKey, type SessionKeeper } from '../accounts/sessions.js';
import { newTokenSecret } from '../accounts/tokens.js';
import { addAccount, resetAccount, roleOf } from '../accounts/users.js';
import type { systemRoutes } from '../api/contract/system.js';
import type { AnswerOf } from '../api/contract.js';
import { ApiError } from '../http/apiError.js';
import type { HandlersOf } from '../http/call.js';
import type { People } from '../incidents/people.js';
import type { AccountsLedger } from '../ledgerPort.js';

export interface AccountAreaDeps {
  ledger: AccountsLedger;
  sessions: SessionKeeper;
  people: People;
  cost: ScryptCost;
  clock: Clock;
}

type AccountRoutes = Pick<
  typeof systemRoutes,
  'listUsers' | 'addUser' | 'changeUser' | 'resetPassword' | 'listRoles' | 'listTokens' | 'addToken' | 'revokeToken'
>;
type UserRow = AnswerOf<'listUsers'>['items'][number];
type TokenRow = AnswerOf<'listTokens'>['items'][number];

/** Users, roles, and the tokens of other systems. */
export function accountArea(deps: AccountAreaDeps): HandlersOf<AccountRoutes> {
  const { ledger, sessions, cost } = deps;
  const row = (user: UserRecord): UserRow => userRow(user, ledger);
  return {
    listUsers: { handle: () => ({ items: ledger.users.list().map(row) }) },
    addUser: {
      async handle({ body }) {
        const { user, oneTimePassword } = await addAccount(ledger, body, cost);
        return { user: row(user), oneTimePassword };
      },
    },
    changeUser: {
      object: ({ id }) => ({ kind: 'user', id }),
      handle({ params: { id }, body }) {
        const user = existing(ledger, id);
        const { role, disabled, ...rest } = body;
        if (roleOf(user) === 'admin' && (disabled === true || (role ?? 'admin') !== 'admin')) keepOneAdmin(ledger, id);
        const changed = ledger.users.update(id, {
          ...rest,
          ...(role === undefined ? {} : { roles: [role] }),
          ...(disabled === undefined ? {} : { disabled }),
        });
        // A session carries the rights it began with in nobody's mind: another role signs in anew.
        if (disabled || (role !== undefined && role !== roleOf(user))) sessions.endAll(id);
        return row(changed);
      },
    },
    resetPassword: {
      object: ({ id }) => ({ kind: 'user', id }),
      async handle({ params: { id }, body }) {
        existing(ledger, id);
        const { user, oneTimePassword } = await resetAccount(ledger, id, { removeTotp: body.removeTotp, cost });
        return { user: row(user), oneTimePassword };
      },
    },
    listRoles: {
      handle: ({ language }) => ({
        items: ROLES.map((role) => ({
          role,
          name: translate(language, `board.role.${role}`),
          actions: actionsOf(role),
        })),
      }),
    },
    ...tokenHandlers(deps),
  };
}

function tokenHandlers({ ledger, people, clock }: AccountAreaDeps) {
  const handlers: Pick<HandlersOf<AccountRoutes>, 'listTokens' | 'addToken' | 'revokeToken'> = {
    listTokens: {
      handle: ({ language }) => ({ items: ledger.tokens.list().map((token) => tokenRow(token, people, language)) }),
    },
    addToken: {
      handle({ body, principal, language }) {
        if (body.expiresAt !== undefined && body.expiresAt <= clock.now()) {
          throw new ApiError('bad-input', { fields: [{ path: 'expiresAt', message: 'in the past' }] });
        }
        const secret = newTokenSecret();
        const token = ledger.tokens.add({
          user: principal.kind === 'user' ? principal.id : 'system',
          name: body.name,
          scopes: body.scopes,
          tokenHash: sha256(secret),
          ...(body.expiresAt === undefined ? {} : { expiresAt: wallMs(body.expiresAt) }),
        });
        return { token: tokenRow(token, people, language), secret };
      },
    },
    revokeToken: {
      handle({ params: { id } }) {
        if (!/^\d{1,9}$/.test(id) || !ledger.tokens.revoke(Number(id))) throw new ApiError('not-found');
        return { ok: true };
      },
    },
  };
  return handlers;
}

function existing(ledger: AccountsLedger, id: string): UserRecord {
  const user = ledger.users.get(id);
  if (!user) throw new ApiError('not-found');
  return user;
}

/** Somebody must always be able to let people in. */
function keepOneAdmin(ledger: AccountsLedger, except: string): void {
  const others = ledger.users.list().filter((user) => user.id !== except && !user.disabled && roleOf(user) === 'admin');
  if (others.length === 0) throw new ApiError('not-allowed-now');
}

function userRow(user: UserRecord, ledger: AccountsLedger): UserRow {
  const lastSignIn = ledger.settings.get(lastSignInKey(user.id));
  return {
    id: user.id,
    name: user.name,
    displayName: user.displayName,
    role: roleOf(user),
    unit: user.unit,
    disabled: user.disabled,
    lockedUntil: user.lockedUntil ?? null,
    totp: user.totpSecret !== undefined,
    mustChangePassword: user.mustChangePassword,
    lastSignInAt: typeof lastSignIn === 'number' ? lastSignIn : null,
    createdAt: user.createdAt,
  };
}

const tokenRow = (token: TokenRecord, people: People, language: Language): TokenRow => ({
  id: String(token.id),
  name: token.name,
  scopes: TOKEN_SCOPES.filter((scope) => token.scopes.includes(scope)),
  createdAt: token.createdAt,
  createdBy: people(token.user, language),
  expiresAt: token.expiresAt ?? null,
  lastUsedAt: token.lastUsedAt ?? null,
  revokedAt: token.revokedAt ?? null,
});
