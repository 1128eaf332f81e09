import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Ledger, type LedgerOptions, openLedger } from '../../src/alerts/ledger/openLedger.js';
import type { Clock } from '../../src/core/clock.js';
import { cameraId, subjectId } from '../../src/core/ids.js';
import { type AlertStep, incidentId } from '../../src/core/incident.js';
import { silentLogger } from '../../src/core/log.js';
import { eventMs } from '../../src/core/time.js';
import { fakeClock } from './fakeClock.js';

/** A folder of its own that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hallwatch-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A ledger in memory, or in the file given, closed when the test ends. */
export function testLedger(path = ':memory:', options: Partial<LedgerOptions> & { clock?: Clock } = {}): Ledger {
  const ledger = openLedger(path, { clock: fakeClock(), log: silentLogger, reserveBytes: 0, ...options });
  onTestFinished(() => ledger.close());
  return ledger;
}

const NINE = Date.UTC(2026, 9, 8, 1, 0, 0);

/** A step of the n-th incident at window W01 (or `subject`), valid in every field. */
export function alertStep(n: number, changes: Partial<AlertStep> = {}): AlertStep {
  const subject = changes.subject ?? subjectId('W01');
  const start = eventMs(NINE + n * 3_600_000);
  return {
    id: incidentId('test', 'absence', subject, start),
    rule: 'absence',
    ruleVersion: 'absence-1',
    subject,
    step: 'open',
    ordinal: 1,
    at: eventMs(start + 900_000),
    start,
    priority: 'normal',
    tier: 0,
    seen: { observedMs: 900_000, unknownMs: 0 },
    camera: cameraId('cam-1'),
    ...changes,
  };
}

/** The step that ends the n-th incident. */
export const endStep = (n: number, changes: Partial<AlertStep> = {}): AlertStep =>
  alertStep(n, {
    step: 'ended',
    ordinal: 2,
    at: eventMs(NINE + n * 3_600_000 + 1_200_000),
    end: eventMs(NINE + n * 3_600_000 + 1_200_000),
    endReason: 'returned',
    seen: { observedMs: 1_200_000, unknownMs: 0 },
    ...changes,
  });
