import type { XmlElement, XmlNode } from './xml.js';

export interface SoapFault {
  kind: 'not-authorized' | 'other';
  /** For the log and the operator: at most 200 characters. */
  reason: string;
}

/** The fault in a SOAP body, of either SOAP version; undefined where there is none. */
export function faultOf(body: XmlElement): SoapFault | undefined {
  const faults = body.fault;
  const fault = Array.isArray(faults) ? faults[0] : undefined;
  if (fault === undefined) return undefined;
  const texts = textsOf(fault);
  const denied = texts.some((text) => /not\s*authori[sz]ed|failedauthentication|sender not authori[sz]ed/i.test(text));
  const reason = texts.filter((text) => !/^[\w-]+:[\w-]+$/.test(text)).at(0) ?? texts.join(' ');
  return { kind: denied ? 'not-authorized' : 'other', reason: printable(reason) };
}

function textsOf(node: XmlNode): string[] {
  if (typeof node === 'string') return node === '' ? [] : [node];
  return Object.entries(node).flatMap(([name, value]) => {
    if (Array.isArray(value)) return value.flatMap(textsOf);
    return name === '_' && typeof value === 'string' ? [value] : [];
  });
}

/** A device's words on one line. */
export const printable = (text: string): string =>
  text
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim()
    .slice(0, 200);
