import { AppError } from '../errors.js';
import { boxAt } from './boxes.js';
import { type FragmentFacts, readFragment } from './fragment.js';
import { type Mp4Init, readInit } from './init.js';

/** One fragment as it came out of a pipe. */
export interface StreamedFragment extends FragmentFacts {
  init: Mp4Init;
  /** `moof` and `mdat`; owned by the receiver. */
  bytes: Uint8Array;
}

/** Takes a fragmented MP4 stream in pieces of any size. */
export interface FragmentReader {
  /** The fragments that these bytes complete. @throws AppError `protocol` where it is no such stream */
  push(chunk: Uint8Array): StreamedFragment[];
}

/** A second of 8K video is far below; more is a reader that lost its place. */
const LARGEST_BOX = 64 << 20;
const SKIPPED = new Set(['styp', 'sidx', 'mfra', 'free', 'emsg', 'prft']);

/** Makes a reader for one stream from its first byte. */
export function fragmentReader(): FragmentReader {
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  /** Bytes without which no further box can be whole. */
  let needed = 8;
  let head: Uint8Array[] = [];
  let moof: Uint8Array | undefined;
  let init: Mp4Init | undefined;

  const take = (type: string, bytes: Uint8Array): StreamedFragment | undefined => {
    if (type === 'ftyp') head = [bytes];
    else if (type === 'moov') init = readInit(Buffer.concat([...head, bytes]));
    else if (type === 'moof') moof = bytes;
    else if (type === 'mdat' && moof && init) {
      const whole = Buffer.concat([moof, bytes]);
      moof = undefined;
      return { init, bytes: whole, ...readFragment(whole, init) };
    } else if (!SKIPPED.has(type)) throw lost(`box ${JSON.stringify(type)}`);
    return undefined;
  };

  return {
    push(chunk) {
      waiting.push(chunk);
      waitingBytes += chunk.length;
      if (waitingBytes < needed) return [];
      let bytes: Uint8Array = waiting.length === 1 ? chunk : Buffer.concat(waiting);
      const found: StreamedFragment[] = [];
      for (;;) {
        const box = boxAt(bytes, 0);
        needed = box?.end ?? 16;
        if (needed > LARGEST_BOX) throw lost(`box of ${needed} bytes`);
        if (!box || box.end > bytes.length) break;
        const fragment = take(box.type, bytes.subarray(0, box.end));
        if (fragment) found.push(fragment);
        bytes = bytes.subarray(box.end);
      }
      waiting = bytes.length > 0 ? [bytes] : [];
      waitingBytes = bytes.length;
      return found;
    },
  };
}

const lost = (what: string): AppError =>
  new AppError('protocol', `recording: unexpected ${what}: not the fragmented MP4 we asked for`, { retryable: true });
