import { AppError } from '../errors.js';
import { type Box, boxesIn, childrenOf, findBox, makeBox, viewOf } from './boxes.js';
import type { Mp4Init, Mp4Track } from './init.js';

/** What the header of one fragment (`moof` with its `mdat`) says of its pictures. */
export interface FragmentFacts {
  /** When its first picture is decoded, ms of the file's own time. */
  startMs: number;
  /** Until the next fragment's first picture, ms. */
  durationMs: number;
  /** Whether its first picture is a key frame. */
  key: boolean;
  /** Pictures in it; 0 for a fragment of sound alone. */
  pictures: number;
}

const TFHD = { baseOffset: 0x1, description: 0x2, duration: 0x8, size: 0x10, flags: 0x20 } as const;
const TRUN = { offset: 0x1, firstFlags: 0x4, duration: 0x100, size: 0x200, flags: 0x400, shift: 0x800 } as const;
/** `sample_is_non_sync_sample` */
const NON_SYNC = 0x10000;

/**
 * Facts of the fragment whose `moof` lies in `bytes`. A fragment without pictures stands where its sound does.
 * @throws AppError `bad-input` where it belongs to no track of `init`
 */
export function readFragment(bytes: Uint8Array, init: Mp4Init): FragmentFacts {
  const runs = trackRuns(bytes, init);
  const run = runs.find(({ track }) => track === init.video) ?? runs[0];
  if (!run) throw new AppError('bad-input', 'MP4: a fragment of no known track');
  const perMs = run.track.timescale / 1000;
  const isVideo = run.track === init.video;
  return {
    startMs: run.base / perMs,
    durationMs: run.ticks / perMs,
    key: isVideo && run.samples > 0 && (run.firstFlags & NON_SYNC) === 0,
    pictures: isVideo ? run.samples : 0,
  };
}

/**
 * Moves a fragment to another place of the file's time, in place: by `shiftMs`, never below 0, with `sequence` as its number
 * (from 1). Its pictures are untouched.
 */
export function moveFragment(bytes: Uint8Array, init: Mp4Init, to: { shiftMs: number; sequence: number }): void {
  const view = viewOf(bytes);
  const moof = findBox(bytes, ['moof']);
  const mfhd = moof && findBox(bytes, ['mfhd'], moof);
  if (mfhd) view.setUint32(mfhd.body + 4, to.sequence);
  for (const { track, base, tfdt } of trackRuns(bytes, init)) {
    const moved = Math.max(0, Math.round(base + (to.shiftMs * track.timescale) / 1000));
    if (bytes[tfdt.body] === 1) view.setBigUint64(tfdt.body + 4, BigInt(moved));
    else view.setUint32(tfdt.body + 4, moved);
  }
}

interface TrackRun {
  track: Mp4Track;
  tfdt: Box;
  base: number;
  ticks: number;
  samples: number;
  firstFlags: number;
}

function trackRuns(bytes: Uint8Array, init: Mp4Init): TrackRun[] {
  const moof = findBox(bytes, ['moof']);
  return (moof ? childrenOf(bytes, moof, 'traf') : []).flatMap((traf) => readTraf(bytes, traf, init) ?? []);
}

function readTraf(bytes: Uint8Array, traf: Box, init: Mp4Init): TrackRun | undefined {
  const view = viewOf(bytes);
  const tfhd = findBox(bytes, ['tfhd'], traf);
  const tfdt = findBox(bytes, ['tfdt'], traf);
  if (!tfhd || !tfdt) return undefined;
  const track = init.tracks.find(({ id }) => id === view.getUint32(tfhd.body + 4));
  if (!track) return undefined;
  const has = view.getUint32(tfhd.body);
  let at = tfhd.body + 8 + (has & TFHD.baseOffset ? 8 : 0) + (has & TFHD.description ? 4 : 0);
  const field = (): number => {
    at += 4;
    return view.getUint32(at - 4);
  };
  const duration = has & TFHD.duration ? field() : track.defaultDuration;
  if (has & TFHD.size) field();
  const flags = has & TFHD.flags ? field() : track.defaultFlags;
  const base = bytes[tfdt.body] === 1 ? Number(view.getBigUint64(tfdt.body + 4)) : view.getUint32(tfdt.body + 4);
  const run: TrackRun = { track, tfdt, base, ticks: 0, samples: 0, firstFlags: flags };
  for (const trun of childrenOf(bytes, traf, 'trun')) addRun(view, trun, run, { duration, flags });
  return run;
}

function addRun(view: DataView, trun: Box, run: TrackRun, defaults: { duration: number; flags: number }): void {
  const has = view.getUint32(trun.body);
  const count = view.getUint32(trun.body + 4);
  let at = trun.body + 8 + (has & TRUN.offset ? 4 : 0);
  const field = (): number => {
    at += 4;
    return view.getUint32(at - 4);
  };
  const first = has & TRUN.firstFlags ? field() : undefined;
  for (let i = 0; i < count; i++) {
    run.ticks += has & TRUN.duration ? field() : defaults.duration;
    if (has & TRUN.size) field();
    const flags = has & TRUN.flags ? field() : defaults.flags;
    if (has & TRUN.shift) field();
    if (run.samples === 0 && i === 0) run.firstFlags = first ?? flags;
  }
  run.samples += count;
}

/** Seconds between 1900, where NTP time begins, and 1970. */
const NTP_1970_S = 2_208_988_800;

/**
 * The box `prft` (ISO/IEC 14496-12, producer reference time) that says at which UTC instant a fragment's first picture was
 * taken. It stands before the fragment and keeps the true time inside the file itself.
 */
export function makeTimeBox(trackId: number, utcMs: number): Uint8Array {
  const content = new Uint8Array(24);
  const view = viewOf(content);
  view.setUint32(0, 0x01_000000);
  view.setUint32(4, trackId);
  view.setUint32(8, Math.floor(utcMs / 1000) + NTP_1970_S);
  view.setUint32(12, Math.round(((utcMs % 1000) / 1000) * 2 ** 32) >>> 0);
  return makeBox('prft', content);
}

/** The instant of a `prft` box, UTC ms. */
export function readTimeBox(bytes: Uint8Array, box: Box): number {
  const view = viewOf(bytes);
  const seconds = view.getUint32(box.body + 8) - NTP_1970_S;
  return seconds * 1000 + Math.round((view.getUint32(box.body + 12) / 2 ** 32) * 1000);
}

/** A fragment in a recorded file. */
export interface StoredFragment extends FragmentFacts {
  /** When its first picture was taken, UTC ms; undefined where no `prft` stands before it. */
  utcMs: number | undefined;
  /** Its number; a writer counts the fragments of one connection on over its files. 0 where it has none. */
  sequence: number;
  /** First byte, its `prft` included, and length with its `mdat`. */
  offset: number;
  bytes: number;
}

/** The whole fragments of a recorded file, in order; a torn end is left out. `wholeBytes` is where the last one ends. */
export function readFragments(file: Uint8Array, init: Mp4Init): { fragments: StoredFragment[]; wholeBytes: number } {
  const fragments: StoredFragment[] = [];
  let wholeBytes = init.bytes.length;
  let time: Box | undefined;
  let moof: Box | undefined;
  for (const box of boxesIn(file, init.bytes.length)) {
    if (box.type === 'prft') time = box;
    else if (box.type === 'moof') moof = box;
    else if (box.type === 'mdat' && moof) {
      const offset = time?.start ?? moof.start;
      const facts = readFragment(file.subarray(moof.start, box.end), init);
      const mfhd = findBox(file, ['mfhd'], moof);
      const sequence = mfhd ? viewOf(file).getUint32(mfhd.body + 4) : 0;
      fragments.push({ ...facts, utcMs: time && readTimeBox(file, time), sequence, offset, bytes: box.end - offset });
      wholeBytes = box.end;
      [time, moof] = [undefined, undefined];
    }
  }
  return { fragments, wholeBytes };
}

/** The header at the beginning of a file: `ftyp` and `moov`; undefined where it is torn. */
export function initBytesOf(file: Uint8Array): Uint8Array | undefined {
  for (const box of boxesIn(file)) if (box.type === 'moov') return file.subarray(0, box.end);
  return undefined;
}
