import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { SiteFacts } from '../alerts/outbox/messages.js';
import type { Config } from '../core/config/schema.js';
import { messageOf } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import type { EventMs } from '../core/time.js';
import type { DeskKeeper } from './deskKeeper.js';
import type { HallLoops } from './hallLoops.js';
import type { HallRecorder } from './hallRecorder.js';
import type { HallTracks } from './hallTracks.js';
import type { Judge } from './judge.js';
import { type HallChange, takeUp } from './runningConfig.js';
import { siteFacts } from './siteFacts.js';

export interface TakeOverOptions {
  /** What the parts of the hall read; changed in place. */
  running: Config;
  tracks: HallTracks;
  judge: Pick<Judge, 'rosterChanged'>;
  ledger: Pick<Ledger, 'ruleVersions'>;
  recorder: Pick<HallRecorder, 'keep'>;
  loops: Pick<HallLoops, 'open' | 'close' | 'redraw'>;
  desks: Pick<DeskKeeper, 'redrawn'>;
  log: Logger;
  /** Changed in place: what messages say from now on. */
  facts: SiteFacts;
  /** The hall's present. */
  eventNow: () => EventMs;
}

/** Takes edited configurations over, one after the other. */
export interface TakeOver {
  (next: Config): void;
  /** Resolves when cameras that were to come or go have done so. */
  settled(): Promise<void>;
}

/**
 * Takes an edited configuration over while the hall runs, as far as that is possible: names, shifts, calendar, standby, the
 * parameters of the absence rule, zones and cameras. A changed rule is a new version, effective from the hall's present;
 * what was counted before stays counted, and an incident that is open keeps the version it was found with. New zones hold
 * from the next look on, and only cameras that see them are touched.
 */
export function takeOver(options: TakeOverOptions): TakeOver {
  const { running, tracks, judge, ledger, facts, eventNow } = options;
  let moving: Promise<void> = Promise.resolve();
  const apply = (next: Config): void => {
    facts.subjects = siteFacts(next).subjects;
    tracks.change(next);
    judge.rosterChanged();
    const change = takeUp(running, next);
    redraw(change, options);
    const rules = tracks.windows.flatMap(({ absence, attached }) => [
      absence.rule,
      ...attached.flatMap((own) => own.rules),
    ]);
    for (const { name: rule, version, parameters } of rules) {
      ledger.ruleVersions.remember({ rule, version, parameters, effectiveFrom: eventNow() });
    }
    moving = moving.then(() => moveCameras(change, options));
  };
  return Object.assign(apply, { settled: () => moving });
}

function redraw({ redrawn }: HallChange, { running, tracks, recorder, loops, desks, eventNow }: TakeOverOptions): void {
  for (const { subject, cameras } of redrawn) {
    const window = running.windows.find(({ id }) => id === subject);
    const told = window && tracks.redraw(window, eventNow());
    if (told) recorder.keep({ observations: [], steps: told.steps, touched: [told.track] }, eventNow());
    for (const camera of cameras) loops.redraw(camera);
  }
  const drawn = redrawn.filter(({ desk }) => desk).map(({ subject }) => subject);
  if (drawn.length > 0) void desks.redrawn(drawn);
}

async function moveCameras({ closed, opened }: HallChange, { loops, log }: TakeOverOptions): Promise<void> {
  await Promise.all(
    closed.map(async (camera) => {
      try {
        await loops.close(camera);
      } catch (error) {
        log.error({ camera, error: messageOf(error) }, 'camera could not be closed');
      }
    }),
  );
  for (const camera of opened) {
    try {
      loops.open(camera);
      log.info({ camera: camera.id }, 'camera opened');
    } catch (error) {
      log.error({ camera: camera.id, error: messageOf(error) }, 'camera could not be opened');
    }
  }
}
