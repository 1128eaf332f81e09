#!/usr/bin/env node
// Makes the package of an hour of a simulated evaluation session with two cameras, faster than it would last: the pictures of
// the simulator's room go through the recorder's own writer, manifests and package, fed as fast as they are drawn. Needs a build.
//   node scripts/make-session-package.mjs OUT [MINUTES]
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = resolve(process.env.HALLWATCH_DIST ?? join(dirname(fileURLToPath(import.meta.url)), '..', 'dist'));
const load = (path) => import(pathToFileURL(join(root, path)).href);
const [out, minutesText = '60'] = process.argv.slice(2);
const minutes = Number(minutesText);
if (!out || !Number.isInteger(minutes) || minutes < 1) {
  process.stderr.write('usage: node scripts/make-session-package.mjs OUT [MINUTES]\n');
  process.exit(2);
}

const { openLedger } = await load('alerts/ledger/openLedger.js');
const { evidenceStore } = await load('alerts/evidence/evidenceStore.js');
const { drawBoxes, encodeJpeg } = await load('alerts/evidence/snapshot.js');
const { buildPackage } = await load('alerts/evidence/package/buildPackage.js');
const { sessionContent } = await load('alerts/evidence/package/sessionContent.js');
const { systemClock: clock } = await load('core/clock.js');
const { parseConfig } = await load('core/config/load.js');
const { makeLogger } = await load('core/log.js');
const { hallEvidence } = await load('pipeline/hallEvidence.js');
const { packageDeps } = await load('pipeline/evidenceFacts.js');
const { encodeScene } = await load('ingest/simulator/encodeScene.js');
const { openStage } = await load('ingest/simulator/stage.js');
const { findScene } = await load('ingest/simulator/scenes.js');

const SECOND = 1000;
const PIECE_MS = 120 * SECOND;
const START = Date.UTC(2026, 9, 8, 1);
const END = START + minutes * 60 * SECOND;
const work = mkdtempSync(join(tmpdir(), 'hallwatch-session-'));
const data = join(work, 'data');
mkdirSync(data, { recursive: true });
const log = makeLogger({ level: 'error' });
const config = parseConfig(
  `site: { id: simulated, name: 模拟政务服务大厅 }
cameras:
  - { id: cam-room-1, name: 评标室正面, source: "sim:room-1" }
  - { id: cam-room-2, name: 评标室侧面, source: "sim:room-1" }
rooms: [{ id: R1, name: 第一评标室, cameras: [cam-room-1, cam-room-2] }]
`,
  'hall.yaml',
);
const ledger = openLedger(join(data, 'ledger.sqlite'), { clock, log, backupEveryMs: 0, reserveBytes: 0 });
const evidence = evidenceStore(join(data, 'evidence'));
let now = START;
const stop = new AbortController();
const proof = hallEvidence({
  ...{ config, data, env: { ...process.env, XDG_DATA_HOME: work }, ledger, evidence, clock, log },
  ...{ signal: stop.signal, eventNow: () => now },
});
const taps = config.cameras.map((camera) => proof.recording.tapOf(camera));
const expert = (id, name, category) => ({ id, name, role: 'expert', category, batch: '一批', rooms: [] });
const planned = {
  ...{
    id: 'S-2026-1008',
    project: 'HS-2026-1008',
    projectName: '海曙区政务云平台采购',
    state: 'open',
    openedAt: START,
  },
  ...{
    rooms: [{ room: 'R1', venue: 'main' }],
    plannedStart: START,
    plannedEnd: END,
    version: 0,
    reentryAllowed: false,
  },
  roster: [
    expert('p1', '张明', '技术'),
    expert('p2', '李芳', '经济'),
    { ...expert('p3', '王强', '代理机构'), role: 'exempt', escort: '赵敏', reason: '宣读开标记录' },
  ],
  ...{ bidders: [{ name: '甲信息技术有限公司', shortNames: ['甲信'] }], signIn: [] },
};
const session = ledger.evaluations.save(planned, 0, { by: 'bid', action: 'open', note: '按计划开始' });
for (const [i, person] of ['p1', 'p2'].entries()) {
  ledger.signIns.add({
    list: session.id,
    person,
    at: START + (i + 1) * 20_000,
    way: 'manual',
    verdict: 'on-time',
    offMs: 0,
    duplicate: false,
    by: 'bid',
  });
}
const entry = {
  evaluation: session.id,
  room: 'R1',
  person: 'p3',
  enteredAt: START + 8 * 60_000,
  escort: '赵敏',
  reason: '宣读开标记录',
  by: 'bid',
};
if (minutes > 12) ledger.evaluationEntries.leave(ledger.evaluationEntries.enter(entry).id, START + 12 * 60_000, 'bid');
const said = [
  '请各位专家先核对身份',
  '下面宣读评标纪律',
  '请技术组说明评分依据',
  '这一项请经济组复核',
  '大家对报价得分有没有意见',
  '请在评分表上签字',
];
for (let at = START + 30_000, n = 0; at < END - 10_000; at += 25_000, n++) {
  const gap = n % 9 === 8;
  ledger.transcripts.append({
    room: 'R1',
    start: at,
    end: at + 6000,
    kind: gap ? 'gap' : 'segment',
    text: gap ? 'too-quiet' : said[n % said.length],
    engine: 'script',
    speaker: gap ? undefined : `S${(n % 3) + 1}`,
  });
}
ledger.ruleVersions.remember({
  rule: 'sealedRoom',
  version: 'sealed-1',
  parameters: { over_count_for_s: 3 },
  effectiveFrom: START,
});

const stage = await openStage(findScene('room-1'));
const alerts = [17, 41].map((minute) => START + minute * 60_000 + 5000).filter((at) => at < END - PIECE_MS);
const wait = (ms) => new Promise((done) => clock.after(ms, done));

async function raise(at, n) {
  const id = `sealedRoom-${n}`;
  const step = {
    id,
    rule: 'sealedRoom',
    ruleVersion: 'sealed-1',
    subject: 'R1',
    step: 'open',
    ordinal: 1,
    at,
    start: at - 4000,
    priority: 'high',
    tier: 0,
    seen: { observedMs: 4000, unknownMs: 0 },
    camera: 'cam-room-1',
    detail: { persons: 3, roster: 2 },
  };
  ledger.commitStep(step, []);
  proof.onStep(step);
  const pixels = { rgb: stage.paint(at - START), width: 640, height: 360 };
  const boxes = [{ box: [0.83, 0.17, 0.98, 0.97], label: 'person', score: 0.81 }];
  const [plain, boxed] = await Promise.all([encodeJpeg(pixels), drawBoxes(pixels, boxes)]);
  for (const file of evidence.saveSnapshot(id, {
    plain,
    boxed,
    facts: { camera: 'cam-room-1', at, ordinal: 1, width: 640, height: 360, boxes },
  })) {
    ledger.snapshots.add({ incident: id, ordinal: 1, camera: 'cam-room-1', ...file, at });
    proof.kept({ ...file, incident: id, ordinal: 1, camera: 'cam-room-1', start: at, end: at });
  }
  const end = at + 115_000;
  const loop = { incident: id, actor: 'bid' };
  now = Math.max(now, end);
  ledger.commitStep({ ...step, step: 'ended', ordinal: 2, at: end, end, endReason: 'returned' }, []);
  proof.onStep({ ...step, step: 'ended', ordinal: 2, at: end, end, endReason: 'returned' });
  ledger.workflowSteps.append({ ...loop, ordinal: 1, action: 'acknowledge', from: 'found', to: 'verifying', data: {} });
  const data = { verdict: n === 1 ? 'confirmed' : 'false-alarm', reason: n === 1 ? '' : 'occluded' };
  ledger.workflowSteps.append({
    ...loop,
    ordinal: 2,
    action: 'verdict',
    from: 'verifying',
    to: 'closed',
    note: '现场核实',
    data,
  });
}

const began = clock.monotonicMs();
for (let from = START; from < END; from += PIECE_MS) {
  const lengthMs = Math.min(PIECE_MS, END - from);
  const path = join(work, 'piece.mp4');
  await encodeScene(stage, path, { fromMs: from - START, lengthMs, everyMs: 500, clock, log });
  for (const [i, tap] of taps.entries()) {
    // The second camera is off line for two minutes: a gap that is declared.
    if (i === 1 && from === START + 10 * PIECE_MS) continue;
    await tap.piece(path, from);
    tap.reached(from + lengthMs);
  }
  now = from + lengthMs;
  for (const [n, at] of alerts.entries()) if (at >= from && at < from + lengthMs) await raise(at, n + 1);
}
while (ledger.clips.waiting().length > 0 || proof.recording.library.reached('cam-room-2') < END - 3000) await wait(200);
ledger.evaluations.save({ ...session, state: 'closed', closedAt: END }, session.version, {
  by: 'bid',
  action: 'close',
  note: '评标结束',
});
await wait(500);
await proof.close();
const recordedS = (clock.monotonicMs() - began) / 1000;
const version = JSON.parse(readFileSync(join(root, '..', 'package.json'), 'utf8')).version;
const deps = packageDeps({ config, data, ledger, manifests: proof.manifests, version });
const built = await buildPackage(await sessionContent(session.id, deps, END), deps, {
  out: resolve(out),
  madeAt: clock.now(),
  by: 'bid',
  reason: '归档',
});
const packedS = (clock.monotonicMs() - began) / 1000 - recordedS;
await ledger.close();
rmSync(work, { recursive: true, force: true });
process.stdout.write(
  `${built.folder}: ${built.files} files, ${(built.bytes / 2 ** 20).toFixed(0)} MiB; recorded in ${recordedS.toFixed(0)} s, packaged in ${packedS.toFixed(1)} s\n`,
);
for (const remark of built.remarks) process.stdout.write(`remark: ${remark}\n`);
