import { join } from 'node:path';
import { encodeWav } from '../alerts/evidence/wav.js';
import type { Ledger } from '../alerts/ledger/openLedger.js';
import { messageOf } from '../core/errors.js';
import { writeFileAtomic } from '../core/files.js';
import { sha256 } from '../core/hash.js';
import type { AlertStep } from '../core/incident.js';
import type { Logger } from '../core/log.js';
import { type EventMs, isoOf, plusMs } from '../core/time.js';
import { SAMPLE_RATE } from '../ingest/soundChunks.js';
import type { SoundRing } from '../ingest/soundRing.js';

/** Sound kept before and after a hit. */
const AROUND_MS = 10_000;

export interface SoundClipsOptions {
  /** Folder of the evidence. */
  folder: string;
  ledger: Pick<Ledger, 'snapshots'>;
  log: Logger;
}

/** The sound around each hit of a room, kept once what follows the hit was heard too. */
export interface SoundClips {
  /** A step of the room is in the ledger. */
  take(step: AlertStep): void;
  /** Sound came up to `until`: keeps what is whole by now. */
  heard(until: EventMs): void;
  /** No more sound will come: keeps what there is. */
  flush(): void;
}

interface Wanted {
  step: AlertStep;
  from: EventMs;
  to: EventMs;
}

/**
 * Cuts clips out of a room's ring. A clip that cannot be kept costs no alert. Evidence lies as
 * `DAY/INCIDENT/ORDINAL/sound.wav` beside the pictures, with its hash in the ledger.
 */
export function soundClips(ring: SoundRing, { folder, ledger, log }: SoundClipsOptions): SoundClips {
  let wanted: Wanted[] = [];

  const keep = ({ step, from, to }: Wanted): void => {
    const cut = ring.cut(from, to);
    if (!cut) return;
    const path = `${isoOf(step.start).slice(0, 10)}/${step.id}/${step.ordinal}/sound.wav`;
    try {
      const wav = encodeWav(cut.samples, SAMPLE_RATE);
      writeFileAtomic(join(folder, path), wav);
      ledger.snapshots.add({
        ...{ incident: step.id, ordinal: step.ordinal, kind: 'sound', path, sha256: sha256(wav), bytes: wav.length },
        ...{ at: cut.at, ...(step.camera === undefined ? {} : { camera: step.camera }) },
      });
    } catch (error) {
      log.error({ incident: step.id, error: messageOf(error) }, 'sound clip could not be kept');
    }
  };

  const settle = (isDue: (one: Wanted) => boolean): void => {
    const due = wanted.filter(isDue);
    if (due.length === 0) return;
    wanted = wanted.filter((one) => !due.includes(one));
    due.forEach(keep);
  };

  return {
    take(step) {
      if (step.step !== 'open') return;
      wanted.push({ step, from: plusMs(step.start, -AROUND_MS), to: plusMs(step.at, AROUND_MS) });
    },
    heard: (until) => settle(({ to }) => to <= until),
    flush: () => settle(() => true),
  };
}
