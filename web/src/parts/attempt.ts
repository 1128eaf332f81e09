import { ElMessage } from 'element-plus';
import { type Ref, ref } from 'vue';
import { errorText } from '../api/error.js';

/** Runs what a person asked for, one at a time; what goes wrong is shown. True where it went through. */
export function attempts(): { busy: Ref<boolean>; attempt: (run: () => Promise<void>) => Promise<boolean> } {
  const busy = ref(false);
  return {
    busy,
    async attempt(run) {
      if (busy.value) return false;
      busy.value = true;
      try {
        await run();
        return true;
      } catch (error) {
        ElMessage.error({ message: errorText(error), duration: 6000, showClose: true });
        return false;
      } finally {
        busy.value = false;
      }
    },
  };
}
