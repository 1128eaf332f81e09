import { ref, shallowRef } from 'vue';
import { errorText } from './error.js';

/** A register that is read backwards from its newest entry, page after page. */
export function backwards<T>(fetchPage: (before: number | undefined) => Promise<{ items: T[]; next: number | null }>) {
  const items = shallowRef<readonly T[]>([]);
  const next = ref<number | null>(null);
  const failure = ref('');
  const loading = ref(false);
  let generation = 0;

  async function read(before: number | undefined): Promise<void> {
    generation += 1;
    const mine = generation;
    loading.value = true;
    try {
      const page = await fetchPage(before);
      if (mine !== generation) return;
      items.value = before === undefined ? page.items : [...items.value, ...page.items];
      next.value = page.next;
      failure.value = '';
    } catch (error) {
      if (mine === generation) failure.value = errorText(error);
    } finally {
      if (mine === generation) loading.value = false;
    }
  }

  const reload = (): Promise<void> => read(undefined);
  const more = (): Promise<void> => read(next.value ?? undefined);
  void reload();
  return { items, next, failure, loading, reload, more };
}
