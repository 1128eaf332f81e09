import { StringDecoder } from 'node:string_decoder';
import { setImmediate as nextTurn } from 'node:timers/promises';
import sax from 'sax';
import { AppError } from '../../core/errors.js';

/**
 * An element: `$` its attributes, `_` its text where it has children or attributes as well, and a list for each name of
 * a child. An element of text alone is that text. Names lose their prefix and begin in lower case, `UTCDateTime` and
 * its like excepted: the form which the `onvif` package reads.
 */
export type XmlNode = string | XmlElement;
export interface XmlElement {
  [name: string]: XmlNode[] | Record<string, string> | string;
}

export interface XmlLimits {
  bytes: number;
  depth: number;
  elements: number;
  attributes: number;
}

/** Enough for the longest honest answer (a recorder with 64 channels), and read in a few milliseconds a turn. */
export const SOAP_LIMITS: XmlLimits = { bytes: 1 << 20, depth: 40, elements: 20_000, attributes: 20_000 };

const SLICE = 4 * 1024;
const NAME = /^[A-Za-z_][\w.-]{0,127}$/;

/**
 * Reads a stream of XML within limits, a slice at a time, so that no other camera waits for it. No document type, hence
 * no entities but the five of XML itself. Not `xml2js.parseString` behind the package's own expression, which is
 * quadratic in the number of `xmlns`.
 * @throws AppError `protocol` for what is no XML, too large, too deep or too rich
 */
export async function readXml(stream: AsyncIterable<Buffer>, limits: XmlLimits, what: string): Promise<XmlElement> {
  const reader = xmlReader(limits, what);
  for await (const chunk of stream) {
    for (let from = 0; from < chunk.length; from += SLICE) {
      reader.write(chunk.subarray(from, from + SLICE));
      await nextTurn();
    }
  }
  return reader.end();
}

/** The same for a few kilobytes at hand, in one go. */
export function parseXml(bytes: Buffer, limits: XmlLimits, what: string): XmlElement {
  const reader = xmlReader(limits, what);
  reader.write(bytes);
  return reader.end();
}

interface Open {
  name: string;
  attributes: Record<string, string> | undefined;
  children: Map<string, XmlNode[]>;
  text: string;
}

function xmlReader(limits: XmlLimits, what: string): { write(bytes: Buffer): void; end(): XmlElement } {
  const refuse = (why: string): never => {
    throw new AppError('protocol', `${what}: ${why}`, { hint: 'the device answers in no form that ONVIF allows' });
  };
  const decoder = new StringDecoder('utf8');
  // Without counting positions the parser would not bound its buffers either.
  const parser = sax.parser(true, { position: true });
  const root: Open = { name: '', attributes: undefined, children: new Map(), text: '' };
  const open: Open[] = [root];
  const count = { bytes: 0, elements: 0, attributes: 0 };
  parser.onerror = (error) => refuse(`not well-formed: ${error.message.split('\n', 1)[0]}`);
  parser.ondoctype = () => refuse('has a document type');
  parser.onattribute = () => {
    count.attributes += 1;
    if (count.attributes > limits.attributes) refuse(`over ${limits.attributes} attributes`);
  };
  parser.onopentag = (tag) => {
    count.elements += 1;
    if (count.elements > limits.elements) refuse(`over ${limits.elements} elements`);
    if (open.length > limits.depth) refuse(`nested over ${limits.depth} deep`);
    if (open.length === 1 && root.children.size > 0) refuse('more than one document');
    const name = plainName(tag.name) ?? refuse(`element name ${JSON.stringify(tag.name.slice(0, 40))}`);
    open.push({ name, attributes: plainAttributes(tag.attributes), children: new Map(), text: '' });
  };
  const addText = (text: string): void => {
    open.at(-1)!.text += text;
  };
  parser.ontext = addText;
  parser.oncdata = addText;
  parser.onclosetag = () => {
    const done = open.pop()!;
    const siblings = open.at(-1)!.children;
    const same = siblings.get(done.name);
    if (same) same.push(nodeOf(done));
    else siblings.set(done.name, [nodeOf(done)]);
  };
  return {
    write(bytes) {
      count.bytes += bytes.length;
      if (count.bytes > limits.bytes) refuse(`over ${limits.bytes} bytes`);
      parser.write(decoder.write(bytes));
    },
    end() {
      parser.write(decoder.end()).close();
      const node = nodeOf(root);
      return typeof node === 'string' ? refuse('empty') : node;
    },
  };
}

function nodeOf({ attributes, children, text }: Open): XmlNode {
  const plain = text.trim();
  if (attributes === undefined && children.size === 0) return plain;
  const element: XmlElement = {};
  if (attributes) element.$ = attributes;
  if (plain !== '') element._ = plain;
  for (const [name, nodes] of children) element[name] = nodes;
  return element;
}

/** Without prefix, first letter small unless the second is large; undefined for a name that ONVIF never uses. */
function plainName(name: string): string | undefined {
  const local = name.slice(name.lastIndexOf(':') + 1);
  if (!NAME.test(local) || local in Object.prototype) return undefined;
  const second = local.charAt(1);
  return second !== '' && second.toUpperCase() !== second ? local.charAt(0).toLowerCase() + local.slice(1) : local;
}

function plainAttributes(attributes: Record<string, unknown>): Record<string, string> | undefined {
  const kept = Object.entries(attributes).filter(([name]) => !name.startsWith('xmlns') && !(name in Object.prototype));
  return kept.length === 0 ? undefined : Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}

/** Text made safe for the inside of an element or attribute. */
export function xmlText(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
  return text.replace(/[&<>"']/g, (character) => names[character]!);
}
