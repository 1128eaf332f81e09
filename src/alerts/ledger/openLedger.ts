import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Clock } from '../../core/clock.js';
import type { IncidentId } from '../../core/ids.js';
import type { AlertStep } from '../../core/incident.js';
import type { Logger } from '../../core/log.js';
import { isoOf } from '../../core/time.js';
import { type AuditStore, auditStore } from './audit.js';
import { copyDatabase } from './backups.js';
import { type CameraHealthStore, cameraHealthStore } from './cameraHealth.js';
import { type ClipStore, clipStore } from './clips.js';
import { type CourtesyStore, courtesyStore } from './courtesy.js';
import { type LedgerDb, ledgerDb, openDatabase } from './database.js';
import { type DeskStandardStore, deskStandardStore } from './deskStandards.js';
import { type EvaluationEntryStore, evaluationEntryStore } from './evaluationEntries.js';
import { type EvaluationStore, evaluationStore } from './evaluations.js';
import { type FaceTemplateStore, faceTemplateStore } from './faceTemplates.js';
import { type HoldStore, holdStore } from './holds.js';
import { type IncidentRecord, type IncidentStore, incidentStore } from './incidents.js';
import { noJournal, openJournal } from './journal.js';
import { type LeaveStore, leaveStore } from './leaves.js';
import { migrate } from './migrations.js';
import { type MonthStore, monthStore } from './months.js';
import { type ObservationStore, observationStore } from './observations.js';
import { type ObservationTrim, observationTrim } from './observationTrim.js';
import { type OutboxStore, outboxStore } from './outboxRows.js';
import { type PatrolVisitStore, patrolVisitStore } from './patrolVisits.js';
import { noReserve, reserveFile } from './reserve.js';
import { type LedgerFinding, openSound } from './restore.js';
import { type RoomEntryStore, roomEntryStore } from './roomEntries.js';
import { type RuleVersionStore, ruleVersionStore } from './ruleVersions.js';
import { type ServiceSessionStore, serviceSessionStore } from './serviceSessions.js';
import { type SessionStore, sessionStore } from './sessions.js';
import { type SettingStore, settingStore } from './settings.js';
import { type SignInStore, signInStore } from './signIns.js';
import { type SnapshotStore, snapshotStore } from './snapshots.js';
import { type SoundClipStore, soundClipStore } from './soundClips.js';
import { ledgerError } from './sqliteError.js';
import { type CommitOutcome, type StepRows, type StoredStep, stepStore } from './steps.js';
import { type TokenStore, tokenStore } from './tokens.js';
import { type TranscriptNoteStore, transcriptNoteStore } from './transcriptNotes.js';
import { type TranscriptStore, transcriptStore } from './transcripts.js';
import { type DiskState, startUpkeep } from './upkeep.js';
import { type UserStore, userStore } from './users.js';
import { type ViewingStore, viewingStore } from './viewingRegister.js';
import { type WordListStore, wordListStore } from './wordLists.js';
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
  observationTrim: ObservationTrim;
  snapshots: SnapshotStore;
  cameraHealth: CameraHealthStore;
  clips: ClipStore;
  holds: HoldStore;
  leaves: LeaveStore;
  workflowSteps: WorkflowStepStore;
  outbox: OutboxStore;
  users: UserStore;
  sessions: SessionStore;
  tokens: TokenStore;
  audit: AuditStore;
  viewings: ViewingStore;
  transcripts: TranscriptStore;
  transcriptNotes: TranscriptNoteStore;
  soundClips: SoundClipStore;
  wordLists: WordListStore;
  courtesy: CourtesyStore;
  settings: SettingStore;
  evaluations: EvaluationStore;
  evaluationEntries: EvaluationEntryStore;
  roomEntries: RoomEntryStore;
  faceTemplates: FaceTemplateStore;
  signIns: SignInStore;
  patrolVisits: PatrolVisitStore;
  months: MonthStore;
  deskStandards: DeskStandardStore;
  serviceSessions: ServiceSessionStore;
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

/**
 * Opens the ledger in the file `path` (its folder is made), or in memory for `:memory:`. Beside the file stand `journal/`
 * (every transaction since the oldest backup), `backups/` and a reserve file.
 * @throws AppError `storage` or `disk-full` with a hint
 */
export function openLedger(path: string, options: LedgerOptions): Ledger {
  const { clock, backupEveryMs = HOUR_MS, reserveBytes = 16 << 20 } = options;
  const log = options.log.child({ ledger: path });
  const inMemory = path === ':memory:';
  const folder = dirname(path);
  const { raw, journal, findings } = inMemory ? openInMemory() : openInFolder(path, clock);
  for (const finding of findings) log.warn({ ...finding }, 'ledger was not whole at start');
  const reserve = inMemory || reserveBytes === 0 ? noReserve : reserveFile(join(folder, 'reserve.bin'), reserveBytes);
  const disk: DiskState = { full: false };
  const onFull = (): void => {
    if (!disk.full) log.error('disk full: the ledger uses its reserve');
    disk.full = true;
  };

  const db = ledgerDb(raw, { journal, reserve, onFull });
  const upkeep = inMemory ? undefined : startUpkeep({ db, journal, reserve, disk, folder, backupEveryMs, clock, log });
  const stores = openStores(db, { ...options, log });
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await upkeep?.stop();
    try {
      stores.observations.close();
      stores.transcripts.close();
    } finally {
      raw.close();
      journal.close();
    }
  };

  return {
    ...stores,
    findings,
    get diskFull() {
      return disk.full;
    },
    backup: (target) => copyDatabase(db, target),
    close() {
      closing ??= close();
      return closing;
    },
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
    accessSync(nearestThatExists(folder), constants.W_OK);
    mkdirSync(folder, { recursive: true, mode: 0o750 });
    const journal = openJournal(join(folder, 'journal'));
    const stamp = isoOf(clock.now()).replaceAll(/[:.]/g, '-');
    return { journal, ...openSound(path, { journal, backups: join(folder, 'backups'), stamp }) };
  } catch (cause) {
    throw ledgerError(`ledger ${path}: open`, cause);
  }
}

/** Asked first whether it may be written: on a read-only disk Node's recursive `mkdir` says ENOENT, which helps nobody. */
function nearestThatExists(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearestThatExists(dirname(folder));
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
    observationTrim: observationTrim(db),
    snapshots: snapshotStore(db),
    cameraHealth: cameraHealthStore(db),
    clips: clipStore(db),
    holds: holdStore(db, clock),
    leaves: leaveStore(db, clock),
    workflowSteps: workflowStepStore(db, outbox, clock),
    users: userStore(db, clock),
    sessions: sessionStore(db, clock),
    tokens: tokenStore(db, clock),
    audit: auditStore(db, clock),
    viewings: viewingStore(db, clock),
    transcripts: transcriptStore(db, { clock, log, flushEveryMs }),
    transcriptNotes: transcriptNoteStore(db, clock),
    soundClips: soundClipStore(db),
    wordLists: wordListStore(db, clock),
    courtesy: courtesyStore(db),
    settings: settingStore(db, clock),
    evaluations: evaluationStore(db, clock),
    evaluationEntries: evaluationEntryStore(db, clock),
    roomEntries: roomEntryStore(db),
    faceTemplates: faceTemplateStore(db, clock),
    signIns: signInStore(db, clock),
    patrolVisits: patrolVisitStore(db, clock),
    months: monthStore(db, clock),
    deskStandards: deskStandardStore(db, clock),
    serviceSessions: serviceSessionStore(db),
  };
}
