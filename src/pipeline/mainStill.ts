import { join } from 'node:path';
import type { KeptFile } from '../alerts/evidence/clips/keepClips.js';
import type { EvidenceStore } from '../alerts/evidence/evidenceStore.js';
import { encodeJpeg } from '../alerts/evidence/snapshot.js';
import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { Clock } from '../core/clock.js';
import { messageOf } from '../core/errors.js';
import { cameraId, type IncidentId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import { type EventMs, plusMs } from '../core/time.js';
import { type RgbPicture, videoDecoder } from '../ingest/ffmpeg/decoder.js';
import { decodeVideoCommand } from '../ingest/ffmpeg/ffmpegCommand.js';
import { startFfmpeg } from '../ingest/ffmpeg/ffmpegProcess.js';

export interface MainStillOptions {
  /** The evidence folder. */
  folder: string;
  evidence: EvidenceStore;
  ledger: Pick<Ledger, 'snapshots' | 'stepsOf'>;
  clock: Clock;
  log: Logger;
  onFile(file: KeptFile): void;
}

/** A picture wider than this shows nothing more of a hall. */
const WIDEST = 2560;

/**
 * The best picture of a step: the key frame of its clip nearest to it, at the size of the main stream. Nothing is kept where
 * the clip is no larger than the picture that was analysed. Never throws: an incident without it still has the other two.
 */
export async function keepMainStill(clip: KeptFile, options: MainStillOptions): Promise<void> {
  const { evidence, ledger, log, onFile } = options;
  try {
    const incident = clip.incident as IncidentId;
    const step = ledger.stepsOf(incident).find((one) => one.step.ordinal === clip.ordinal)?.step;
    const best = step && (await nearestKeyFrame(clip, step.at, options));
    if (!best || best.picture.width <= ANALYSED_WIDTH) return;
    const bytes = await encodeJpeg(best.picture);
    const of = { incident, ordinal: clip.ordinal };
    const file = evidence.saveFile({ ...of, kind: 'main', at: clip.start, bytes });
    const camera = clip.camera === undefined ? {} : { camera: cameraId(clip.camera) };
    ledger.snapshots.add({ ...of, ...camera, at: best.at, ...file });
    onFile({ ...of, camera: clip.camera, ...file, start: best.at, end: best.at });
  } catch (error) {
    log.warn({ incident: clip.incident, error: messageOf(error) }, 'best picture could not be kept');
  }
}

/** The analysis sees pictures of this width by default; a sub-stream is seldom wider. */
const ANALYSED_WIDTH = 704;

async function nearestKeyFrame(clip: KeptFile, at: EventMs, { folder, clock, log }: MainStillOptions) {
  const command = decodeVideoCommand(
    { kind: 'file', path: join(folder, clip.path) },
    { size: { maxWidth: WIDEST }, keyframesOnly: true, pick: { kind: 'all' }, threads: 1 },
  );
  const decoder = videoDecoder(startFfmpeg)(command, { clock, log });
  let best: { picture: RgbPicture; at: EventMs } | undefined;
  for await (const picture of decoder.items) {
    const seenAt = plusMs(clip.start, Math.round(picture.ptsMs));
    if (!best || Math.abs(seenAt - at) < Math.abs(best.at - at)) best = { picture, at: seenAt };
  }
  await decoder.exited;
  return best;
}
