import { AppError } from '../../../core/errors.js';
import type { IncidentId } from '../../../core/ids.js';
import { eventMs, isoOf, plusMs } from '../../../core/time.js';
import { slicesOfFiles } from './chainSlices.js';
import type { PackageContent } from './content.js';
import { incidentParts } from './incidentParts.js';
import type { PackageDeps } from './packageDeps.js';

const DAY_MS = 86_400_000;

/**
 * What the package of one incident holds.
 * @throws AppError `not-found`
 */
export async function incidentContent(id: IncidentId, deps: PackageDeps): Promise<PackageContent> {
  const incident = deps.ledger.incidents.get(id);
  if (!incident) throw new AppError('not-found', `incident ${id}: not in the ledger`);
  const parts = await incidentParts(incident, deps);
  const to = incident.end ?? plusMs(incident.start, 1);
  const version = deps.ledger.ruleVersions.list(incident.rule).find((one) => one.version === incident.ruleVersion);
  const days = [...new Set([...parts.origins.map((path) => path.split('/')[1]!), ...daysOf(incident.start, to)])];
  return {
    kind: 'incident',
    id,
    title: `${deps.nameOf(incident.subject)} ${incident.rule}`,
    ...{ from: incident.start, to },
    cameras: [],
    incidents: [parts.shown],
    files: parts.files,
    chains: slicesOfFiles(deps.manifests, new Set(parts.origins), days),
    documents: { rules: version ? [version] : [] },
    remarks: parts.remarks,
  };
}

/** UTC days that a span touches, one more on both sides: a clip begins before its incident. */
export function daysOf(from: number, to: number): string[] {
  const days: string[] = [];
  for (let at = Math.floor(from / DAY_MS) * DAY_MS - DAY_MS; at <= to + DAY_MS; at += DAY_MS) {
    days.push(isoOf(eventMs(at)).slice(0, 10));
  }
  return days;
}
