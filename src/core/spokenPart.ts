/** Something that was said, event times in ms. */
interface Spoken {
  start: number;
  end: number;
  text: string;
}

/**
 * What of a text was said between two instants, its characters taken as evenly spaced. Text with spaces (the pinyin of the
 * demonstration engine) is cut between its words. Pure.
 */
export function spokenPart({ start, end, text }: Spoken, { from, to }: { from: number; to: number }): string {
  const length = Math.max(1, end - start);
  const place = (at: number): number =>
    betweenWords(text, Math.round((Math.min(Math.max(at - start, 0), length) / length) * text.length));
  return text.slice(place(from), place(to)).trim();
}

function betweenWords(text: string, index: number): number {
  if (!text.includes(' ') || index <= 0 || index >= text.length) return index;
  const before = text.lastIndexOf(' ', index);
  const after = text.indexOf(' ', index);
  const [left, right] = [Math.max(0, before), after < 0 ? text.length : after];
  return index - left <= right - index ? left : right;
}
