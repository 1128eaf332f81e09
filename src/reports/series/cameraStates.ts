import type { Ledger } from '../../alerts/ledger/openLedger.js';
import { cameraHealthMessage } from '../../alerts/outbox/measurements.js';
import { type CameraMessage, cameraMessage, type MeasurementMessage } from '../../alerts/outbox/messages.js';
import type { Config } from '../../core/config/schema.js';
import type { CameraFinding } from '../../core/health.js';
import { type CameraId, type SubjectId, subjectId } from '../../core/ids.js';
import { type EventMs, eventMs } from '../../core/time.js';
import { bucketSums, union } from '../figures/spans.js';
import { edgesOf, type HourOptions } from './hours.js';

/** As many changes as the ledger keeps of a camera. */
const KEPT = 1000;

type HealthLedger = Pick<Ledger, 'cameraHealth'>;

/** Every state a camera was in, from its first change on; each as it was told when it began. */
function statesOf(site: string, camera: CameraId, { cameraHealth }: HealthLedger): Array<[EventMs, CameraMessage]> {
  const findings = new Set<CameraFinding>();
  return cameraHealth
    .of(camera, KEPT)
    .reverse()
    .map(({ finding, state, at }) => {
      if (state === 'raised') findings.add(finding);
      else findings.delete(finding);
      return [at, cameraMessage(site, camera, [...findings], at)];
    });
}

/** The changes of a camera's state within `from <= t < to`. */
export const cameraStates = (
  site: string,
  camera: CameraId,
  { ledger, from, to }: { ledger: HealthLedger; from: EventMs; to: EventMs },
): CameraMessage[] =>
  statesOf(site, camera, ledger).flatMap(([at, message]) => (from <= at && at < to ? [message] : []));

/** What a camera looks at, and the kind of its looks. */
interface Watched {
  subject: SubjectId;
  kind: 'staff' | 'persons';
}

/** Windows and rooms that a camera looks at. */
const watchedBy = ({ windows, rooms }: Pick<Config, 'windows' | 'rooms'>, camera: CameraId): Watched[] => [
  ...windows.flatMap(({ id, camera: own }): Watched[] =>
    own === camera ? [{ subject: subjectId(id), kind: 'staff' }] : [],
  ),
  ...rooms.flatMap(({ id, cameras }): Watched[] =>
    cameras.includes(camera) ? [{ subject: subjectId(id), kind: 'persons' }] : [],
  ),
];

/**
 * The state a camera is in at the end of every hour of a span in which it was watched: one that never had a finding is known
 * to be there, too, and nothing is said of hours in which the service did not run.
 */
export function cameraHours(
  camera: CameraId,
  { config, ledger, facts, span }: HourOptions & { config: Pick<Config, 'windows' | 'rooms'>; ledger: HealthLedger },
): MeasurementMessage[] {
  const states = statesOf(facts.site, camera, ledger);
  const [from, to] = [eventMs(span.from), eventMs(span.to)];
  const edges = edgesOf(span);
  const looks = watchedBy(config, camera).flatMap(({ subject, kind }) =>
    ledger.observations.seenRuns(subject, kind, from, to),
  );
  const watched = bucketSums(union(looks.map((run) => ({ from: run.firstAt, to: run.lastAt + 1 }))), edges);
  return edges.slice(1).flatMap((end, i) => {
    if (watched[i] === 0) return [];
    const findings = states.findLast(([at]) => at < end)?.[1].findings ?? [];
    return [cameraHealthMessage(cameraMessage(facts.site, camera, findings, eventMs(end - 1)), false)];
  });
}
