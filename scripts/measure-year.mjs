#!/usr/bin/env node
// Fills a ledger with a simulated year of a large hall and times what the board asks of it: node scripts/measure-year.mjs [DAYS] [WINDOWS]
// Every window changes hands and is left and served some hundred times a day; a dozen alerts a day are raised and ended. Prints growth
// a day and the time of each question (median and worst of 20), ms.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '../dist/alerts/ledger/openLedger.js';
import { systemClock as clock } from '../dist/core/clock.js';
import { cameraId, subjectId } from '../dist/core/ids.js';
import { incidentId } from '../dist/core/incident.js';
import { makeLogger } from '../dist/core/log.js';
import { eventMs } from '../dist/core/time.js';

const days = Number(process.argv[2] ?? 250);
const windows = Number(process.argv[3] ?? 176);
const RUNS_A_DAY = 120;
const ALERTS_A_DAY = 12;
const DAY = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), 'hallwatch-year-'));
const ledger = openLedger(join(folder, 'ledger.sqlite'), { clock, log: makeLogger({ level: 'error' }) });
const end = Date.UTC(2026, 11, 31);
const begin = end - days * DAY;

let seed = 1;
const random = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};

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
  }
  ledger.observations.flush();
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

try {
  const before = bytes();
  for (let i = 0; i < days; i++) day(begin + i * DAY);
  const megabytes = (bytes() - before) / 2 ** 20;
  console.log(
    `${days} days of ${windows} windows: ${megabytes.toFixed(0)} MiB, ${(megabytes / days).toFixed(2)} MiB a day`,
  );
  console.log('question                                        |   median    worst, ms');
  const month = { from: eventMs(end - 31 * DAY) };
  const questions = {
    'the newest 50 incidents': () => ledger.incidents.list({}, { limit: 50 }),
    "the last month's incidents, first page": () => ledger.incidents.list(month, { limit: 50 }),
    'one window, first page': () => ledger.incidents.list({ subject: subjectId('W7') }, { limit: 50 }),
    'open incidents': () => ledger.openIncidents(),
    "a window's last day": () =>
      ledger.observations.runsOf(subjectId('W7'), ['staff'], eventMs(end - DAY), eventMs(end)),
    "every window's last 26 h (restart)": () => {
      for (let w = 0; w < windows; w++)
        ledger.observations.runsOf(subjectId(`W${w}`), ['staff'], eventMs(end - 26 * 3_600_000), eventMs(end));
    },
    "a window's month": () => ledger.observations.runsOf(subjectId('W7'), ['staff'], month.from, eventMs(end)),
  };
  for (const [name, ask] of Object.entries(questions)) console.log(`${name.padEnd(47)} | ${timed(ask)}`);
} finally {
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
}
