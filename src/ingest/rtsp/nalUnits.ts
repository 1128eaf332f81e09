/** What a NAL unit is for, as far as key frames are concerned. */
export type NalKind = 'key' | 'parameters' | 'other';

export interface NalRules {
  /** Bytes of the NAL unit header. */
  headerBytes: 1 | 2;
  kindOf(type: number): NalKind;
  typeOf(header: number): number;
  /** RTP payload types beyond plain NAL units. */
  aggregate: number;
  fragment: number;
  /** Bits of the fragment header that hold the unit's type. */
  fragmentType: number;
}

/** ITU-T H.264, table 7-1, and RFC 6184: 5 is a slice of an IDR picture, 7 and 8 are SPS and PPS. */
const h264: NalRules = {
  headerBytes: 1,
  typeOf: (header) => header & 0x1f,
  kindOf: (type) => (type === 5 ? 'key' : type === 7 || type === 8 ? 'parameters' : 'other'),
  aggregate: 24,
  fragment: 28,
  fragmentType: 0x1f,
};

/** ITU-T H.265, table 7-1, and RFC 7798: 16 to 21 are slices of pictures one can begin with, 32 to 34 VPS, SPS, PPS. */
const h265: NalRules = {
  headerBytes: 2,
  typeOf: (header) => (header >> 1) & 0x3f,
  kindOf: (type) => (type >= 16 && type <= 21 ? 'key' : type >= 32 && type <= 34 ? 'parameters' : 'other'),
  aggregate: 48,
  fragment: 49,
  fragmentType: 0x3f,
};

export type VideoCodec = 'h264' | 'h265';

export const nalRules: Record<VideoCodec, NalRules> = { h264, h265 };

const START_CODE = Uint8Array.of(0, 0, 0, 1);

/** NAL units, each in parts, one after the other, each behind a start code (Annex B of both standards). */
export function annexB(units: readonly (readonly Uint8Array[])[]): Uint8Array {
  const parts = units.flatMap((unit) => [START_CODE, ...unit]);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
