import { computed, reactive } from 'vue';
import type { Action } from '../../src/board/access/actions.js';
import { call, session as calls } from './api/call.js';
import type { SessionState } from './api/types.js';
import { chosenLanguage, setLanguage } from './i18n.js';

/** Who is there. `state` is undefined until the server has said so. */
export const session = reactive({
  state: undefined as SessionState | undefined,
  /** Set when a running session ended, so that the sign-in page can say why it is shown. */
  ended: false,
});

export const user = computed(() => session.state?.user ?? null);
export const zone = computed(() => session.state?.site.timeZone ?? 'Asia/Shanghai');
/** Whether this user's role may do it at all; the server still decides on each object. */
export const may = (action: Action): boolean => user.value?.actions.includes(action) ?? false;

/** Takes what the server says of the session. */
export function take(state: SessionState): void {
  session.state = state;
  calls.csrf = state.csrf;
  if (state.user) session.ended = false;
  if (!chosenLanguage()) setLanguage(state.user?.language ?? state.language, { remember: false });
}

/** Asks the server who is there. */
export async function loadSession(): Promise<void> {
  take(await call('getSession', {}));
}

export async function signOut(): Promise<void> {
  await call('signOut', {});
  await loadSession();
}

calls.onRefused = (code) => {
  if (!session.state) return;
  if (code === 'signed-out' && session.state.user) {
    session.ended = true;
    session.state = { ...session.state, user: null };
    // The CSRF word belongs to the session that ended; the sign-in needs none.
    calls.csrf = null;
  } else if (code === 'password-change-required' && session.state.user) {
    session.state = { ...session.state, user: { ...session.state.user, mustChangePassword: true } };
  }
};
