#!/usr/bin/env node
// Fills a ledger with a simulated year of a large hall and times what the board asks of it: node scripts/measure-year.mjs [DAYS] [WINDOWS]
// Every window changes hands and is left and served some hundred times a day; a dozen alerts a day are raised, ended and judged. Prints
// growth a day, the time of each question (median and worst of 20), ms, and what a start, a check and a month's report take.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '../dist/alerts/ledger/openLedger.js';
import { stepWorkflow } from '../dist/alerts/workflow/stepWorkflow.js';
import { foundWorkflow } from '../dist/alerts/workflow/workflow.js';
import { systemClock as clock } from '../dist/core/clock.js';
import { parseConfig } from '../dist/core/config/load.js';
import { cameraId, subjectId } from '../dist/core/ids.js';
import { incidentId } from '../dist/core/incident.js';
import { makeLogger } from '../dist/core/log.js';
import { eventMs, wallMs } from '../dist/core/time.js';
import { reportService } from '../dist/reports/reportService.js';

const days = Number(process.argv[2] ?? 250);
const windows = Number(process.argv[3] ?? 176);
const RUNS_A_DAY = 120;
const ALERTS_A_DAY = 12;
const DAY = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), 'hallwatch-year-'));
const open = (path = join(folder, 'ledger.sqlite')) => openLedger(path, { clock, log: makeLogger({ level: 'error' }) });
let ledger = open();
const end = Date.UTC(2026, 11, 31, 16);
const begin = end - days * DAY;
const zone = '[[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]]';
const config = parseConfig(
  `site: { id: year, name: year }
schedules: { day: { days: every-day, shifts: [{ from: "09:00", to: "17:00" }] } }
cameras:
${Array.from({ length: windows }, (_, w) => `  - { id: cam${w}, source: "sim:counter" }`).join('\n')}
windows:
${Array.from({ length: windows }, (_, w) => `  - { id: W${w}, department: D${w % 8}, camera: cam${w}, hours: day, staffZone: ${zone} }`).join('\n')}
`,
  'year.yaml',
);

let seed = 1;
const random = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};

/** `from` is a midnight of the hall. */
function day(from) {
  for (let w = 0; w < windows; w++) {
    const subject = subjectId(`W${w}`);
    let at = from + 9 * 3_600_000;
    for (let run = 0; run < RUNS_A_DAY; run++) {
      const length = 20_000 + random() * 400_000;
      const base = { subject, kind: 'staff', camera: cameraId(`cam${w}`), value: run % 2 };
      ledger.observations.append({ ...base, at: eventMs(Math.round(at)) });
      ledger.observations.append({ ...base, at: eventMs(Math.round(at + 5000)) });
      at += length;
    }
  }
  for (let n = 0; n < ALERTS_A_DAY; n++) {
    const subject = subjectId(`W${Math.floor(random() * windows)}`);
    const start = eventMs(Math.round(from + 9 * 3_600_000 + random() * 6 * 3_600_000) + n);
    const id = incidentId('year', 'absence', subject, start);
    const base = {
      id,
      rule: 'absence',
      ruleVersion: 'v',
      subject,
      start,
      tier: 0,
      priority: 'normal',
      seen: { observedMs: 900_000, unknownMs: 0 },
    };
    ledger.commitStep({ ...base, step: 'open', ordinal: 1, at: eventMs(start + 900_000) }, []);
    const ended = eventMs(start + 1_200_000);
    ledger.commitStep({ ...base, step: 'ended', ordinal: 2, at: ended, end: ended, endReason: 'returned' }, []);
    judge(id, ended);
  }
  ledger.observations.flush();
}

function judge(id, at) {
  const plain = { note: '', evidence: [] };
  const acts = [
    { action: 'acknowledge', ...plain },
    { action: 'verdict', verdict: random() < 0.7 ? 'confirmed' : 'cannot-tell', reason: '', ...plain },
  ];
  let workflow = foundWorkflow(id, wallMs(at));
  for (const action of acts) {
    const outcome = stepWorkflow(workflow, action, { actor: 'boss', at: wallMs(at), subjects: [], monthFrozen: false });
    const { ordinal, from, to, note, data } = outcome.step;
    ledger.workflowSteps.append({ incident: id, ordinal, actor: 'boss', action: action.action, from, to, note, data });
    workflow = outcome.workflow;
  }
}

const bytes = () => readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
const timed = (ask) => {
  const took = Array.from({ length: 20 }, () => {
    const before = clock.monotonicMs();
    ask();
    return clock.monotonicMs() - before;
  }).sort((a, b) => a - b);
  return `${took[10].toFixed(1).padStart(8)} ${took.at(-1).toFixed(1).padStart(8)}`;
};

const once = async (name, ask) => {
  const before = clock.monotonicMs();
  await ask();
  console.log(`${name.padEnd(47)} | ${(clock.monotonicMs() - before).toFixed(0).padStart(8)}`);
};

/** Counts a month as the board does, beside a timer that tells how long other work had to wait. */
async function report(name) {
  const asOf = { ...clock, now: () => wallMs(end) };
  let late = 0;
  let due = clock.monotonicMs() + 5;
  const timer = setInterval(() => {
    late = Math.max(late, clock.monotonicMs() - due);
    due = clock.monotonicMs() + 5;
  }, 5);
  const reports = reportService({ ledger, config: () => config, clock: asOf });
  await once(name, () => reports.month('2026-12'));
  await once('the same again', () => reports.month('2026-12'));
  await once('the list of months', () => reports.months());
  clearInterval(timer);
  console.log(`longest that other work waited meanwhile: ${late.toFixed(0)} ms`);
}

try {
  const before = bytes();
  await once('filling', () => {
    for (let i = 0; i < days; i++) day(begin + i * DAY);
  });
  const megabytes = (bytes() - before) / 2 ** 20;
  console.log(
    `${days} days of ${windows} windows: ${megabytes.toFixed(0)} MiB, ${(megabytes / days).toFixed(2)} MiB a day`,
  );
  console.log('question                                        |   median    worst, ms');
  const month = { from: eventMs(end - 31 * DAY) };
  const questions = {
    'the newest 50 incidents': () => ledger.incidents.list({}, { limit: 50 }),
    "the last month's incidents, first page": () => ledger.incidents.list(month, { limit: 50 }),
    'how many incidents the last month had': () => ledger.incidents.count(month),
    'one window, first page': () => ledger.incidents.list({ subjects: [subjectId('W7')] }, { limit: 50 }),
    'incidents that nobody judged': () => ledger.incidents.list({ workflow: ['found'] }, { limit: 50 }),
    'open incidents': () => ledger.openIncidents(),
    'first look at a window': () => ledger.observations.firstLookOf(subjectId('W7'), 'staff'),
    "a window's last day": () =>
      ledger.observations.runsOf(subjectId('W7'), ['staff'], eventMs(end - DAY), eventMs(end)),
    "every window's last 26 h (restart)": () => {
      for (let w = 0; w < windows; w++)
        ledger.observations.runsOf(subjectId(`W${w}`), ['staff'], eventMs(end - 26 * 3_600_000), eventMs(end));
    },
    "a window's month": () => ledger.observations.runsOf(subjectId('W7'), ['staff'], month.from, eventMs(end)),
  };
  for (const [name, ask] of Object.entries(questions)) console.log(`${name.padEnd(47)} | ${timed(ask)}`);
  await report('a month, not frozen, with the one before');
  const copy = join(folder, 'copy', 'ledger.sqlite');
  mkdirSync(join(folder, 'copy'));
  await once('a backup', () => ledger.backup(copy));
  await ledger.close();
  await once('opening the ledger, nothing in the journal', () => {
    ledger = open(copy);
  });
  await ledger.close();
  await once('opening it with the whole time in the journal', () => {
    ledger = open();
  });
  console.log(`largest resident size ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
} finally {
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
}
