import { join } from 'node:path';
import type { Clock } from '../../core/clock.js';
import { AppError, messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import { makeBackup } from './backups.js';
import type { LedgerDb } from './database.js';
import type { Journal } from './journal.js';
import type { Reserve } from './reserve.js';

/** Whether the disk is full, shared by who finds out and who looks whether it has room again. */
export interface DiskState {
  full: boolean;
}

export interface UpkeepOptions {
  db: LedgerDb;
  journal: Journal;
  reserve: Reserve;
  disk: DiskState;
  /** Of the ledger file. */
  folder: string;
  /** 0 for none. */
  backupEveryMs: number;
  clock: Clock;
  log: Logger;
}

const RESERVE_CHECK_MS = 30_000;

/** Keeps the reserve filled and backups made until it is stopped. Failures are told and tried again at the next turn. */
export function startUpkeep(options: UpkeepOptions): { stop(): Promise<void> } {
  const { db, reserve, disk, backupEveryMs, clock, log } = options;
  let backup: Promise<void> | undefined;

  const checkDisk = (): void => {
    if (!reserve.restore() || !disk.full) return;
    disk.full = false;
    db.spaceIsBack();
    log.info('disk has room again');
  };
  const backUp = (): void => {
    backup ??= tryBackup(options).finally(() => {
      backup = undefined;
    });
  };

  if (!reserve.restore()) log.warn('no room on the disk for the reserve of the ledger');
  const timers = [clock.every(RESERVE_CHECK_MS, checkDisk)];
  if (backupEveryMs > 0) timers.push(clock.every(backupEveryMs, backUp));
  return {
    async stop() {
      for (const timer of timers) timer.cancel();
      await backup;
    },
  };
}

async function tryBackup({ db, journal, folder, log }: UpkeepOptions): Promise<void> {
  try {
    await makeBackup(db, journal, join(folder, 'backups'));
  } catch (error) {
    const hint = error instanceof AppError ? error.hint : undefined;
    log.error({ error: messageOf(error), hint }, 'backup of the ledger failed');
  }
}
