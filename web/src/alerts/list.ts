import { ref, shallowRef } from 'vue';
import { call } from '../api/call.js';
import { errorText } from '../api/error.js';
import type { Incident } from '../api/types.js';
import type { AlertQuery } from './filters.js';

const PAGE = 100;

/**
 * A long list of which only the pages in view are fetched. Rows not here yet are `undefined`; the list already has its
 * full length, so the scroll bar tells the truth.
 */
export function alertList() {
  const rows = shallowRef<ReadonlyArray<Incident | undefined>>([]);
  const total = ref(0);
  const failure = ref('');
  const loading = ref(false);
  let query: AlertQuery = {};
  let asked = new Set<number>();
  let generation = 0;

  async function fetchPage(page: number): Promise<void> {
    if (asked.has(page)) return;
    asked.add(page);
    const mine = generation;
    loading.value = true;
    try {
      const answer = await call('listIncidents', { query: { ...query, offset: page * PAGE, limit: PAGE } });
      if (mine !== generation) return;
      const next = rows.value.slice(0, answer.total);
      next.length = answer.total;
      answer.items.forEach((item, i) => {
        next[page * PAGE + i] = item;
      });
      rows.value = next;
      total.value = answer.total;
      failure.value = '';
    } catch (error) {
      if (mine !== generation) return;
      asked.delete(page);
      failure.value = errorText(error);
    } finally {
      if (mine === generation) loading.value = false;
    }
  }

  return {
    rows,
    total,
    failure,
    loading,
    /** Asks anew; what is shown stays until the answer is here. */
    async search(next: AlertQuery): Promise<void> {
      query = next;
      generation += 1;
      asked = new Set();
      await fetchPage(0);
    },
    /** Fetches what the rows `first` to `last` need. */
    need(first: number, last: number): void {
      for (let page = Math.floor(first / PAGE); page * PAGE < Math.min(last, total.value); page++) void fetchPage(page);
    },
    /** Puts a changed incident in its place; false where it is not among the rows. */
    replace(incident: Incident): boolean {
      const index = rows.value.findIndex((row) => row?.id === incident.id);
      if (index < 0) return false;
      const next = rows.value.slice();
      next[index] = incident;
      rows.value = next;
      return true;
    },
  };
}
