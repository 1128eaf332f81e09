import { AppError } from '../../core/errors.js';

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
  stream(): NutStream | undefined;
  /** True while a packet has begun and not ended: the pipe closed in the middle of a picture. */
  readonly torn: boolean;
}

const MAGIC = Buffer.from('nut/multimedia container\0', 'latin1');
const START = { main: 0x4e4d, stream: 0x4e53, syncpoint: 0x4e4b, index: 0x4e58, info: 0x4e49 } as const;
const FLAG = {
  codedPts: 8,
  streamId: 16,
  sizeMsb: 32,
  checksum: 64,
  reserved: 128,
  sideData: 256,
  headerIndex: 1024,
  matchTime: 2048,
  coded: 4096,
  invalid: 8192,
} as const;
/** A picture of 4096 x 4096; more is a reader that lost its place. */
const MAX_PACKET_BYTES = 3 * 4096 * 4096;

/** Thrown inside the parser where the bytes at hand end too early; never leaves this file. */
const NEED_MORE = Symbol('need more');

interface FrameCode {
  flags: number;
  ptsDelta: number;
  sizeMul: number;
  sizeLsb: number;
  reserved: number;
  headerIndex: number;
}

/**
 * Reads the NUT container (NUT Open Container Format, draft 20130327, the layout ffmpeg writes) for the one case we
 * make: one raw stream, no index, no side data. Checksums are not verified: the pipe between two processes of one
 * machine does not flip bits, and a lost place is caught by the start codes and the size bound.
 */
export function nutReader({ take = ownMemory }: NutReaderOptions = {}): NutReader {
  let pending: Uint8Array = new Uint8Array(0);
  let body: { data: Uint8Array; filled: number; ptsMs: number } | undefined;
  let begun = false;
  const state = { codes: [] as FrameCode[], elided: [] as Uint8Array[], shift: 0, lastPts: 0, base: [] as number[][] };
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
      const read = readStream(payload);
      streamHeader = read.stream;
      state.shift = read.shift;
      const [num, den] = state.base[read.base] ?? [1, 90_000];
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

  return {
    push(chunk) {
      const packets: NutPacket[] = [];
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      do fill(packets);
      while (!body && pending.length > 0 && advance());
      return packets;
    },
    stream: () => streamHeader,
    get torn() {
      return body !== undefined || pending.length > 0;
    },
  };
}

const ownMemory = (bytes: number): Uint8Array => new Uint8Array(Buffer.allocUnsafeSlow(bytes).buffer);

interface MainState {
  codes: FrameCode[];
  elided: Uint8Array[];
  /** Time bases as `[numerator, denominator]`, seconds. */
  base: number[][];
}

function readMain(at: Cursor, state: MainState): void {
  if (at.v() > 3) at.v();
  if (at.v() !== 1) throw lost('more than one stream');
  at.v();
  state.base = Array.from({ length: at.v() }, () => [at.v(), at.v()]);
  state.codes = readFrameCodes(at);
  state.elided = [new Uint8Array(0)];
  for (let left = at.v(); left > 0; left--) state.elided.push(at.bytes(at.v()).slice());
}

function readFrameCodes(at: Cursor): FrameCode[] {
  const codes: FrameCode[] = [];
  let [ptsDelta, sizeMul, headerIndex] = [0, 1, 0];
  while (codes.length < 256) {
    const flags = at.v();
    const fields = at.v();
    if (fields > 0) ptsDelta = at.s();
    if (fields > 1) sizeMul = at.v();
    if (fields > 2) at.v();
    const size = fields > 3 ? at.v() : 0;
    const reserved = fields > 4 ? at.v() : 0;
    const count = fields > 5 ? at.v() : sizeMul - size;
    if (fields > 6) at.s();
    if (fields > 7) headerIndex = at.v();
    for (let extra = fields; extra > 8; extra--) at.v();
    for (let n = 0; n < count && codes.length < 256; n++) {
      // `N` begins every start code and is never a frame code.
      if (codes.length === 0x4e) codes.push({ ...INVALID });
      codes.push({ flags, ptsDelta, sizeMul, sizeLsb: size + n, reserved, headerIndex });
    }
  }
  return codes;
}

const INVALID: FrameCode = { flags: FLAG.invalid, ptsDelta: 0, sizeMul: 1, sizeLsb: 0, reserved: 0, headerIndex: 0 };

function readStream(at: Cursor): { stream: NutStream; base: number; shift: number } {
  at.v();
  const kind = at.v();
  at.bytes(at.v());
  const base = at.v();
  const shift = at.v();
  at.v();
  at.v();
  at.v();
  at.bytes(at.v());
  const stream = kind === 0 ? { width: at.v(), height: at.v() } : { width: 0, height: 0 };
  return { stream, base, shift };
}

function syncTicks(coded: number, base: number[][], secondsPerTick: number): number {
  const [num, den] = base[coded % base.length]!;
  return Math.floor((Math.floor(coded / base.length) * num!) / den! / secondsPerTick + 1e-6);
}

function readFrameHeader(
  at: Cursor,
  state: { codes: FrameCode[]; elided: Uint8Array[]; shift: number; lastPts: number },
): { pts: number; size: number; elided: Uint8Array } {
  const code = state.codes[at.u8()] ?? INVALID;
  let { flags, headerIndex, reserved } = code;
  if (flags & FLAG.coded) flags ^= at.v();
  if (flags & (FLAG.invalid | FLAG.sideData)) throw lost('frame code');
  if (flags & FLAG.streamId) at.v();
  const pts = flags & FLAG.codedPts ? fullPts(at.v(), state) : state.lastPts + code.ptsDelta;
  const size = code.sizeLsb + (flags & FLAG.sizeMsb ? code.sizeMul * at.v() : 0);
  if (flags & FLAG.matchTime) at.s();
  if (flags & FLAG.headerIndex) headerIndex = at.v();
  if (flags & FLAG.reserved) reserved = at.v();
  for (; reserved > 0; reserved--) at.v();
  if (flags & FLAG.checksum) at.skip(4);
  if (size > MAX_PACKET_BYTES) throw lost(`packet of ${size} bytes`);
  // The format elides a common beginning in small packets only.
  const elided = state.elided[size > 4096 ? 0 : headerIndex];
  if (!elided || elided.length > size) throw lost('header index');
  return { pts, size, elided };
}

/** A time stamp is written in full or as its low bits, near the last one. */
function fullPts(coded: number, { shift, lastPts }: { shift: number; lastPts: number }): number {
  const range = 2 ** shift;
  if (coded >= range) return coded - range;
  const lowest = lastPts - Math.floor((range - 1) / 2);
  return lowest + ((((coded - lowest) % range) + range) % range);
}

const lost = (what: string): AppError =>
  new AppError('protocol', `decoder output: unexpected ${what}: not the NUT stream we asked for`, { retryable: true });

interface Cursor {
  u8(): number;
  u16(): number;
  /** Variable-length unsigned: seven bits a byte, high bit set on all but the last. */
  v(): number;
  /** Variable-length signed. */
  s(): number;
  peek(): number;
  skip(bytes: number): void;
  bytes(length: number): Uint8Array;
  sub(length: number): Cursor;
  position(): number;
}

function cursor(bytes: Uint8Array): Cursor {
  let at = 0;
  const need = (count: number): void => {
    if (at + count > bytes.length) throw NEED_MORE;
  };
  const self: Cursor = {
    u8() {
      need(1);
      return bytes[at++]!;
    },
    u16: () => self.u8() * 256 + self.u8(),
    v() {
      let value = 0;
      for (;;) {
        const byte = self.u8();
        value = value * 128 + (byte & 0x7f);
        if (byte < 0x80) return value;
      }
    },
    s() {
      const value = self.v() + 1;
      return value % 2 === 1 ? -Math.floor(value / 2) : value / 2;
    },
    peek() {
      need(1);
      return bytes[at]!;
    },
    skip(count) {
      need(count);
      at += count;
    },
    bytes(length) {
      need(length);
      at += length;
      return bytes.subarray(at - length, at);
    },
    sub: (length) => cursor(self.bytes(length)),
    position: () => at,
  };
  return self;
}
