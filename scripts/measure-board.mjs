#!/usr/bin/env node
// Measures the board with a full hall: node scripts/measure-board.mjs [--page]     (after a build)
// 10,000 incidents of 200 windows in the ledger, a third of them judged; then how long the server takes for each
// answer, seen by its client over loopback, and with --page how smooth the pages are in Chromium (measure-board-page.mjs).
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '../dist/alerts/ledger/openLedger.js';
import { stepWorkflow } from '../dist/alerts/workflow/stepWorkflow.js';
import { foundWorkflow } from '../dist/alerts/workflow/workflow.js';
import { addAccount } from '../dist/board/accounts/users.js';
import { createBoard } from '../dist/board/createBoard.js';
import { systemClock } from '../dist/core/clock.js';
import { parseConfig } from '../dist/core/config/load.js';
import { incidentId } from '../dist/core/incident.js';
import { makeLiveHub } from '../dist/core/liveHub.js';
import { silentLogger } from '../dist/core/log.js';
import { measurePages } from './measure-board-page.mjs';

const INCIDENTS = 10_000;
const WINDOWS = 200;
const TIMES = 40;
// Filled in memory where there is such a folder: 30,000 commits, each on the disk, would take ten minutes and measure nothing here.
const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'hallwatch-measure-'));
const now = systemClock.now();
const names = Array.from({ length: WINDOWS }, (_, i) => `W${String(i + 1).padStart(3, '0')}`);

const seat = '[[0.1, 0.2], [0.5, 0.2], [0.5, 0.9], [0.1, 0.9]]';
const yaml = [
  'site: { id: measure, name: 测量大厅 }',
  'cameras:',
  ...Array.from({ length: WINDOWS / 5 }, (_, i) => `  - { id: cam-${i}, source: "sim:counter" }`),
  'windows:',
  ...names.map(
    (id, i) =>
      `  - { id: ${id}, name: ${id} 综合窗口, department: 部门${i % 9}, area: ${i % 4} 楼, camera: cam-${i % (WINDOWS / 5)}, staffZone: ${seat} }`,
  ),
].join('\n');

const ledger = openLedger(join(folder, 'ledger.sqlite'), { clock: systemClock, log: silentLogger, backupEveryMs: 0 });
const live = makeLiveHub(silentLogger);
const config = parseConfig(yaml, 'measure.yaml');
const cost = { N: 1024, r: 8, p: 1 };

/** Incidents over thirty days, the newest forty still open; every third one taken up, judged and closed. */
function fill() {
  const judge = { id: 'judge', name: 'judge' };
  for (let i = 0; i < INCIDENTS; i++) {
    const subject = names[(i * 7) % WINDOWS];
    const start = now - 30 * 86_400_000 + Math.round((i / INCIDENTS) * 30 * 86_400_000) - 1_500_000;
    const base = { rule: 'absence', ruleVersion: 'v1', subject, camera: `cam-${i % 40}`, tier: 0 };
    const id = incidentId('measure', 'absence', subject, start);
    const priority = i % 11 === 0 ? 'high' : 'normal';
    const seen = { observedMs: 880_000, unknownMs: 20_000 };
    ledger.commitStep({ id, ...base, step: 'open', ordinal: 1, at: start + 900_000, start, priority, seen }, []);
    if (i < INCIDENTS - 40) {
      const end = start + 1_200_000;
      const ended = { step: 'ended', ordinal: 2, at: end, end, endReason: 'returned' };
      ledger.commitStep({ id, ...base, ...ended, start, priority, seen }, []);
    }
    if (i % 3 === 0) judged(id, start, judge);
  }
  names.forEach((id, i) => {
    const state = i % 5 === 0 ? 'absent' : 'present';
    live.publish({ type: 'window', window: { id, state, since: now, staff: i % 5 === 0 ? 0 : 1, citizens: 0 } }, now);
  });
}

function judged(id, start, judge) {
  let workflow = foundWorkflow(id, start);
  const note = '';
  for (const action of [
    { action: 'acknowledge', note, evidence: [] },
    { action: 'verdict', verdict: 'cannot-tell', reason: '', note, evidence: [] },
    { action: 'close', note, evidence: [] },
  ]) {
    const outcome = stepWorkflow(workflow, action, { actor: judge.id, at: start, subjects: [], monthFrozen: false });
    if (outcome.type === 'refused') return;
    ledger.workflowSteps.append(outcome.step);
    workflow = outcome.workflow;
  }
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const p95 = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)];
const ms = (value) => `${value.toFixed(1).padStart(8)} ms`;

async function signIn(url) {
  const { oneTimePassword } = await addAccount(
    ledger,
    { name: 'wang', displayName: '王督导', role: 'hall-supervisor', unit: '一科' },
    cost,
  );
  const post = async (path, body, cookie, csrf) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: {
        ...(cookie ? { cookie, 'x-hallwatch-csrf': csrf } : {}),
        'content-type': 'application/json',
        'x-hallwatch-request': Math.random().toString(36).slice(2).padEnd(20, 'x'),
      },
    });
  const first = await post('/api/session', { name: 'wang', password: oneTimePassword });
  const cookie = first.headers.getSetCookie()[0].split(';', 1)[0];
  const { csrf } = await first.json();
  await post('/api/session/password', { current: oneTimePassword, next: 'a long password 1' }, cookie, csrf);
  const again = await post('/api/session', { name: 'wang', password: 'a long password 1' });
  return again.headers.getSetCookie()[0].split(';', 1)[0];
}

async function measureServer(url, cookie) {
  const get = async (path) => {
    const from = performance.now();
    const response = await fetch(`${url}${path}`, { headers: { cookie, 'accept-language': 'zh-CN' } });
    const bytes = (await response.arrayBuffer()).byteLength;
    if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
    return { tookMs: performance.now() - from, bytes };
  };
  const [{ id }] = (await (await fetch(`${url}/api/incidents?limit=1`, { headers: { cookie } })).json()).items;
  const paths = {
    'live state': '/api/live',
    'list, newest first': '/api/incidents?limit=100&sort=newest',
    'list, urgent first': '/api/incidents?limit=100&sort=urgent',
    'list, far down': '/api/incidents?limit=100&offset=9000',
    'list, search for a window': `/api/incidents?limit=100&q=${encodeURIComponent('W123')}`,
    'steps after a seq': '/api/alerts?after=15000&limit=500',
    'one incident': `/api/incidents/${id}`,
  };
  console.log(`${INCIDENTS} incidents, ${WINDOWS} windows; ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}`);
  console.log(`${'answer'.padEnd(28)}${'median'.padStart(11)}${'p95'.padStart(11)}${'kB'.padStart(8)}`);
  for (const [name, path] of Object.entries(paths)) {
    const took = [];
    let bytes = 0;
    for (let i = 0; i < TIMES; i++) {
      const answer = await get(path);
      took.push(answer.tookMs);
      bytes = answer.bytes;
    }
    console.log(`${name.padEnd(28)}${ms(median(took))}${ms(p95(took))}${(bytes / 1024).toFixed(0).padStart(8)}`);
  }
}

/** Twenty alerts at windows that have none open, one after the other, each told as the pipeline tells it. */
let told = 0;
function raiseOne() {
  const i = told++;
  const at = now + 1000 + i;
  const subject = names[(i * 11) % WINDOWS];
  const start = at - 900_000;
  const id = incidentId('measure', 'absence', subject, start);
  const base = { rule: 'absence', ruleVersion: 'v1', subject, camera: `cam-${i % 40}`, tier: 0, priority: 'normal' };
  const step = { id, ...base, step: 'open', ordinal: 1, at, start, seen: { observedMs: 880_000, unknownMs: 20_000 } };
  const { seq } = ledger.commitStep(step, []);
  live.publish({ type: 'step', seq, step }, at);
}

/** Every window changes at once, `times` over. */
const changeAll = (times) => {
  for (let round = 0; round < times; round++) {
    names.forEach((id, i) => {
      const state = (i + round) % 2 === 0 ? 'away' : 'present';
      const window = { id, state, since: now + round, staff: state === 'away' ? 0 : 1, citizens: 0 };
      live.publish({ type: 'window', window }, now + round);
    });
  }
};

fill();
const board = await createBoard({
  ...{ ledger, live, clock: systemClock, log: silentLogger, version: 'measure', passwordCost: cost },
  config: { current: () => config, file: undefined, apply: () => 'restart-needed' },
  listen: { host: '127.0.0.1', port: 0 },
  dataFolder: folder,
  webFolder: new URL('../web/dist/', import.meta.url).pathname,
  cameras: { picture: async () => undefined },
});
try {
  const cookie = await signIn(board.url);
  await measureServer(board.url, cookie);
  if (process.argv.includes('--page') && existsSync('/usr/bin/chromium')) {
    await measurePages({ url: board.url, cookie, raiseOne, changeAll });
  }
} finally {
  await board.close();
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
}
