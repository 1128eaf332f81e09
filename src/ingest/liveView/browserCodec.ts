import { boxesIn, findBox } from '../../core/mp4/boxes.js';
import type { Mp4Init } from '../../core/mp4/init.js';

/** Bytes of `stsd` before its entries, and of a visual sample entry before its boxes, ISO/IEC 14496-12 8.5.2 and 12.1.3. */
const STSD_HEAD = 8;
const VISUAL_HEAD = 78;

/**
 * What a browser calls the stream's coding, `avc1.PPCCLL` (RFC 6381 3.3, from the decoder configuration of
 * ISO/IEC 14496-15). Undefined for what is not H.264: browsers on the hall's machines do not play it.
 */
export function browserCodec({ bytes, video }: Mp4Init): string | undefined {
  if (video.codec !== 'avc1') return undefined;
  const stsd = findBox(bytes, ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd']);
  for (const entry of stsd ? boxesIn(bytes, stsd.body + STSD_HEAD, stsd.end) : []) {
    for (const box of boxesIn(bytes, entry.body + VISUAL_HEAD, entry.end)) {
      if (box.type !== 'avcC') continue;
      // After the version: profile, compatibility, level.
      const facts = bytes.subarray(box.body + 1, box.body + 4);
      return `avc1.${Buffer.from(facts).toString('hex')}`;
    }
  }
  return undefined;
}
