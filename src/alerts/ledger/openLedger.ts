import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Clock } from '../../core/clock.js';
import { AppError } from '../../core/errors.js';
import type { IncidentId } from '../../core/ids.js';
import type { AlertStep } from '../../core/incident.js';
import type { Logger } from '../../core/log.js';
import { isoOf } from '../../core/time.js';
import { type AuditStore, auditStore } from './audit.js';
import { copyDatabase, makeBackup } from './backups.js';
import { type LedgerDb, ledgerDb, openDatabase } from './database.js';
import { type IncidentRecord, type IncidentStore, incidentStore } from './incidents.js';
import { noJournal, openJournal } from './journal.js';
import { type LeaveStore, leaveStore } from './leaves.js';
import { migrate } from './migrations.js';
import { type ObservationStore, observationStore } from './observations.js';
import { type OutboxStore, outboxStore } from './outboxRows.js';
import { noReserve, reserveFile } from './reserve.js';
import { type LedgerFinding, openSound } from './restore.js';
import { type RuleVersionStore, ruleVersionStore } from './ruleVersions.js';
import { type SessionStore, sessionStore } from './sessions.js';
import { type SettingStore, settingStore } from './settings.js';
import { type SnapshotStore, snapshotStore } from './snapshots.js';
import { ledgerError } from './sqliteError.js';
import { type CommitOutcome, type StepRows, type StoredStep, stepStore } from './steps.js';
import { type TokenStore, tokenStore } from './tokens.js';
import { type UserStore, userStore } from './users.js';
import { type ViewingStore, viewingStore } from './viewingRegister.js';
import { type WorkflowStepStore, workflowStepStore } from './workflowSteps.js';

/** The system of record. Every method is synchronous; what returned is on the disk. */
export interface Ledger {
  /** What was wrong at start, and what was done about it. */
  readonly findings: readonly LedgerFinding[];
  /** Whether the disk is full: writes live from the reserve, or wait. */
  readonly diskFull: boolean;
  commitStep(step: AlertStep, rows: StepRows): CommitOutcome;
  stepsAfter(seq: number, limit: number): StoredStep[];
  stepsOf(incident: IncidentId): StoredStep[];
  lastSeq(): number;
  openIncidents(): IncidentRecord[];
  incidents: IncidentStore;
  ruleVersions: RuleVersionStore;
  observations: ObservationStore;
  snapshots: SnapshotStore;
  leaves: LeaveStore;
  workflowSteps: WorkflowStepStore;
  outbox: OutboxStore;
  users: UserStore;
  sessions: SessionStore;
  tokens: TokenStore;
  audit: AuditStore;
  viewings: ViewingStore;
  settings: SettingStore;
  /** Copies the ledger to `path` while it is in use. @throws AppError `storage` or `disk-full` */
  backup(path: string): Promise<void>;
  /** Writes what waits and closes. Idempotent. */
  close(): Promise<void>;
}

export interface LedgerOptions {
  clock: Clock;
  log: Logger;
  /** Two looks further apart than this belong to two runs. Default 10 s. */
  staleAfterMs?: number;
  /** How often runs are written. Default 5 s. */
  flushEveryMs?: number;
  /** How often a backup is made beside the ledger; 0 for a short visit of the command line. Default one hour. */
  backupEveryMs?: number;
  /** Disk space kept back for a full disk. Default 16 MiB. */
  reserveBytes?: number;
}

const HOUR_MS = 3_600_000;
const RESERVE_CHECK_MS = 30_000;

/**
 * Opens the ledger in the file `path` (its folder is made), or in memory for `:memory:`. Beside the file stand `journal/`
 * (every transaction since the oldest backup), `backups/` and a reserve file.
 * @throws AppError `storage` or `disk-full` with a hint
 */
export function openLedger(path: string, options: LedgerOptions): Ledger {
  const { clock, log, backupEveryMs = HOUR_MS, reserveBytes = 16 << 20 } = options;
  const inMemory = path === ':memory:';
  const folder = dirname(path);
  const opened = inMemory ? openInMemory() : openInFolder(path, clock);
  const reserve = inMemory || reserveBytes === 0 ? noReserve : reserveFile(join(folder, 'reserve.bin'), reserveBytes);
  let diskFull = false;

  const db = ledgerDb(opened.raw, {
    journal: opened.journal,
    reserve,
    onFull: () => {
      diskFull = true;
      log.error({ path }, 'disk full: the ledger uses its reserve');
    },
  });
  for (const finding of opened.findings) log.warn({ path, ...finding }, 'ledger was not whole at start');
  if (!reserve.restore()) log.warn({ path, reserveBytes }, 'no room for the reserve of the ledger');

  const checkReserve = (): void => {
    if (!reserve.restore()) return;
    if (diskFull) log.info({ path }, 'disk has room again');
    diskFull = false;
  };
  const backUp = backupTask(db, opened.journal, { folder: join(folder, 'backups'), log });
  const timers = inMemory ? [] : [clock.every(RESERVE_CHECK_MS, checkReserve)];
  if (!inMemory && backupEveryMs > 0) timers.push(clock.every(backupEveryMs, backUp.start));

  const stores = openStores(db, options);
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    for (const timer of timers) timer.cancel();
    await backUp.idle();
    try {
      stores.observations.close();
    } finally {
      db.raw.close();
      opened.journal.close();
    }
  };

  return {
    ...stores,
    findings: opened.findings,
    get diskFull() {
      return diskFull;
    },
    backup: (target) => copyDatabase(db, target),
    close: () => (closing ??= close()),
  };
}

function openInMemory() {
  const raw = openDatabase(':memory:');
  migrate(raw);
  return { raw, journal: noJournal, findings: [] as LedgerFinding[] };
}

function openInFolder(path: string, clock: Clock) {
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o750 });
    const journal = openJournal(join(folder, 'journal'));
    const stamp = isoOf(clock.now()).replaceAll(/[:.]/g, '-');
    return { journal, ...openSound(path, { journal, backups: join(folder, 'backups'), stamp }) };
  } catch (cause) {
    throw ledgerError(`ledger ${path}: open`, cause);
  }
}

/** One backup at a time; a failure is told and the next hour tries again. */
function backupTask(db: LedgerDb, journal: Parameters<typeof makeBackup>[1], at: { folder: string; log: Logger }) {
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    try {
      await makeBackup(db, journal, at.folder);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      at.log.error({ error: error.message, hint: error.hint }, 'backup of the ledger failed');
    } finally {
      running = undefined;
    }
  };
  return {
    start(): void {
      running ??= run();
    },
    idle: (): Promise<void> => running ?? Promise.resolve(),
  };
}

function openStores(db: LedgerDb, { clock, log, staleAfterMs = 10_000, flushEveryMs = 5000 }: LedgerOptions) {
  const outbox = outboxStore(db, clock);
  const incidents = incidentStore(db);
  const steps = stepStore(db, outbox, clock);
  return {
    commitStep: steps.commit,
    stepsAfter: steps.after,
    stepsOf: steps.of,
    lastSeq: steps.lastSeq,
    openIncidents: incidents.open,
    incidents,
    outbox,
    ruleVersions: ruleVersionStore(db, clock),
    observations: observationStore(db, { clock, log, staleAfterMs, flushEveryMs }),
    snapshots: snapshotStore(db),
    leaves: leaveStore(db, clock),
    workflowSteps: workflowStepStore(db, outbox, clock),
    users: userStore(db, clock),
    sessions: sessionStore(db, clock),
    tokens: tokenStore(db, clock),
    audit: auditStore(db, clock),
    viewings: viewingStore(db, clock),
    settings: settingStore(db, clock),
  };
}
