import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Ledger } from '../alerts/ledger/openLedger.js';
import { storageError } from '../core/files.js';
import type { AlertStep } from '../core/incident.js';
import { type EventMs, eventMs, plusMs } from '../core/time.js';
import type { HallTracks } from './hallTracks.js';
import { restoreTracks } from './restoreTracks.js';
import type { SubjectTrack } from './subjectTrack.js';

/** Makes the data folder where there is none. @throws AppError `storage`, `disk-full` */
export function makeDataFolder(path: string): void {
  try {
    // Node answers ENOENT to a recursive mkdir on a read-only disk; the parent tells what is really wrong.
    if (!existsSync(path) && existsSync(dirname(path))) accessSync(dirname(path), constants.W_OK);
    mkdirSync(path, { recursive: true, mode: 0o750 });
    accessSync(path, constants.W_OK);
  } catch (cause) {
    throw storageError(`data folder ${path}`, cause);
  }
}

/** How far back the newest look is searched after a restart. */
const LOOK_BACK_MS = 26 * 3_600_000;

/** Event time of the newest look in the ledger, so that event time never runs backwards over a restart. */
export function newestLook(ledger: Ledger, tracks: readonly SubjectTrack[], now: EventMs): EventMs | undefined {
  const since = plusMs(now, -LOOK_BACK_MS);
  const until = plusMs(now, LOOK_BACK_MS);
  const ends = tracks.flatMap((track) =>
    ledger.observations.runsOf(track.subject, [...track.kinds], since, until).map((run) => run.lastAt),
  );
  return ends.length > 0 ? eventMs(Math.max(...ends)) : undefined;
}

/** Every rule that judges from now on, as it stands, in the ledger. */
export function rememberRules(
  ledger: Pick<Ledger, 'ruleVersions'>,
  tracks: Pick<HallTracks, 'windows' | 'all'>,
  from: EventMs,
): void {
  const rules = [
    ...tracks.windows.map(({ absence }) => absence.rule),
    ...tracks.all.flatMap((track) => track.attached.flatMap((attached) => attached.rules)),
  ];
  for (const { name: rule, version, parameters } of rules) {
    ledger.ruleVersions.remember({ rule, version, parameters, effectiveFrom: from });
  }
}

/** Feeds what the ledger has to the rules again; returns the steps that a crash swallowed. */
export function restoreHall(
  ledger: Ledger,
  tracks: Pick<HallTracks, 'windows' | 'all'>,
  { site, newest }: { site: string; newest: EventMs },
): AlertStep[] {
  const context = { ledger, site, newest };
  return [
    ...restoreTracks(ledger, tracks.windows, context),
    ...tracks.all.flatMap((track) => track.attached.flatMap((rule) => rule.restore?.(context) ?? [])),
  ];
}
