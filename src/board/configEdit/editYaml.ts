import { isDeepStrictEqual } from 'node:util';
import {
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { inlineYaml } from './inlineYaml.js';

export type YamlPath = ReadonlyArray<string | number>;

/** One change: set a value (a list index equal to the length appends), or remove it with `undefined`. */
export interface YamlChange {
  path: YamlPath;
  value: unknown;
}

/**
 * Changes values in a YAML text and leaves every other byte, comment and line as people wrote it. Each splice is checked by
 * parsing the result: where it does not say exactly what was meant, the whole document is written anew instead, which
 * keeps comments but not the layout.
 */
export function editYaml(text: string, changes: readonly YamlChange[]): string {
  return changes.reduce(editOnce, text);
}

function editOnce(text: string, wanted: YamlChange): string {
  const document = parseDocument(text);
  const change = lifted(document.contents, wanted);
  const spliced = splice(text, document.contents, change);
  if (change.value === undefined) document.deleteIn(change.path);
  else document.setIn(change.path, document.createNode(change.value, { flow: true }));
  if (spliced !== undefined) {
    const reread = parseDocument(spliced);
    if (reread.errors.length === 0 && isDeepStrictEqual(reread.toJS(), document.toJS())) return spliced;
  }
  return document.toString({ lineWidth: 0 });
}

/** The same change said at the nearest parent that is in the file: `a.b.c = 1` becomes `a = { b: { c: 1 } }`. */
function lifted(root: Node | null, { path, value }: YamlChange): YamlChange {
  if (value === undefined || path.length < 2 || isCollection(nodeAt(root, path.slice(0, -1)))) return { path, value };
  const last = path[path.length - 1]!;
  return lifted(root, { path: path.slice(0, -1), value: typeof last === 'number' ? [value] : { [last]: value } });
}

/** The text with the change made in place, or undefined where the layout gives no simple place for it. */
function splice(text: string, root: Node | null, { path, value }: YamlChange): string | undefined {
  const last = path[path.length - 1]!;
  const parent = nodeAt(root, path.slice(0, -1));
  if (value === undefined) {
    if (isSeq(parent)) return removeItem(text, parent, Number(last));
    return isMap(parent) ? removePair(text, parent, String(last)) : undefined;
  }
  const present = nodeAt(root, path);
  if (present?.range) {
    const [from, to] = present.range;
    const gap = text[from - 1] === ':' ? ' ' : '';
    return text.slice(0, from) + gap + inlineYaml(value) + text.slice(endOfValue(text, from, to));
  }
  if (isMap(parent)) return addPair(text, parent, `${last}: ${inlineYaml(value)}`);
  if (isSeq(parent)) return addItem(text, parent, inlineYaml(value));
  return undefined;
}

function nodeAt(root: Node | null, path: YamlPath): Node | undefined {
  let node: unknown = root;
  for (const part of path) {
    if (!isCollection(node)) return undefined;
    node = node.get(part, true);
  }
  return (node as Node | undefined) ?? undefined;
}

/** Block collections reach over the line break behind them, which must stay. */
const endOfValue = (text: string, from: number, to: number): number => from + text.slice(from, to).trimEnd().length;
const startOfLine = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;
function endOfLine(text: string, at: number): number {
  const found = text.indexOf('\n', at);
  return found < 0 ? text.length : found;
}

function addPair(text: string, map: YAMLMap, pair: string): string | undefined {
  if (map.flow) return addInFlow(text, map, pair);
  const line = [...(map.items as Array<Pair<Node, Node | null>>)].reverse().find(({ value }) => isOneLine(text, value));
  const first = map.items[0] as Pair<Node> | undefined;
  if (!line?.value?.range || !first?.key.range) return undefined;
  const indent = ' '.repeat(first.key.range[0] - startOfLine(text, first.key.range[0]));
  const at = endOfLine(text, line.value.range[1]);
  return `${text.slice(0, at)}\n${indent}${pair}${text.slice(at)}`;
}

const isOneLine = (text: string, value: Node | null): boolean =>
  value?.range != null &&
  (isScalar(value) || (isCollection(value) && value.flow === true)) &&
  !text.slice(value.range[0], value.range[1]).includes('\n');

function addItem(text: string, list: YAMLSeq, item: string): string | undefined {
  if (list.flow) return addInFlow(text, list, item);
  if (!list.range) return undefined;
  const [from, to] = list.range;
  const indent = text.slice(startOfLine(text, from), from);
  const at = endOfLine(text, endOfValue(text, from, to));
  return indent.trim() === '' ? `${text.slice(0, at)}\n${indent}- ${item}${text.slice(at)}` : undefined;
}

/** Before the closing bracket, behind what stands there. */
function addInFlow(text: string, collection: YAMLMap | YAMLSeq, item: string): string | undefined {
  if (!collection.range) return undefined;
  const close = collection.range[1] - 1;
  const at = text.slice(0, close).trimEnd().length;
  return `${text.slice(0, at)}${collection.items.length > 0 ? ', ' : ''}${item}${text.slice(at)}`;
}

/** A pair on lines of its own goes with them; the last one's map would become an empty value. */
function removePair(text: string, map: YAMLMap, key: string): string | undefined {
  if (map.flow || map.items.length < 2) return undefined;
  const pair = (map.items as Array<Pair<Node, Node | null>>).find((one) => isScalar(one.key) && one.key.value === key);
  if (!pair?.key.range || !pair.value?.range) return undefined;
  const from = startOfLine(text, pair.key.range[0]);
  const [begin, end] = pair.value.range;
  return text.slice(0, from) + text.slice(endOfLine(text, endOfValue(text, begin, end)) + 1);
}

function removeItem(text: string, list: YAMLSeq, index: number): string | undefined {
  const range = (list.items[index] as Node | undefined)?.range;
  // The last item's list would become an empty value: the document writer knows how to say that.
  if (!range || list.flow || list.items.length < 2) return undefined;
  const from = startOfLine(text, range[0]);
  return text.slice(0, from) + text.slice(endOfLine(text, endOfValue(text, range[0], range[1])) + 1);
}
