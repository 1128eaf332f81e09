import {
  type Cursor,
  cursor,
  lost,
  NEED_MORE,
  type NutState,
  readFrameHeader,
  readMain,
  readStream,
  syncTicks,
} from './nutHeaders.js';

/** One packet of a stream that ffmpeg wrote as NUT. */
export interface NutPacket {
  /** Time stamp of the stream, milliseconds, as given by the camera or file; not a wall clock. */
  ptsMs: number;
  /** Owned by the receiver. */
  data: Uint8Array;
}

/** What the stream header says. `width` and `height` are 0 for sound. */
export interface NutStream {
  width: number;
  height: number;
}

export interface NutReaderOptions {
  /** Gives the memory for a packet. Default: memory that nobody shares. */
  take?: (bytes: number) => Uint8Array;
}

export interface NutReader {
  /** Takes bytes as they come from the pipe and gives the packets they complete. Throws AppError `protocol`. */
  push(chunk: Uint8Array): NutPacket[];
  /**
   * Memory for the next bytes, for those who can read into memory of others: what a packet still lacks, so that nothing of it is
   * copied, else a small place for headers. Valid until `wrote`.
   */
  space(): Uint8Array;
  /** As `push`, with the first `bytes` bytes of what `space` gave. */
  wrote(bytes: number): NutPacket[];
  stream(): NutStream | undefined;
  /** True while a packet has begun and not ended: the pipe closed in the middle of a picture. */
  readonly torn: boolean;
}

const MAGIC = Buffer.from('nut/multimedia container\0', 'latin1');
const START = { main: 0x4e4d, stream: 0x4e53, syncpoint: 0x4e4b, index: 0x4e58, info: 0x4e49 } as const;
/** More than any header but the first ones; what it holds of a packet is copied. */
const HEADER_SPACE = 512;

/**
 * Reads the NUT container (NUT Open Container Format, draft 20130327, the layout ffmpeg writes) for the one case we
 * make: one raw stream, no index, no side data. Checksums are not verified: the pipe between two processes of one
 * machine does not flip bits, and a lost place is caught by the start codes and the size bound.
 */
export function nutReader({ take = ownMemory }: NutReaderOptions = {}): NutReader {
  let pending: Uint8Array = NOTHING;
  let body: { data: Uint8Array; filled: number; ptsMs: number } | undefined;
  let begun = false;
  const state: NutState = { codes: [], elided: [], base: [], shift: 0, lastPts: 0 };
  const headers = new Uint8Array(HEADER_SPACE);
  let streamHeader: NutStream | undefined;
  let secondsPerTick = 1 / 90_000;

  const header = (at: Cursor): void => {
    const code = at.u16();
    at.skip(6);
    const length = at.v();
    if (length > 4096) at.skip(4);
    const payload = at.sub(length);
    if (code === START.main) readMain(payload, state);
    else if (code === START.stream) {
      const { width, height, base, shift } = readStream(payload);
      streamHeader = { width, height };
      state.shift = shift;
      const [num, den] = state.base[base] ?? [1, 90_000];
      secondsPerTick = num! / den!;
    } else if (code === START.syncpoint) state.lastPts = syncTicks(payload.v(), state.base, secondsPerTick);
    else if (code !== START.info && code !== START.index) throw lost(`start code ${code.toString(16)}`);
  };

  const frame = (at: Cursor): NonNullable<typeof body> => {
    const { pts, size, elided } = readFrameHeader(at, state);
    state.lastPts = pts;
    const data = take(size);
    data.set(elided);
    return { data, filled: elided.length, ptsMs: pts * secondsPerTick * 1000 };
  };

  /** Reads one header from the pending bytes; false where they do not suffice. */
  const advance = (): boolean => {
    const at = cursor(pending);
    try {
      if (!begun) {
        if (Buffer.compare(at.bytes(MAGIC.length), MAGIC) !== 0) throw lost('first bytes');
        begun = true;
      } else if (at.peek() === 0x4e) header(at);
      else body = frame(at);
    } catch (error) {
      if (error === NEED_MORE) return false;
      throw error;
    }
    pending = pending.subarray(at.position());
    return true;
  };

  const fill = (packets: NutPacket[]): void => {
    if (!body) return;
    const part = pending.subarray(0, body.data.length - body.filled);
    body.data.set(part, body.filled);
    body.filled += part.length;
    pending = pending.subarray(part.length);
    if (body.filled < body.data.length) return;
    packets.push({ ptsMs: body.ptsMs, data: body.data });
    body = undefined;
  };

  const push = (chunk: Uint8Array): NutPacket[] => {
    const packets: NutPacket[] = [];
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    do fill(packets);
    while (!body && pending.length > 0 && advance());
    return packets;
  };

  return {
    push,
    // Nothing is pending while a packet is open.
    space: () => body?.data.subarray(body.filled) ?? headers,
    wrote(bytes) {
      if (!body) return push(headers.slice(0, bytes));
      body.filled += bytes;
      return push(NOTHING);
    },
    stream: () => streamHeader,
    get torn() {
      return body !== undefined || pending.length > 0;
    },
  };
}

const NOTHING = new Uint8Array(0);

const ownMemory = (bytes: number): Uint8Array => new Uint8Array(Buffer.allocUnsafeSlow(bytes).buffer);
