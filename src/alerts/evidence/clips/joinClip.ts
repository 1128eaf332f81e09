import { AppError } from '../../../core/errors.js';
import { initBytesOf, moveFragment, readFragments } from '../../../core/mp4/fragment.js';
import { makeIndexBox } from '../../../core/mp4/indexBox.js';
import { type Mp4Init, readInit, sameInit } from '../../../core/mp4/init.js';
import { type EventMs, eventMs, plusMs } from '../../../core/time.js';
import { endOf, type Placeable, settlePieces } from './settlePieces.js';

/** A recorded file with its bytes. A torn end is fine. */
export interface ClipSource {
  path: string;
  start: EventMs;
  bytes: Uint8Array;
}

/** A clip: the pictures of the recording bit for bit, at their true distances. */
export interface JoinedClip {
  bytes: Uint8Array;
  /** Event time of its first picture, a key frame, and the end of its last. */
  start: EventMs;
  end: EventMs;
  /** Stretches inside where nothing was recorded. */
  holes: Array<{ from: EventMs; to: EventMs }>;
  /** Recorded files it was cut from. */
  sources: string[];
  video: string;
}

interface Piece extends Placeable {
  init: Mp4Init;
  path: string;
  startMs: number;
  bytes: Uint8Array;
}

/** A later fragment than this is a hole in the recording. */
const HOLE_MS = 1500;

/**
 * Cuts `[from, to]` out of recorded files without decoding: from the last key frame at or before `from` (else the first one
 * after it) to the fragment that holds `to`. Where the camera changed its coding in between, the longest stretch of one coding
 * is taken. Undefined where the files hold no key frame of the span.
 */
export function joinClip(sources: readonly ClipSource[], from: EventMs, to: EventMs): JoinedClip | undefined {
  const files = [...sources].sort((a, b) => a.start - b.start);
  const overlapping = settlePieces(files.flatMap(piecesOf)).filter((piece) => piece.at < to);
  const first = overlapping.findLastIndex((piece) => piece.key && piece.at <= from);
  const begin = first >= 0 ? first : overlapping.findIndex((piece) => piece.key && piece.at > from);
  if (begin < 0) return undefined;
  const taken = longestOfOneCoding(overlapping.slice(begin));
  const last = taken.at(-1);
  // All of it lies before what was asked for.
  if (!last || endOf(last) <= from) return undefined;
  return build(taken);
}

function piecesOf({ path, start, bytes }: ClipSource): Piece[] {
  const head = initBytesOf(bytes);
  if (!head) return [];
  const init = readInit(head);
  return readFragments(bytes, init).fragments.map(({ utcMs, startMs, durationMs, key, sequence, ...place }) => ({
    ...{ init, path, durationMs, key, startMs, sequence },
    at: utcMs === undefined ? plusMs(start, Math.round(startMs)) : eventMs(utcMs),
    bytes: bytes.subarray(place.offset, place.offset + place.bytes),
  }));
}

function longestOfOneCoding(pieces: Piece[]): Piece[] {
  const runs: Piece[][] = [];
  for (const piece of pieces) {
    const run = runs.at(-1);
    if (run && sameInit(run[0]!.init, piece.init)) run.push(piece);
    else if (piece.key) runs.push([piece]);
  }
  return runs.reduce<Piece[]>((best, run) => (run.length > best.length ? run : best), []);
}

function build(pieces: Piece[]): JoinedClip {
  const [first] = pieces;
  if (!first) throw new AppError('internal', 'clip: nothing to join');
  const { init } = first;
  const holes: JoinedClip['holes'] = [];
  const moved = pieces.map((piece, i) => {
    const before = pieces[i - 1];
    const reached = before && endOf(before);
    if (reached !== undefined && piece.at - reached > HOLE_MS) holes.push({ from: reached, to: piece.at });
    // A copy: the source is what was recorded and stays so.
    const bytes = Uint8Array.from(piece.bytes);
    moveFragment(bytes, init, { shiftMs: piece.at - first.at - piece.startMs, sequence: i + 1 });
    return bytes;
  });
  const end = endOf(pieces.at(-1)!);
  const index = makeIndexBox(
    init.video,
    pieces.map(({ at, key }, i) => {
      const until = pieces[i + 1]?.at ?? end;
      return { bytes: moved[i]!.length, ticks: ((until - at) * init.video.timescale) / 1000, key };
    }),
  );
  return {
    bytes: Buffer.concat([init.bytes, index, ...moved]),
    start: first.at,
    end,
    holes,
    sources: [...new Set(pieces.map(({ path }) => path))],
    video: init.video.codec,
  };
}
