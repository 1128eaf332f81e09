import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import { coverageOf } from '../../../core/incident.js';
import type { IncidentRecord } from '../../ledger/incidents.js';
import type { SnapshotRecord } from '../../ledger/snapshots.js';
import { blurPublic } from '../blurPublic.js';
import { incidentRecord } from '../record.js';
import type { PackageFile, PackageIncident } from './content.js';
import { loopDocument, verdictOf } from './loopFacts.js';
import type { PackageDeps } from './packageDeps.js';

export interface IncidentParts {
  shown: PackageIncident;
  files: PackageFile[];
  /** Paths below the data folder of what it took over, as the manifests name them. */
  origins: string[];
  remarks: string[];
}

/** What a package holds of one incident: its record, its closed loop, its pictures and its clips. */
export async function incidentParts(incident: IncidentRecord, deps: PackageDeps): Promise<IncidentParts> {
  const { ledger } = deps;
  const place = `incidents/${incident.id}`;
  const loop = ledger.workflowSteps.of(incident.id);
  const kept = ledger.snapshots.of(incident.id);
  const files: PackageFile[] = [
    { path: `${place}/incident.json`, from: { bytes: incidentRecord(incident.id, ledger) ?? Buffer.from('{}\n') } },
    { path: `${place}/loop.json`, from: { bytes: Buffer.from(`${JSON.stringify(loopDocument(loop), null, 1)}\n`) } },
  ];
  const remarks: string[] = [];
  const origins: string[] = [];
  for (const snapshot of kept) {
    const taken = await evidenceFile(snapshot, place, deps);
    if (taken === undefined) {
      remarks.push(`${snapshot.path}: deleted when its time was over, or gone`);
      continue;
    }
    files.push(taken);
    if (taken.origin !== undefined) origins.push(taken.origin);
  }
  for (const clip of ledger.clips.of(incident.id)) {
    if (clip.state === 'incomplete' || clip.state === 'missing') {
      remarks.push(`clip of ${incident.id}, step ${clip.ordinal}: ${clip.state}: ${clip.note}`);
    }
  }
  for (const { ordinal, state, note } of ledger.soundClips.of(incident.id)) {
    if (state === 'missing') remarks.push(`sound of ${incident.id}, step ${ordinal}: missing: ${note}`);
  }
  const paths = files.map(({ path }) => path);
  const shown: PackageIncident = {
    ...{ id: incident.id, rule: incident.rule, subject: incident.subject, start: incident.start },
    ...(incident.camera === undefined ? {} : { camera: incident.camera }),
    ...(incident.end === undefined ? {} : { end: incident.end }),
    ...{ priority: incident.priority, coverage: coverageOf(incident.seen), ruleVersion: incident.ruleVersion },
    ...verdictOf(incident.id, loop),
    loop: loop.map(({ at, actor, action, note, data }) => ({ at, actor, action, note, ...(data ? { data } : {}) })),
    pictures: paths.filter((path) => path.endsWith('.jpg')),
    clips: paths.filter((path) => path.endsWith('.mp4')),
  };
  return { shown, files, origins, remarks };
}

/** A picture with the public blurred is another file than the one that was signed, and says so by its name. */
async function evidenceFile(
  { kind, ordinal, path, camera }: SnapshotRecord,
  place: string,
  deps: PackageDeps,
): Promise<PackageFile | undefined> {
  const file = join(deps.data, 'evidence', path);
  const origin = `evidence/${path}`;
  const name = `${ordinal}-${kind}${extname(path)}`;
  if (!existsSync(file)) return undefined;
  const zones = camera === undefined ? [] : deps.staffZones(camera);
  if (extname(path) !== '.jpg' || !deps.blur || zones.length === 0) {
    return { path: `${place}/${name}`, from: { file }, origin };
  }
  const bytes = await blurPublic(file, zones);
  return { path: `${place}/${ordinal}-${kind}-blurred.jpg`, from: { bytes } };
}
