import { join } from 'node:path';
import type { KeptFile } from '../alerts/evidence/clips/keepClips.js';
import { encodeWav } from '../alerts/evidence/wav.js';
import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { SoundClipRecord } from '../alerts/ledger/soundClips.js';
import { AppError, messageOf } from '../core/errors.js';
import { writeFileAtomic } from '../core/files.js';
import { sha256 } from '../core/hash.js';
import type { AlertStep } from '../core/incident.js';
import type { Logger } from '../core/log.js';
import { type EventMs, isoOf, plusMs } from '../core/time.js';
import { SAMPLE_RATE } from '../ingest/soundChunks.js';
import type { SoundRing } from '../ingest/soundRing.js';

/** Sound kept before and after a hit. */
const AROUND_MS = 10_000;
/** A clip that could not be written is tried again this often, event time. */
const RETRY_MS = 10_000;
/** Clips of a room that wait for a disk with room: the ring forgets their sound, so they wait as they were cut. 1 MB each. */
const MOST_UNWRITTEN = 12;

export interface SoundClipsOptions {
  /** Folder of the evidence. */
  folder: string;
  ledger: Pick<Ledger, 'snapshots' | 'soundClips'>;
  log: Logger;
  /** Told of each file once the ledger lists it, so that it is signed for. */
  onFile?: (file: KeptFile) => void;
  /** Told why a clip could not be written. */
  onFailure?: (error: AppError) => void;
}

/** The sound around each hit of a room, kept once what follows the hit was heard too. */
export interface SoundClips {
  /** A step of the room is in the ledger. */
  take(step: AlertStep): void;
  /** Sound came up to `until`: keeps what is whole by now. */
  heard(until: EventMs): void;
  /** No more sound will come: keeps what there is. `last`: nor will this process try again. */
  flush(last?: boolean): void;
}

interface Wanted {
  step: AlertStep;
  from: EventMs;
  to: EventMs;
}

/** A clip as it was cut. */
interface Cut {
  step: AlertStep;
  at: EventMs;
  end: EventMs;
  wav: Uint8Array;
}

/**
 * Cuts clips out of a room's ring. A clip that cannot be written costs no alert and no other clip: it waits as it was cut and
 * is tried again; what became of it stands in the ledger. Evidence lies as `DAY/INCIDENT/ORDINAL/sound.wav` beside the
 * pictures, with its hash in the ledger and in the manifests.
 */
export function soundClips(ring: SoundRing, options: SoundClipsOptions): SoundClips {
  const { folder, ledger, log } = options;
  let wanted: Wanted[] = [];
  let unwritten: Cut[] = [];
  let triedAt: EventMs | undefined;

  const note = ({ id, ordinal }: AlertStep, state: SoundClipRecord['state'], why: string): void => {
    try {
      ledger.soundClips.set({ incident: id, ordinal, state, note: why });
    } catch (error) {
      log.error({ incident: id, error: messageOf(error) }, 'state of a sound clip not written');
    }
  };

  /** @throws AppError `disk-full`, `storage` */
  const write = ({ step, at, end, wav }: Cut): void => {
    const { id: incident, ordinal, camera } = step;
    const path = `${isoOf(step.start).slice(0, 10)}/${incident}/${ordinal}/sound.wav`;
    writeFileAtomic(join(folder, path), wav);
    const file = { kind: 'sound', path, sha256: sha256(wav), bytes: wav.length };
    ledger.snapshots.add({ incident, ordinal, ...file, at, ...(camera === undefined ? {} : { camera }) });
    options.onFile?.({ incident, ordinal, ...file, camera, start: at, end });
  };

  const tryToWrite = (cuts: readonly Cut[]): void => {
    for (const cut of cuts) {
      try {
        write(cut);
        note(cut.step, 'kept', '');
      } catch (error) {
        if (!unwritten.includes(cut)) {
          unwritten.push(cut);
          // Whatever it was: it must not end the listening of a room.
          const failure =
            error instanceof AppError ? error : new AppError('storage', messageOf(error), { cause: error });
          note(cut.step, 'waiting', failure.code);
          log.error({ incident: cut.step.id, error: failure.message }, 'sound clip could not be kept, it waits');
          options.onFailure?.(failure);
        }
        continue;
      }
      unwritten = unwritten.filter((one) => one !== cut);
    }
    // The oldest goes: it was tried most often.
    while (unwritten.length > MOST_UNWRITTEN) giveUp(unwritten.shift()!);
  };

  const giveUp = ({ step }: Cut): void => {
    note(step, 'missing', 'disk-full');
    log.error({ incident: step.id }, 'sound clip lost: it could not be written for too long');
  };

  const settle = (isDue: (one: Wanted) => boolean): void => {
    const due = wanted.filter(isDue);
    if (due.length === 0) return;
    wanted = wanted.filter((one) => !due.includes(one));
    const cuts = due.flatMap(({ step, from, to }): Cut[] => {
      const cut = ring.cut(from, to);
      if (!cut) {
        note(step, 'missing', 'no-sound');
        return [];
      }
      const end = plusMs(cut.at, Math.round((cut.samples.length * 1000) / SAMPLE_RATE));
      return [{ step, at: cut.at, end, wav: encodeWav(cut.samples, SAMPLE_RATE) }];
    });
    tryToWrite(cuts);
  };

  return {
    take(step) {
      if (step.step !== 'open') return;
      wanted.push({ step, from: plusMs(step.start, -AROUND_MS), to: plusMs(step.at, AROUND_MS) });
      note(step, 'waiting', '');
    },
    heard(until) {
      settle(({ to }) => to <= until);
      if (unwritten.length === 0 || (triedAt !== undefined && Math.abs(until - triedAt) < RETRY_MS)) return;
      triedAt = until;
      tryToWrite([...unwritten]);
    },
    flush(last = false) {
      settle(() => true);
      tryToWrite([...unwritten]);
      if (!last) return;
      for (const cut of unwritten) giveUp(cut);
      unwritten = [];
    },
  };
}

/** The ring died with the process that held it: what was still owed will never come. */
export function endOwedClips(ledger: Pick<Ledger, 'soundClips'>): void {
  for (const clip of ledger.soundClips.waiting()) {
    ledger.soundClips.set({ ...clip, state: 'missing', note: clip.note === '' ? 'service-down' : clip.note });
  }
}
