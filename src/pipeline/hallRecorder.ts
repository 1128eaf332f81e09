import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { AlertSink } from '../alerts/outbox/alertSink.js';
import { observationMessage } from '../alerts/outbox/measurements.js';
import { cameraMessage, type SiteFacts } from '../alerts/outbox/messages.js';
import { alertRows, cameraRows, measurementRows } from '../alerts/outbox/routing.js';
import { messageOf } from '../core/errors.js';
import type { CameraFinding, HealthEvent } from '../core/health.js';
import type { CameraId } from '../core/ids.js';
import type { AlertStep } from '../core/incident.js';
import type { LiveHub } from '../core/live.js';
import type { Logger } from '../core/log.js';
import type { EventMs } from '../core/time.js';
import type { Judgement } from './judge.js';

/** What the hall says, written down and told: ledger, outbox, live hub. */
export interface HallRecorder {
  keep(judgement: Judgement, at: EventMs): void;
  /** A finding of a camera came or went; kept for its page. */
  health(event: HealthEvent): void;
  /** A camera's findings changed. */
  camera(camera: CameraId, findings: CameraFinding[], at: EventMs): void;
  /** Steps that the ledger has not taken yet: a full disk. They are tried again with every `keep`. */
  readonly waiting: number;
}

export interface HallRecorderOptions {
  ledger: Ledger;
  sinks: readonly AlertSink[];
  facts: SiteFacts;
  hub: LiveHub;
  log: Logger;
  /** Called once a step is in the ledger, e.g. to cut its evidence. */
  onStep(step: AlertStep): void;
}

/** Makes the recorder. A step that the ledger refuses stays first in line, so that order is kept and nothing is lost. */
export function hallRecorder({ ledger, sinks, facts, hub, log, onStep }: HallRecorderOptions): HallRecorder {
  const waiting: AlertStep[] = [];
  const shown = new Map<string, string>();

  const commitWaiting = (): void => {
    while (waiting.length > 0) {
      const step = waiting[0]!;
      try {
        const outcome = ledger.commitStep(step, alertRows(sinks, facts, step));
        waiting.shift();
        if (outcome.outcome === 'duplicate') continue;
        hub.publish({ type: 'step', seq: outcome.seq, step }, step.at);
        onStep(step);
      } catch (error) {
        log.error({ error: messageOf(error), waiting: waiting.length }, 'ledger refuses a step, it waits');
        return;
      }
    }
  };

  const keepObservations = (judgement: Judgement): void => {
    for (const observation of judgement.observations) ledger.observations.append(observation);
  };

  /** The board hears of a change, not of every look. */
  const show = (judgement: Judgement, at: EventMs): void => {
    for (const track of judgement.touched) {
      const change = track.live();
      const text = JSON.stringify(change);
      if (shown.get(track.subject) === text) continue;
      shown.set(track.subject, text);
      hub.publish(change, at);
    }
  };

  const measure = (judgement: Judgement, at: EventMs): void => {
    const rows = judgement.touched.flatMap((track) =>
      track
        .minutes(at)
        .flatMap((minute) =>
          measurementRows(sinks, observationMessage(facts, track.subject, { atMs: minute.at, ms: minute.ms })),
        ),
    );
    // One durable commit for all windows of a camera.
    if (rows.length > 0) ledger.outbox.enqueue(rows);
  };

  return {
    get waiting() {
      return waiting.length;
    },
    keep(judgement, at) {
      waiting.push(...judgement.steps);
      commitWaiting();
      try {
        keepObservations(judgement);
        measure(judgement, at);
      } catch (error) {
        log.error({ error: messageOf(error) }, 'ledger refuses observations');
      }
      show(judgement, at);
    },
    health(event) {
      try {
        ledger.cameraHealth.add(event);
      } catch (error) {
        log.error({ camera: event.camera, error: messageOf(error) }, 'ledger refuses a camera finding');
      }
    },
    camera(camera, findings, at) {
      const rows = cameraRows(sinks, cameraMessage(facts.site, camera, findings, at));
      try {
        if (rows.length > 0) ledger.outbox.enqueue(rows);
      } catch (error) {
        log.error({ camera, error: messageOf(error) }, 'ledger refuses a camera state');
      }
    },
  };
}
