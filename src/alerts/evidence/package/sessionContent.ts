import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../core/errors.js';
import type { EvaluationId, EvaluationSession } from '../../../core/evaluation.js';
import type { CameraId } from '../../../core/ids.js';
import { type EventMs, parseInstant, plusMs } from '../../../core/time.js';
import type { IncidentRecord } from '../../ledger/incidents.js';
import type { ChainEntry } from '../chain/entry.js';
import { chainSlice, slicesOfFiles } from './chainSlices.js';
import type { PackageCamera, PackageContent, PackageFile } from './content.js';
import { daysOf } from './incidentContent.js';
import { incidentParts } from './incidentParts.js';
import type { PackageDeps } from './packageDeps.js';

/** An incident may have begun this long before a session and still reach into it. */
const EARLIER_MS = 12 * 3_600_000;

/**
 * What the package of one evaluation session (一标一档) holds. A session that is still open is taken up to `until`.
 * @throws AppError `not-found`, `conflict` for one that was never opened
 */
export async function sessionContent(id: EvaluationId, deps: PackageDeps, until: EventMs): Promise<PackageContent> {
  const { ledger, manifests } = deps;
  const session = ledger.evaluations.get(id);
  if (!session) throw new AppError('not-found', `evaluation ${id}: there is none`);
  if (session.openedAt === undefined) {
    throw new AppError('conflict', `evaluation ${id}: was never opened`, {
      hint: 'there is nothing to put into a package',
    });
  }
  const from = session.openedAt;
  const to = session.closedAt ?? until;
  const days = daysOf(from, to);
  const chains = new Map<string, ChainEntry[]>();
  const cameras: PackageCamera[] = [];
  const files: PackageFile[] = [];
  const remarks: string[] = session.closedAt === undefined ? ['the session is still open'] : [];
  for (const { room } of session.rooms) {
    for (const camera of deps.camerasOf(room)) {
      if (cameras.some((known) => known.camera === camera)) continue;
      cameras.push({ ...cameraPart(camera, { from, to }, { deps, days, chains, files, remarks }), room });
    }
  }
  const incidents = incidentsOf(session, { from, to }, deps);
  const parts = await Promise.all(incidents.map((incident) => incidentParts(incident, deps)));
  const origins = new Set(parts.flatMap((part) => part.origins));
  for (const [chain, slice] of slicesOfFiles(manifests, origins, days)) mergeSlice(chains, chain, { slice, manifests });
  const ofSession = manifests.read(`session/${id}`);
  if (ofSession.length > 0) chains.set(`session/${id}`, ofSession);
  const patrols = patrolFiles({ from, to }, deps, new Set(cameras.map(({ camera }) => camera)));
  return {
    ...{ kind: 'session', id, title: `${session.project} ${session.projectName}`, from, to, cameras },
    incidents: parts.map(({ shown }) => shown),
    files: [...files, ...parts.flatMap((part) => part.files), ...patrols.files],
    chains,
    documents: { ...documentsOf(session, { from, to }, { deps, incidents }), patrols: patrols.visits },
    remarks: [...remarks, ...parts.flatMap((part) => part.remarks)],
  };
}

interface Gathering {
  deps: PackageDeps;
  days: readonly string[];
  chains: Map<string, ChainEntry[]>;
  files: PackageFile[];
  remarks: string[];
}

/** The recordings of one camera, by its signed entries: what has no entry is no evidence. */
function cameraPart(camera: CameraId, { from, to }: { from: EventMs; to: EventMs }, all: Gathering): PackageCamera {
  const { deps, days, chains, files, remarks } = all;
  const part: PackageCamera = { camera, name: deps.nameOf(camera), files: [], gaps: [] };
  for (const day of days) {
    const chain = `${camera}/${day}`;
    const slice = chainSlice(deps.manifests.read(chain), (entry) => overlaps(entry, from, to));
    if (slice.length === 0) continue;
    chains.set(chain, slice);
    for (const entry of slice.filter((one) => overlaps(one, from, to))) {
      const [start, end] = spanOf(entry);
      if (entry.type === 'gap') part.gaps.push({ from: start, to: end, cause: String(entry.cause) });
      else {
        const origin = String(entry.path);
        const path = `recordings/${camera}/${origin.split('/').at(-1)}`;
        part.files.push({ path, start, end });
        if (existsSync(join(deps.data, origin))) files.push({ path, from: { file: join(deps.data, origin) }, origin });
        else remarks.push(`${origin}: signed for when it was recorded, but gone`);
      }
    }
  }
  return part;
}

const overlaps = (entry: ChainEntry, from: EventMs, to: EventMs): boolean => {
  if (entry.type !== 'gap' && !(entry.type === 'file' && entry.kind === 'recording')) return false;
  const [start, end] = spanOf(entry);
  return start < to && end > from;
};

const spanOf = (entry: ChainEntry): [EventMs, EventMs] =>
  entry.type === 'gap'
    ? [parseInstant(String(entry.from), 'entry'), parseInstant(String(entry.to), 'entry')]
    : [parseInstant(String(entry.start), 'entry'), parseInstant(String(entry.end), 'entry')];

/** Two slices of one chain become one without a hole. */
function mergeSlice(
  chains: Map<string, ChainEntry[]>,
  chain: string,
  { slice, manifests }: { slice: ChainEntry[]; manifests: PackageDeps['manifests'] },
): void {
  const seqs = [...(chains.get(chain) ?? []), ...slice].map(({ seq }) => seq);
  const [first, last] = [Math.min(...seqs), Math.max(...seqs)];
  chains.set(
    chain,
    manifests.read(chain).filter(({ seq }) => seq >= first && seq <= last),
  );
}

function incidentsOf(
  session: EvaluationSession,
  { from, to }: { from: EventMs; to: EventMs },
  deps: PackageDeps,
): IncidentRecord[] {
  const subjects = session.rooms.map(({ room }) => room);
  const { items } = deps.ledger.incidents.list({ subjects, from: plusMs(from, -EARLIER_MS), to }, { limit: 500 });
  return items.filter((one) => (one.end ?? to) >= from).sort((a, b) => a.start - b.start);
}

function documentsOf(
  session: EvaluationSession,
  { from, to }: { from: EventMs; to: EventMs },
  { deps, incidents }: { deps: PackageDeps; incidents: IncidentRecord[] },
): Record<string, unknown> {
  const { ledger } = deps;
  const { roster, ...facts } = session;
  const used = new Set(incidents.map(({ ruleVersion }) => ruleVersion));
  const scopes = new Set(ledger.wordLists.all().map(({ scope }) => scope));
  return {
    session: facts,
    history: ledger.evaluations.history(session.id),
    roster,
    signIns: ledger.signIns.of(session.id),
    entries: ledger.evaluationEntries.of(session.id),
    transcript: session.rooms
      .flatMap(({ room }) => ledger.transcripts.of(room, from, to))
      .sort((a, b) => a.start - b.start),
    // The version in force when the session began, and those after it.
    words: [...scopes].flatMap((scope) => {
      const versions = ledger.wordLists.versions(scope).filter(({ createdAt }) => createdAt < to);
      const before = versions.findIndex(({ createdAt }) => createdAt <= from);
      return before < 0 ? versions : versions.slice(0, before + 1);
    }),
    rules: ledger.ruleVersions.list().filter(({ version }) => used.has(version)),
  };
}

function patrolFiles({ from, to }: { from: EventMs; to: EventMs }, deps: PackageDeps, cameras: ReadonlySet<string>) {
  const visits = deps.ledger.patrolVisits
    .list(plusMs(from, -EARLIER_MS), to)
    .filter(({ at, facts }) => at >= from && at < to && cameras.has(facts.camera));
  const files: PackageFile[] = [];
  for (const { facts } of visits) {
    for (const { path } of facts.snapshots) {
      const file = join(deps.data, 'patrols', path);
      if (existsSync(file)) files.push({ path: `patrols/${path}`, from: { file } });
    }
  }
  return { visits, files };
}
