import type { KeptFile } from '../alerts/evidence/clips/keepClips.js';
import type { EvidenceStore } from '../alerts/evidence/evidenceStore.js';
import { drawBoxes, encodeJpeg } from '../alerts/evidence/snapshot.js';
import type { Ledger } from '../alerts/ledger/openLedger.js';
import { messageOf } from '../core/errors.js';
import type { Frame } from '../core/frame.js';
import type { AlertStep } from '../core/incident.js';
import type { Logger } from '../core/log.js';
import type { LabelledBox } from '../core/observation.js';

export interface SnapshotTakerOptions {
  evidence: EvidenceStore;
  ledger: Pick<Ledger, 'snapshots'>;
  log: Logger;
  /** Told of each file once the ledger lists it. */
  onFile?: (file: KeptFile) => void;
}

/**
 * Keeps the picture that an incident opened or escalated on, with and without boxes. An alert never waits for its
 * picture, and a picture that cannot be kept costs no alert: it is told, and the incident shows none.
 */
export function snapshotTaker({ evidence, ledger, log, onFile }: SnapshotTakerOptions) {
  const running = new Set<Promise<void>>();

  const save = async (step: AlertStep, frame: Frame, boxes: LabelledBox[]): Promise<void> => {
    try {
      const [plain, boxed] = await Promise.all([encodeJpeg(frame), drawBoxes(frame, boxes)]);
      const { camera, at, width, height } = frame;
      const facts = { camera, at, ordinal: step.ordinal, width, height, boxes };
      const of = { incident: step.id, ordinal: step.ordinal, camera };
      for (const file of evidence.saveSnapshot(step.id, { plain, boxed, facts })) {
        ledger.snapshots.add({ ...of, ...file, at });
        onFile?.({ ...of, ...file, start: at, end: at });
      }
    } catch (error) {
      log.error({ incident: step.id, error: messageOf(error) }, 'snapshot could not be kept');
    }
  };

  return {
    take(step: AlertStep, frame: Frame | undefined, boxes: LabelledBox[]): void {
      if (!frame || step.step === 'ended') return;
      const task = save(step, frame, boxes).finally(() => running.delete(task));
      running.add(task);
    },
    /** Waits for pictures under way. */
    async idle(): Promise<void> {
      await Promise.all(running);
    },
  };
}
