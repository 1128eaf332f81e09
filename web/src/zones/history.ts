/** A value with its past and its undone future. Pure: each call gives a new history. */
export interface History<T> {
  past: readonly T[];
  present: T;
  future: readonly T[];
}

const KEPT_STEPS = 100;

export const historyOf = <T>(present: T): History<T> => ({ past: [], present, future: [] });

/** Makes a step; what was undone is gone. Nothing happens when the value is the same. */
export function commit<T>(history: History<T>, next: T): History<T> {
  if (Object.is(history.present, next)) return history;
  return { past: [...history.past, history.present].slice(-KEPT_STEPS), present: next, future: [] };
}

export function undo<T>(history: History<T>): History<T> {
  const before = history.past.at(-1);
  if (history.past.length === 0 || before === undefined) return history;
  return { past: history.past.slice(0, -1), present: before, future: [history.present, ...history.future] };
}

export function redo<T>(history: History<T>): History<T> {
  const after = history.future[0];
  if (history.future.length === 0 || after === undefined) return history;
  return { past: [...history.past, history.present], present: after, future: history.future.slice(1) };
}
