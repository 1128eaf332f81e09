import type { Request } from 'express';
import type { Clock } from '../../core/clock.js';
import type { Language } from '../../core/i18n/translate.js';
import type { Logger } from '../../core/log.js';
import { ANONYMOUS, type Principal } from '../access/objects.js';
import type { OpenSession, SessionKeeper } from '../accounts/sessions.js';
import { resolveToken } from '../accounts/tokens.js';
import { roleOf } from '../accounts/users.js';
import type { AccountsLedger } from '../ledgerPort.js';
import type { Caller } from './call.js';
import { readCookie, sessionCookieName } from './cookies.js';
import { languageOf } from './language.js';

export interface CallerDeps {
  ledger: Pick<AccountsLedger, 'tokens' | 'settings'>;
  sessions: SessionKeeper;
  clock: Clock;
  log: Logger;
  /** The board is reached over https. */
  secure: boolean;
  hallLanguage: () => Language;
}

/** Where a user's own language is kept. */
export const languageKey = (user: string): string => `account.language.${user}`;

/** Works out who calls: a token where one is sent, else the session of the cookie, else nobody. */
export function callerOf(request: Request, deps: CallerDeps): Caller {
  const authorization = request.headers.authorization;
  const token = resolveToken(authorization, deps);
  const cookie = readCookie(request.headers.cookie, sessionCookieName(deps.secure));
  // A request that names a bad token must not fall back on a cookie.
  const session = authorization === undefined ? deps.sessions.resolve(cookie) : undefined;
  const stored = session && deps.ledger.settings.get(languageKey(session.user.id));
  const own: Language | undefined = stored === 'en' || stored === 'zh-CN' ? stored : undefined;
  return {
    principal: token ?? principalOf(session),
    session,
    language: languageOf(request.headers['accept-language']) ?? own ?? deps.hallLanguage(),
    address: request.ip ?? '',
  };
}

/** Whether who called may still be answered: for streams, which outlive their request. Asking prolongs no session. */
export function stillSignedIn(call: { session: OpenSession | undefined; request: Request }, deps: CallerDeps): boolean {
  return call.session
    ? deps.sessions.isOpen(call.session.id)
    : resolveToken(call.request.get('authorization'), deps) !== undefined;
}

/** A session as the policy sees it. */
export function principalOf(session: OpenSession | undefined): Principal {
  if (!session) return ANONYMOUS;
  const { user } = session;
  return { kind: 'user', id: user.id, name: user.displayName, unit: user.unit, role: roleOf(user) };
}
