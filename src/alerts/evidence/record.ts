import { canonicalJson } from '../../core/hash.js';
import type { IncidentId } from '../../core/ids.js';
import { coverageOf } from '../../core/incident.js';
import { isoOf, plusMs } from '../../core/time.js';
import type { Ledger } from '../ledger/openLedger.js';

/** Observations are kept from this long before an incident began to this long after it ended. */
const BEFORE_MS = 10 * 60_000;
const AFTER_MS = 5 * 60_000;
const KINDS = ['staff', 'citizens', 'persons', 'desk', 'quiet', 'faces', 'phone', 'speech', 'expected'];

/**
 * The record of an incident as it is when its newest step was taken: steps, the version and parameters of its rule, the
 * observations it rests on, its coverage. UTF-8 JSON with sorted keys; undefined for an unknown incident.
 */
export function incidentRecord(
  id: IncidentId,
  ledger: Pick<Ledger, 'incidents' | 'stepsOf' | 'observations' | 'ruleVersions' | 'clips'>,
): Uint8Array | undefined {
  const incident = ledger.incidents.get(id);
  if (!incident) return undefined;
  const steps = ledger.stepsOf(id);
  const newest = steps.at(-1)?.step;
  const from = plusMs(incident.start, -BEFORE_MS);
  const to = plusMs(newest?.end ?? newest?.at ?? incident.start, AFTER_MS);
  const { rule, ruleVersion, subject, camera, start } = incident;
  const version = ledger.ruleVersions.list(rule).find((one) => one.version === ruleVersion);
  const runs = ledger.observations.runsOf(subject, KINDS, from, to);
  const value = {
    schema: 1,
    incident: id,
    ...{ rule, subject, camera },
    start: isoOf(start),
    ...(newest?.end === undefined ? {} : { end: isoOf(newest.end), endReason: newest.endReason }),
    ruleVersion,
    parameters: version?.parameters,
    ...(newest ? { coverage: coverageOf(newest.seen), seen: newest.seen } : {}),
    steps: steps.map(({ seq, step }) => ({ ...step, seq, at: isoOf(step.at), start: isoOf(step.start) })),
    observations: runs.map((run) => ({ ...run, firstAt: isoOf(run.firstAt), lastAt: isoOf(run.lastAt) })),
    clips: ledger.clips.of(id).map((clip) => ({ ...clip, from: isoOf(clip.from), to: isoOf(clip.to) })),
  };
  return Buffer.from(`${canonicalJson(value)}\n`);
}
