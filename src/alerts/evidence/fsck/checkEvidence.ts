import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../../core/hash.js';
import type { IncidentId } from '../../../core/ids.js';
import { type EventMs, parseInstant } from '../../../core/time.js';
import type { SnapshotRecord } from '../../ledger/snapshots.js';
import { chainOfKept, keptEntry } from '../chain/register.js';
import type { KeptFile } from '../clips/keepClips.js';
import type { SignedFiles } from './checkChains.js';
import { filesBelow, isNewer, quarantine } from './folders.js';
import type { FsckLine, FsckOptions } from './fsck.js';

const KINDS: Record<string, string> = {
  'plain.jpg': 'plain',
  'boxed.jpg': 'boxed',
  'facts.json': 'facts',
  'clip.mp4': 'clip',
  'clip.json': 'clip-facts',
  'main.jpg': 'main',
  'record.json': 'record',
};
const PLACE = /^(\d{4}-\d\d-\d\d)\/([A-Za-z0-9][A-Za-z0-9_.-]*)\/(\d+)\/([a-z.0-9]+)$/;

/** Files of evidence: each is listed in the ledger and signed for, each that is listed is there. */
export async function checkEvidence(options: FsckOptions, signed: SignedFiles): Promise<FsckLine[]> {
  const { data, since, ledger, deep } = options;
  const lines: FsckLine[] = [];
  const incidents = new Set<string>();
  for (const name of filesBelow(join(data, 'evidence'))) {
    const [, day, incident] = PLACE.exec(name) ?? [];
    if (since !== undefined && day !== undefined && day < since) continue;
    if (incident !== undefined) incidents.add(incident);
    lines.push(...(await checkFile(name, options, signed)));
  }
  for (const incident of incidentsToCheck(options, incidents)) {
    for (const { path, sha256: recorded } of ledger.snapshots.of(incident as IncidentId)) {
      const file = join(data, 'evidence', path);
      const deleted = signed.deleted.has(`evidence/${path.split('/').slice(0, 2).join('/')}`);
      if (!existsSync(file)) {
        if (!deleted) lines.push({ did: 'missing', what: `evidence/${path}`, detail: `of ${incident}` });
      } else if (deep && sha256(readFileSync(file)) !== recorded) {
        lines.push({ did: 'changed', what: `evidence/${path}`, detail: `of ${incident}` });
      }
    }
  }
  return lines;
}

/** With `since`, the incidents that have files; else all of the ledger. */
function incidentsToCheck({ ledger, since }: FsckOptions, seen: ReadonlySet<string>): string[] {
  if (since !== undefined) return [...seen];
  const all: string[] = [];
  for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
    const page = ledger.incidents.list({}, { limit: 500, ...(cursor === undefined ? {} : { cursor }) });
    all.push(...page.items.map(({ id }) => id));
    cursor = page.next;
  }
  return all;
}

async function checkFile(name: string, options: FsckOptions, signed: SignedFiles): Promise<FsckLine[]> {
  const { data, ledger, manifests } = options;
  const what = `evidence/${name}`;
  const [, , incident, ordinal, base] = PLACE.exec(name) ?? [];
  const kind = KINDS[base ?? ''];
  const setAside = (detail: string): FsckLine[] => {
    quarantine(data, what);
    return [{ did: 'quarantined', what, detail }];
  };
  // What lies elsewhere, or was just written, belongs to somebody else.
  if (incident === undefined || isNewer(join(data, what), options.before)) return [];
  const known = ledger.snapshots.of(incident as IncidentId).find(({ path }) => path === name);
  if (kind === undefined && !known) return setAside('is no file of evidence');
  if (!ledger.incidents.get(incident as IncidentId)) return setAside(`there is no incident ${incident}`);
  const lines: FsckLine[] = [];
  let file = known && fileOf(known);
  if (!file && kind !== undefined) {
    const found = orphan(name, { kind, incident: incident as IncidentId, ordinal: Number(ordinal) }, options);
    if (typeof found === 'string') return setAside(found);
    const { start, end: _end, camera, ...rest } = found;
    ledger.snapshots.add({
      ...rest,
      incident: incident as IncidentId,
      at: start,
      ...(camera ? { camera } : {}),
    } as SnapshotRecord);
    lines.push({ did: 'attached', what, detail: `to ${incident}` });
    file = found;
  }
  if (file && !signed.files.has(what) && !options.skip?.(file.camera ?? 'evidence')) {
    await manifests.append(chainOfKept(file), keptEntry(file));
    lines.push({ did: 'signed', what, detail: 'had no entry in its manifest' });
  }
  return lines;
}

const fileOf = ({ sha256: hash, at, camera, ...known }: SnapshotRecord): KeptFile => ({
  ...known,
  ...{ sha256: hash, camera, start: at, end: at },
});

/** A file that the ledger does not list: what it is by the facts beside it, or why it proves nothing. */
function orphan(
  name: string,
  { kind, incident, ordinal }: { kind: string; incident: IncidentId; ordinal: number },
  { data, ledger }: FsckOptions,
): KeptFile | string {
  const folder = join(data, 'evidence', name.slice(0, name.lastIndexOf('/')));
  const bytes = readFileSync(join(data, 'evidence', name));
  const hash = sha256(bytes);
  const base = { incident, ordinal, kind, path: name, sha256: hash, bytes: bytes.length };
  if (kind === 'record') {
    const start = ledger.incidents.get(incident)!.start;
    return { ...base, camera: undefined, start, end: start };
  }
  const isClip = kind === 'clip' || kind === 'clip-facts' || kind === 'main';
  const facts = readFacts(join(folder, isClip ? 'clip.json' : 'facts.json'));
  if (!facts) return `the facts beside it are missing: it was not whole when the process ended`;
  if (kind === 'clip' && facts.sha256 !== hash) return 'it is not what the facts beside it say';
  if ((kind === 'plain' || kind === 'boxed') && facts.pictures?.[kind]?.sha256 !== hash) {
    return 'it is not what the facts beside it say';
  }
  const start = parseInstant(isClip ? facts.start! : facts.at!, name);
  return { ...base, camera: facts.camera, start, end: isClip ? parseInstant(facts.end!, name) : (start as EventMs) };
}

interface Facts {
  camera: string;
  at?: string;
  start?: string;
  end?: string;
  sha256?: string;
  pictures?: Partial<Record<string, { sha256: string }>>;
}

function readFacts(path: string): Facts | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Facts;
  } catch {
    // Missing or torn: either way it says nothing.
    return undefined;
  }
}
