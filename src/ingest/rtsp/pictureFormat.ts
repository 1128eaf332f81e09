import { AppError } from '../../core/errors.js';
import type { VideoCodec } from './nalUnits.js';

/** What a sequence parameter set says of the pictures. */
export interface PictureFormat {
  codec: VideoCodec;
  /** Pixels as coded, cropping applied. */
  width: number;
  height: number;
  /** Width over height of the picture as it is shown. */
  aspect: number;
  /** Equal for streams that one decoder can take in turns without setting itself up anew. */
  kind: string;
}

/** 4096 x 4096: beyond any sub-stream, and a bound on what a hostile stream makes the decoder allocate. */
const MOST_SIDE = 4096;
const LEAST_SIDE = 32;
/** H.264 profiles whose parameter set names the chroma format (ITU-T H.264, 7.3.2.1.1). */
const WITH_CHROMA = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
/** ITU-T H.264, table E-1: width over height of a pixel by `aspect_ratio_idc`. */
const PIXEL_ASPECT: ReadonlyArray<readonly [number, number]> = [
  ...([
    [1, 1],
    [1, 1],
    [12, 11],
    [10, 11],
    [16, 11],
    [40, 33],
    [24, 11],
    [20, 11],
    [32, 11],
  ] as const),
  ...([
    [80, 33],
    [18, 11],
    [15, 11],
    [64, 33],
    [160, 99],
    [4, 3],
    [3, 2],
    [2, 1],
  ] as const),
];

/**
 * Reads size and shape of the pictures from a sequence parameter set (NAL unit without a start code): ITU-T H.264, 7.3.2.1.1
 * and E.1.1, or H.265, 7.3.2.2. The shape of H.265 pixels stands behind fields that are not read: they count as square.
 * @throws AppError `unsupported` for interlaced video, `protocol` for what makes no sense
 */
export function pictureFormat(codec: VideoCodec, sps: Uint8Array): PictureFormat {
  try {
    const format = codec === 'h264' ? readH264(sps) : readH265(sps);
    const { width, height, aspect } = format;
    if (
      width < LEAST_SIDE ||
      height < LEAST_SIDE ||
      width > MOST_SIDE ||
      height > MOST_SIDE ||
      !(aspect > 0.1 && aspect < 10)
    ) {
      throw new AppError('protocol', `video: pictures of ${width}x${height}: not a camera's`, { retryable: true });
    }
    return format;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('protocol', 'video: invalid data in the sequence parameter set', {
      cause: error,
      retryable: true,
    });
  }
}

function readH264(sps: Uint8Array): PictureFormat {
  const bits = bitReader(sps, 1);
  const profile = bits.u(8);
  bits.u(16);
  bits.ue();
  const chroma = WITH_CHROMA.has(profile) ? readChroma(bits) : { idc: 1, depth: 8 };
  bits.ue();
  const orderType = bits.ue();
  if (orderType === 0) bits.ue();
  else if (orderType === 1) {
    bits.u(1);
    bits.se();
    bits.se();
    for (let left = atMost(bits.ue(), 255); left > 0; left--) bits.se();
  }
  bits.ue();
  bits.u(1);
  const across = bits.ue() + 1;
  const down = bits.ue() + 1;
  if (bits.u(1) === 0) throw new AppError('unsupported', 'video: interlaced');
  bits.u(1);
  const [x, y] = chroma.idc === 1 ? [2, 2] : chroma.idc === 2 ? [2, 1] : [1, 1];
  const [left, right, top, bottom] = bits.u(1) ? [bits.ue(), bits.ue(), bits.ue(), bits.ue()] : [0, 0, 0, 0];
  const width = across * 16 - x * (left + right);
  const height = down * 16 - y * (top + bottom);
  const { pixel, fullRange } = bits.u(1) ? readUsability(bits) : { pixel: 1, fullRange: false };
  const kind = `h264 ${width}x${height} ${chroma.idc}/${chroma.depth} ${fullRange ? 'full' : 'limited'}`;
  return { codec: 'h264', width, height, aspect: (width / height) * pixel, kind };
}

function readChroma(bits: Bits): { idc: number; depth: number } {
  const idc = bits.ue();
  if (idc === 3) bits.u(1);
  const depth = bits.ue() + 8;
  bits.ue();
  bits.u(1);
  const lists = bits.u(1) * (idc === 3 ? 12 : 8);
  for (let i = 0; i < lists; i++) {
    const given = bits.u(1);
    if (given) skipScalingList(bits, i < 6 ? 16 : 64);
  }
  return { idc, depth };
}

function skipScalingList(bits: Bits, size: number): void {
  let last = 8;
  let next = 8;
  for (let i = 0; i < size; i++) {
    if (next !== 0) next = (last + bits.se() + 256) % 256;
    last = next === 0 ? last : next;
  }
}

/** The beginning of the usability information: shape of a pixel, range of the levels. */
function readUsability(bits: Bits): { pixel: number; fullRange: boolean } {
  let pixel = 1;
  if (bits.u(1)) {
    const idc = bits.u(8);
    const [wide, high] = idc === 255 ? [bits.u(16), bits.u(16)] : (PIXEL_ASPECT[idc] ?? [1, 1]);
    if (wide > 0 && high > 0) pixel = wide / high;
  }
  if (bits.u(1)) bits.u(1);
  if (!bits.u(1)) return { pixel, fullRange: false };
  bits.u(3);
  return { pixel, fullRange: bits.u(1) === 1 };
}

function readH265(sps: Uint8Array): PictureFormat {
  const bits = bitReader(sps, 2);
  bits.u(4);
  const subLayers = bits.u(3);
  bits.u(1);
  skipProfileTierLevel(bits, subLayers);
  bits.ue();
  const chroma = bits.ue();
  if (chroma === 3) bits.u(1);
  const coded = { width: bits.ue(), height: bits.ue() };
  const [x, y] = chroma === 1 ? [2, 2] : chroma === 2 ? [2, 1] : [1, 1];
  const [left, right, top, bottom] = bits.u(1) ? [bits.ue(), bits.ue(), bits.ue(), bits.ue()] : [0, 0, 0, 0];
  const depth = bits.ue() + 8;
  const width = coded.width - x * (left + right);
  const height = coded.height - y * (top + bottom);
  return { codec: 'h265', width, height, aspect: width / height, kind: `h265 ${width}x${height} ${chroma}/${depth}` };
}

/** ITU-T H.265, 7.3.3. */
function skipProfileTierLevel(bits: Bits, subLayers: number): void {
  bits.skip(96);
  const present = Array.from({ length: subLayers }, () => [bits.u(1), bits.u(1)] as const);
  if (subLayers > 0) bits.skip(2 * (8 - subLayers));
  for (const [profile, level] of present) bits.skip(profile * 88 + level * 8);
}

interface Bits {
  /** The next `count` bits, at most 16, as an unsigned number. */
  u(count: number): number;
  skip(count: number): void;
  /** Exponential Golomb codes (ITU-T H.264, 9.1). */
  ue(): number;
  se(): number;
}

const atMost = (value: number, most: number): number => {
  if (value > most) throw new RangeError('out of range');
  return value;
};

/** Reads bits from byte `start` on; the bytes that keep start codes apart (00 00 03) are left out. */
function bitReader(unit: Uint8Array, start: number): Bits {
  const bytes = unit
    .slice(start)
    .filter((byte, i, all) => !(byte === 3 && i >= 2 && all[i - 1] === 0 && all[i - 2] === 0));
  let at = 0;
  const bit = (): number => {
    if (at >= bytes.length * 8) throw new RangeError('too short');
    const value = (bytes[at >> 3]! >> (7 - (at & 7))) & 1;
    at += 1;
    return value;
  };
  const u = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 2 + bit();
    return value;
  };
  const ue = (): number => {
    let zeros = 0;
    while (bit() === 0) zeros = atMost(zeros + 1, 31);
    return 2 ** zeros - 1 + u(zeros);
  };
  return {
    u,
    skip(count) {
      at += count;
    },
    ue,
    se() {
      const code = ue();
      return code % 2 === 1 ? (code + 1) / 2 : -code / 2;
    },
  };
}
