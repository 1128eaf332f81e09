import { z } from 'zod';
import { printable } from './fault.js';
import { one } from './forms.js';
import { parseXml, type XmlLimits } from './xml.js';

/** A camera that answered a discovery probe. */
export interface DiscoveredCamera {
  /** The device's own endpoint name, usually `urn:uuid:...`. */
  id: string;
  /** Address the answer came from. */
  host: string;
  /** What to write as a camera's `source`; undefined where the device names no address at its own host. */
  source: string | undefined;
  /** From the scopes a device tells, in its own words; empty where it tells none. */
  name: string;
  hardware: string;
  location: string;
}

/** A datagram holds at most 64 KiB; an honest answer has about 2. */
const LIMITS: XmlLimits = { bytes: 65_536, depth: 16, elements: 1000, attributes: 1000 };

/** Text, also where it carries attributes. */
const text = z.union([z.string(), z.object({ _: z.string() }).transform((node) => node._)]);
const optionalText = one(text).optional().catch(undefined);
const match = z.object({
  endpointReference: one(z.object({ address: one(text) })),
  XAddrs: optionalText,
  scopes: optionalText,
});
const answer = z.object({
  envelope: one(
    z.object({
      header: one(z.object({ relatesTo: one(text) })),
      body: one(z.object({ probeMatches: one(z.object({ probeMatch: z.array(z.unknown()).max(64) })) })),
    }),
  ),
});

/**
 * Reads an answer to the probe `messageId`. A match without an endpoint is passed over.
 * @throws AppError `protocol` for no XML; ZodError for no ProbeMatches; both are for the log
 */
export function readProbeMatches(datagram: Buffer, sender: string, messageId: string): DiscoveredCamera[] {
  const { header, body } = answer.parse(parseXml(datagram, LIMITS, `discovery ${sender}`)).envelope;
  if (header.relatesTo !== messageId) return [];
  return body.probeMatches.probeMatch.flatMap((item) => {
    const parsed = match.safeParse(item);
    if (!parsed.success) return [];
    const { endpointReference, XAddrs = '', scopes = '' } = parsed.data;
    return {
      id: printable(endpointReference.address),
      host: sender,
      source: sourceAt(sender, XAddrs.split(/\s+/)),
      name: scopeOf(scopes, 'name'),
      hardware: scopeOf(scopes, 'hardware'),
      location: scopeOf(scopes, 'location'),
    };
  });
}

/** An answer may name any machine; only the sender itself is believed. */
function sourceAt(sender: string, addresses: string[]): string | undefined {
  for (const address of addresses.slice(0, 32)) {
    if (address.length > 512 || !URL.canParse(address)) continue;
    const url = new URL(address);
    if (url.hostname !== sender || (url.protocol !== 'http:' && url.protocol !== 'https:')) continue;
    const port = url.port || (url.protocol === 'https:' ? '443' : '');
    const path = url.pathname === '/onvif/device_service' ? '' : url.pathname;
    return `onvif://${sender}${port === '' ? '' : `:${port}`}${path}`;
  }
  return undefined;
}

/** Scopes are addresses such as `onvif://www.onvif.org/name/Front%20door`. */
function scopeOf(scopes: string, kind: string): string {
  const prefix = `onvif://www.onvif.org/${kind}/`;
  const scope = scopes.split(/\s+/).find((item) => item.toLowerCase().startsWith(prefix));
  if (scope === undefined) return '';
  const encoded = scope.slice(prefix.length);
  try {
    return printable(decodeURIComponent(encoded));
  } catch {
    // Not percent-encoded after all: shown as it came.
    return printable(encoded);
  }
}
