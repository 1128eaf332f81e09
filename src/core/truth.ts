/** Three values everywhere: missing data is never "fine" and never "guilty". */
export type Truth = true | false | 'unknown';

/** True when all are true, false when any is false, else unknown (Kleene). */
export function allOf(values: Iterable<Truth>): Truth {
  let result: Truth = true;
  for (const value of values) {
    if (value === false) return false;
    if (value === 'unknown') result = 'unknown';
  }
  return result;
}

/** True when any is true, false when all are false, else unknown (Kleene). */
export function anyOf(values: Iterable<Truth>): Truth {
  let result: Truth = false;
  for (const value of values) {
    if (value === true) return true;
    if (value === 'unknown') result = 'unknown';
  }
  return result;
}

/** `not` of Kleene's logic: unknown stays unknown. */
export const notOf = (value: Truth): Truth => (value === 'unknown' ? 'unknown' : !value);
