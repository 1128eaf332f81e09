import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openManifests } from '../../src/alerts/evidence/chain/manifests.js';
import { type EvidenceRegister, evidenceRegister } from '../../src/alerts/evidence/chain/register.js';
import { openSiteKey } from '../../src/alerts/evidence/chain/siteKey.js';
import { clipKeeper } from '../../src/alerts/evidence/clips/keepClips.js';
import { evidenceStore } from '../../src/alerts/evidence/evidenceStore.js';
import type { PackageDeps } from '../../src/alerts/evidence/package/packageDeps.js';
import type { Ledger } from '../../src/alerts/ledger/openLedger.js';
import type { Clock } from '../../src/core/clock.js';
import { evaluationId, personId } from '../../src/core/evaluation.js';
import { cameraId, type IncidentId, roomId, subjectId } from '../../src/core/ids.js';
import { incidentId } from '../../src/core/incident.js';
import { silentLogger } from '../../src/core/log.js';
import { type EventMs, plusMs } from '../../src/core/time.js';
import { describeFile } from '../../src/ingest/recording/describe.js';
import { recordingLibrary } from '../../src/ingest/recording/library.js';
import { fakeClock } from './fakeClock.js';
import { alertStep, testLedger } from './ledger.js';
import { bytesOf, NINE, recordClip } from './recordings.js';

export const ROOM = roomId('R1');
export const SESSION = evaluationId('S-2026-001');

export interface EvidenceHallOptions {
  /** Beside the data folder: the key. */
  folder: string;
  clip: string;
  cameras?: string[];
  times?: number;
  digest?: 'sha256' | 'sm3';
  signature?: 'ed25519' | 'sm2';
  clock?: Clock;
  ledger?: Ledger;
}

/** A data folder with one evaluation session recorded by its cameras, one incident in it with a verdict, and a transcript. */
export async function evidenceHall(options: EvidenceHallOptions) {
  const { folder, clip, cameras = ['cam-r1'], times = 1, digest = 'sha256', signature = 'ed25519' } = options;
  const data = join(folder, 'data');
  const clock = options.clock ?? fakeClock(NINE);
  mkdirSync(data, { recursive: true });
  const ledger = options.ledger ?? testLedger(':memory:', { clock });
  const keyFile = join(folder, 'keys', 'site.pem');
  const signer = openSiteKey({ keyFile, site: 'test', dataFolder: data, algorithm: signature, env: {} });
  const manifests = openManifests({ folder: join(data, 'manifests'), digest, signer, clock });
  const register = evidenceRegister({ manifests, log: silentLogger, sm3: digest === 'sm3' });
  const recordings = join(data, 'recordings');
  const library = recordingLibrary(recordings);
  let end = NINE;
  for (const camera of cameras) {
    const { files } = await recordClip(recordings, clip, {
      camera: cameraId(camera),
      times,
      kind: 'session',
      index: library,
    });
    for (const file of files) {
      const bytes = bytesOf(recordings, file.path);
      register.recording(describeFile(file, bytes, { ...file })!, SESSION, bytes);
      end = file.end;
    }
  }
  await register.settle();
  const evidence = evidenceStore(join(data, 'evidence'));
  openSession(ledger, { from: NINE, to: end });
  const incident = await raise({ ledger, evidence, library, register, camera: cameras[0]!, at: plusMs(NINE, 12_000) });
  speak(ledger, end);
  const deps: PackageDeps = {
    ...{ ledger, data, manifests, digest, version: '0.0.0', blur: true },
    site: { id: 'test', name: '测试大厅', timeZone: 'Asia/Shanghai' },
    camerasOf: () => cameras.map(cameraId),
    nameOf: (id) => (id === ROOM ? '第一评标室' : id),
    staffZones: () => [],
  };
  return { data, ledger, manifests, register, library, evidence, deps, incident, clock, end, recordings };
}

function openSession(ledger: Ledger, { from, to }: { from: EventMs; to: EventMs }): void {
  const person = (id: string, name: string) => ({
    ...{ id: personId(id), name, role: 'expert' as const, category: '经济', batch: '', rooms: [] },
  });
  const session = {
    ...{ id: SESSION, project: '2026-001', projectName: '政务云采购', rooms: [{ room: ROOM, venue: 'main' as const }] },
    ...{
      plannedStart: from,
      plannedEnd: to,
      state: 'planned' as const,
      roster: [person('p1', '张三'), person('p2', '李四')],
    },
    ...{ bidders: [], signIn: [], reentryAllowed: false, version: 0 },
  };
  const saved = ledger.evaluations.save(session, 0, { by: 'u1', action: 'create' });
  const opened = ledger.evaluations.save({ ...saved, state: 'open', openedAt: from }, saved.version, {
    by: 'u1',
    action: 'open',
  });
  ledger.evaluations.save({ ...opened, state: 'closed', closedAt: to }, opened.version, { by: 'u1', action: 'close' });
  const arrival = { list: SESSION, person: personId('p1'), way: 'manual' as const, verdict: 'on-time', offMs: 0 };
  ledger.signIns.add({ ...arrival, at: from, duplicate: false, by: 'u1' });
}

interface RaiseParts {
  ledger: Ledger;
  evidence: ReturnType<typeof evidenceStore>;
  library: ReturnType<typeof recordingLibrary>;
  register: EvidenceRegister;
  camera: string;
  at: EventMs;
}

/** Raises an incident, cuts its clip and gives a verdict. */
async function raise({ ledger, evidence, library, register, camera, at }: RaiseParts): Promise<IncidentId> {
  const subject = subjectId(ROOM);
  const start = plusMs(at, -3000);
  const id = incidentId('test', 'sealedRoom', subject, start);
  const step = alertStep(0, {
    id,
    rule: 'sealedRoom',
    ruleVersion: 'sealed-1',
    subject,
    start,
    at,
    camera: cameraId(camera),
  });
  ledger.ruleVersions.remember({
    rule: 'sealedRoom',
    version: 'sealed-1',
    parameters: { over_s: 3 },
    effectiveFrom: start,
  });
  ledger.commitStep(step, []);
  const keeper = clipKeeper({
    ...{
      ledger,
      evidence,
      library,
      parameters: { clipBefore: 5000, clipAfter: 5000 },
      clock: fakeClock(),
      log: silentLogger,
    },
    onFile: register.kept,
  });
  keeper.plan(step);
  await keeper.beat(plusMs(at, 60_000));
  await register.settle();
  const end = plusMs(at, 5000);
  ledger.commitStep({ ...step, step: 'ended', ordinal: 2, at: end, end, endReason: 'returned' }, []);
  const common = { incident: id, actor: 'u1' };
  ledger.workflowSteps.append({
    ...common,
    ordinal: 1,
    action: 'acknowledge',
    from: 'found',
    to: 'verifying',
    data: {},
  });
  const data = { verdict: 'confirmed', reason: '' };
  ledger.workflowSteps.append({
    ...common,
    ordinal: 2,
    action: 'verdict',
    from: 'verifying',
    to: 'assigned',
    note: '属实',
    data,
  });
  return id;
}

function speak(ledger: Ledger, end: EventMs): void {
  const words = ['请各位专家先签到', '下面宣读评标纪律', '请技术组说明评分理由', '这一项大家有没有意见'];
  for (let at = plusMs(NINE, 2000), n = 0; at < end - 4000; at = plusMs(at, 6000), n++) {
    const text = words[n % words.length]!;
    ledger.transcripts.append({
      room: ROOM,
      start: at,
      end: plusMs(at, 3500),
      kind: 'segment',
      text,
      engine: 'test',
      speaker: `S${(n % 2) + 1}`,
    });
  }
  ledger.transcripts.flush();
}
