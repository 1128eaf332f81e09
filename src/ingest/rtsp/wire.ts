import { AppError } from '../../core/errors.js';

/** One answer of an RTSP server. Header names are in lower case. */
export interface RtspReply {
  status: number;
  reason: string;
  headers: ReadonlyMap<string, string>;
  /** Values of a header that came more than once (`www-authenticate`). */
  all(name: string): string[];
  body: string;
}

export interface RtspWireHandlers {
  onReply(reply: RtspReply): void;
  /** An interleaved packet. `data` is valid only during the call. */
  onPacket(channel: number, data: Uint8Array): void;
}

const DOLLAR = 0x24;
/** A header or body beyond this is no camera's; the bound keeps a hostile one from filling the memory. */
const MOST_BYTES = 64 * 1024;
const END_OF_HEADER = Buffer.from('\r\n\r\n');

/**
 * Reads what an RTSP server sends over TCP: answers and interleaved packets (RFC 2326, sections 7 and 10.12), in whatever
 * pieces they come. Requests of the server are passed over.
 * @returns a function that takes the next bytes; throws AppError `protocol` where they are no RTSP
 */
export function rtspWire({ onReply, onPacket }: RtspWireHandlers): (chunk: Uint8Array) => void {
  let rest: Buffer = Buffer.alloc(0);

  /** Takes one message at `at`; gives where the next one begins, or undefined where more bytes are needed. */
  const take = (bytes: Buffer, at: number): number | undefined => {
    if (bytes[at] === DOLLAR) {
      if (at + 4 > bytes.length) return undefined;
      const end = at + 4 + bytes.readUInt16BE(at + 2);
      if (end > bytes.length) return undefined;
      onPacket(bytes[at + 1]!, bytes.subarray(at + 4, end));
      return end;
    }
    // Some servers pad with line ends between messages.
    if (bytes[at] === 0x0d || bytes[at] === 0x0a) return at + 1;
    return takeMessage(bytes, at, onReply);
  };

  return (chunk) => {
    const bytes = rest.length === 0 ? asBuffer(chunk) : Buffer.concat([rest, chunk]);
    let at = 0;
    while (at < bytes.length) {
      const next = take(bytes, at);
      if (next === undefined) break;
      at = next;
    }
    // A copy: the caller's buffer is used again.
    rest = Buffer.from(bytes.subarray(at));
  };
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function takeMessage(bytes: Buffer, at: number, onReply: RtspWireHandlers['onReply']): number | undefined {
  const end = bytes.indexOf(END_OF_HEADER, at);
  if (end < 0) {
    if (bytes.length - at > MOST_BYTES) throw notRtsp('header too long');
    return undefined;
  }
  const [first = '', ...lines] = bytes.toString('utf8', at, end).split('\r\n');
  const fields = lines.flatMap((line): Array<[string, string]> => {
    const colon = line.indexOf(':');
    return colon < 0 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]];
  });
  const headers = new Map(fields);
  const length = Number(headers.get('content-length') ?? 0);
  if (!Number.isInteger(length) || length < 0 || length > MOST_BYTES) throw notRtsp('body too long');
  const bodyAt = end + END_OF_HEADER.length;
  if (bodyAt + length > bytes.length) return undefined;
  const status = /^RTSP\/\d\.\d (\d{3}) ?(.*)$/.exec(first);
  if (status) {
    const all = (name: string): string[] => fields.filter(([key]) => key === name).map(([, value]) => value);
    const body = bytes.toString('utf8', bodyAt, bodyAt + length);
    onReply({ status: Number(status[1]), reason: status[2]!, headers, all, body });
  } else if (!/^[A-Z_]+ \S+ RTSP\/\d\.\d$/.test(first)) throw notRtsp('unexpected bytes');
  return bodyAt + length;
}

const notRtsp = (why: string): AppError =>
  new AppError('protocol', `rtsp: server returned no valid answer: ${why}`, { retryable: true });
