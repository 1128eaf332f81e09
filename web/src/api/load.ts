import { onBeforeUnmount, ref, shallowRef } from 'vue';
import type { AnswerOf, RouteName } from '../../../src/board/api/contract.js';
import { type CallParts, call } from './call.js';
import { errorText } from './error.js';

/**
 * The answer of a route for a page: loaded at once, again on `reload` and, where asked, every so often while the page is
 * seen. A failed reload keeps what is shown and says so.
 */
export function loaded<R extends RouteName>(route: R, parts: () => CallParts<R>, { everyMs = 0 } = {}) {
  const data = shallowRef<AnswerOf<R>>();
  const failure = ref('');
  let generation = 0;

  async function reload(): Promise<void> {
    generation += 1;
    const mine = generation;
    try {
      const answer = await call(route, parts());
      if (mine === generation) [data.value, failure.value] = [answer, ''];
    } catch (error) {
      if (mine === generation) failure.value = errorText(error);
    }
  }

  void reload();
  if (everyMs > 0) {
    const timer = window.setInterval(() => {
      if (document.visibilityState === 'visible') void reload();
    }, everyMs);
    onBeforeUnmount(() => window.clearInterval(timer));
  }
  return { data, failure, reload };
}
