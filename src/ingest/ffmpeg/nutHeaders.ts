import { AppError } from '../../core/errors.js';

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

/** Thrown by a cursor where the bytes at hand end too early; never leaves the reader. */
export const NEED_MORE = Symbol('need more');

/** What one of 256 first bytes of a frame stands for. */
interface FrameCode {
  flags: number;
  ptsDelta: number;
  sizeMul: number;
  sizeLsb: number;
  reserved: number;
  headerIndex: number;
}

/** What the headers say of the frames after them. */
export interface NutState {
  codes: FrameCode[];
  elided: Uint8Array[];
  /** Time bases as `[numerator, denominator]`, seconds. */
  base: number[][];
  /** Bits of a short time stamp, and the last one in full. */
  shift: number;
  lastPts: number;
}

/** The main header: time bases, frame codes, common beginnings. Throws AppError `protocol`, as all here. */
export function readMain(at: Cursor, state: NutState): void {
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

/** A stream header: its size in pixels (0 for sound), its time base and the bits of a short time stamp. */
export function readStream(at: Cursor): { width: number; height: number; base: number; shift: number } {
  at.v();
  const kind = at.v();
  at.bytes(at.v());
  const base = at.v();
  const shift = at.v();
  at.v();
  at.v();
  at.v();
  at.bytes(at.v());
  const size = kind === 0 ? { width: at.v(), height: at.v() } : { width: 0, height: 0 };
  return { ...size, base, shift };
}

/** The time stamp of a syncpoint, in ticks of the stream. */
export function syncTicks(coded: number, base: number[][], secondsPerTick: number): number {
  const [num, den] = base[coded % base.length]!;
  return Math.floor((Math.floor(coded / base.length) * num!) / den! / secondsPerTick + 1e-6);
}

/** What comes before a packet: its time stamp in ticks, its size in bytes, and its first bytes where they are left out. */
export function readFrameHeader(at: Cursor, state: NutState): { pts: number; size: number; elided: Uint8Array } {
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
function fullPts(coded: number, { shift, lastPts }: NutState): number {
  const range = 2 ** shift;
  if (coded >= range) return coded - range;
  const lowest = lastPts - Math.floor((range - 1) / 2);
  return lowest + ((((coded - lowest) % range) + range) % range);
}

/** The reader has lost its place. */
export const lost = (what: string): AppError =>
  new AppError('protocol', `decoder output: unexpected ${what}: not the NUT stream we asked for`, { retryable: true });

/** Reads numbers and bytes in their order. Throws `NEED_MORE` at the end. */
export interface Cursor {
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

/** Begins at the first byte. */
export function cursor(bytes: Uint8Array): Cursor {
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
