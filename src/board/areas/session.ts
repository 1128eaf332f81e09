import type { UserRecord } from '../../alerts/ledger/users.js';
import type { Clock } from '../../core/clock.js';
import { type Language, translate } from '../../core/i18n/translate.js';
import { actionsOf } from '../access/authorize.js';
import {
  hashPassword,
  passwordProblem,
  type ScryptCost,
  SHORTEST_PASSWORD,
  verifyPassword,
} from '../accounts/password.js';
import type { Seal } from '../accounts/seal.js';
import { type OpenSession, SESSION_LONGEST_MS, type SessionKeeper } from '../accounts/sessions.js';
import type { Doorkeeper } from '../accounts/signIn.js';
import { matchTotp, newTotpSecret, totpUri } from '../accounts/totp.js';
import { isFirstRun, roleOf } from '../accounts/users.js';
import type { sessionRoutes } from '../api/contract/session.js';
import type { AnswerOf } from '../api/contract.js';
import type { Hall } from '../hall/hall.js';
import { ApiError } from '../http/apiError.js';
import type { AuditedAct } from '../http/auditTrail.js';
import type { Call, HandlersOf } from '../http/call.js';
import { languageKey, principalOf } from '../http/caller.js';
import { sessionCookie } from '../http/cookies.js';
import type { RateLimit } from '../http/rateLimit.js';
import type { AccountsLedger } from '../ledgerPort.js';

export interface SessionAreaDeps {
  ledger: AccountsLedger;
  sessions: SessionKeeper;
  doorkeeper: Doorkeeper;
  seal: Seal;
  cost: ScryptCost;
  clock: Clock;
  hall: () => Hall;
  audit: (act: AuditedAct) => void;
  /** Tries of a password from one address, or by one user. */
  signInLimit: RateLimit;
  secure: boolean;
  version: string;
}

type SessionHandlers = HandlersOf<Omit<typeof sessionRoutes, 'getMine' | 'listPeople'>>;

/** Signing in and out, one's own password, language and code generator. */
export function sessionArea(deps: SessionAreaDeps): SessionHandlers {
  const { ledger, sessions, doorkeeper, secure } = deps;
  const giveCookie = (call: Pick<Call<'signIn'>, 'response'>, token: string, maxAgeS: number): void => {
    call.response.setHeader('Set-Cookie', sessionCookie(token, { secure, maxAgeS }));
  };
  const start = (call: Call<'signIn'> | Call<'changePassword'>, user: UserRecord): OpenSession => {
    const agent = call.request.get('user-agent') ?? '';
    const { token, session } = sessions.open(user.id, { address: call.address, agent });
    giveCookie(call, token, SESSION_LONGEST_MS / 1000);
    return session;
  };

  return {
    getSession: { handle: ({ session }) => stateOf(session, deps) },
    signIn: {
      async handle(call) {
        const waitS = deps.signInLimit(call.address);
        if (waitS > 0) throw new ApiError('too-many', { retryAfterS: waitS });
        const act = { caller: call, action: 'signIn', object: call.body.name.slice(0, 64) };
        try {
          const user = await doorkeeper.admit(call.body);
          // A browser that signs in anew must not keep a session somebody else may know.
          if (call.session) sessions.end(call.session.id);
          const session = start(call, user);
          deps.audit({ ...act, caller: { ...call, principal: principalOf(session) }, outcome: 'done' });
          return stateOf(session, deps);
        } catch (error) {
          if (error instanceof ApiError) deps.audit({ ...act, outcome: 'refused', code: error.code });
          throw error;
        }
      },
    },
    signOut: {
      handle(call) {
        if (call.session) sessions.end(call.session.id);
        giveCookie(call, '', 0);
        return { ok: true };
      },
    },
    changePassword: {
      async handle(call) {
        const { user } = ownSession(call);
        await confirmPassword(user, call.body.current, deps.signInLimit);
        checkNewPassword(call.body, user, call.language);
        const passwordHash = await hashPassword(call.body.next, deps.cost);
        const changed = ledger.users.update(user.id, { passwordHash, mustChangePassword: false });
        sessions.endAll(user.id);
        return stateOf(start(call, changed), deps);
      },
    },
    setLanguage: {
      handle(call) {
        ledger.settings.set(languageKey(ownSession(call).user.id), call.body.language);
        return { ok: true };
      },
    },
    ...totpHandlers(deps),
  };
}

function totpHandlers({ ledger, seal, doorkeeper, clock, hall, signInLimit }: SessionAreaDeps) {
  // Not bound before the first code is right; an unfinished try may be lost with a restart.
  const pending = new Map<string, string>();
  const handlers: Pick<SessionHandlers, 'beginTotp' | 'confirmTotp' | 'removeTotp'> = {
    beginTotp: {
      async handle(call) {
        const { user } = ownSession(call);
        if (user.totpSecret !== undefined) throw new ApiError('not-allowed-now');
        await confirmPassword(user, call.body.password, signInLimit);
        const secret = newTotpSecret();
        pending.set(user.id, secret);
        return { secret, uri: totpUri(secret, user.name, `Hallwatch ${hall().config.site.name}`) };
      },
    },
    confirmTotp: {
      handle(call) {
        const { user } = ownSession(call);
        const secret = pending.get(user.id);
        if (secret === undefined) throw new ApiError('not-allowed-now');
        if (matchTotp(secret, call.body.code, clock.now(), 0) === undefined) throw new ApiError('totp-wrong');
        pending.delete(user.id);
        ledger.users.update(user.id, { totpSecret: seal.seal(secret) });
        return { ok: true };
      },
    },
    removeTotp: {
      async handle(call) {
        const { user } = ownSession(call);
        await confirmPassword(user, call.body.password, signInLimit);
        doorkeeper.checkTotp(user, call.body.code);
        ledger.users.update(user.id, { totpSecret: undefined });
        return { ok: true };
      },
    },
  };
  return handlers;
}

/** Account actions belong to people: a token has no password. */
function ownSession({ session }: { session: OpenSession | undefined }): OpenSession {
  if (!session) throw new ApiError('signed-out');
  return session;
}

/** A stolen session must not be a place to guess passwords at. */
async function confirmPassword(user: UserRecord, password: string, limit: RateLimit): Promise<void> {
  const waitS = limit(user.id);
  if (waitS > 0) throw new ApiError('too-many', { retryAfterS: waitS });
  if (!(await verifyPassword(password, user.passwordHash))) throw new ApiError('wrong-credentials');
}

function checkNewPassword(
  { current, next }: { current: string; next: string },
  user: UserRecord,
  language: Language,
): void {
  const problem = current === next ? 'same' : passwordProblem(next, user.name);
  if (!problem) return;
  const message = translate(language, `board.password.${problem}`, { length: SHORTEST_PASSWORD });
  throw new ApiError('bad-input', { fields: [{ path: 'next', message }] });
}

function stateOf(session: OpenSession | undefined, deps: SessionAreaDeps): AnswerOf<'getSession'> {
  const { site, language } = deps.hall().config;
  return {
    site: { id: site.id, name: site.name, timeZone: site.timeZone },
    language,
    version: deps.version,
    user: session ? meOf(session.user, deps.ledger) : null,
    csrf: session?.csrf ?? null,
    firstRun: isFirstRun(deps.ledger),
    secure: deps.secure,
  };
}

function meOf(user: UserRecord, ledger: AccountsLedger): NonNullable<AnswerOf<'getSession'>['user']> {
  const role = roleOf(user);
  const language = ledger.settings.get(languageKey(user.id));
  return {
    id: user.id,
    name: user.name,
    displayName: user.displayName,
    role,
    unit: user.unit,
    language: language === 'en' || language === 'zh-CN' ? language : null,
    mustChangePassword: user.mustChangePassword,
    totp: user.totpSecret !== undefined,
    actions: actionsOf(role),
  };
}
