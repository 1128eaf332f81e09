import { parse } from 'yaml';

/** A JSON value as YAML on one line: `[[0.1, 0.2], [0.5, 0.9]]`, `{ id: A01, name: 综合窗口 }`. */
export function inlineYaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inlineYaml).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    const pairs = Object.entries(value).filter(([, item]) => item !== undefined);
    return pairs.length === 0
      ? '{}'
      : `{ ${pairs.map(([key, item]) => `${plain(key)}: ${inlineYaml(item)}`).join(', ')} }`;
  }
  return typeof value === 'string' ? plain(value) : JSON.stringify(value);
}

/** Without quotation marks where YAML would read the same text back. */
function plain(text: string): string {
  return /^[\p{L}\p{N}][\p{L}\p{N}_.-]*$/u.test(text) && parse(text) === text ? text : JSON.stringify(text);
}
