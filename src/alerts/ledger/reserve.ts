import { closeSync, fsyncSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';

/** Disk space kept back for the ledger, so that a disk filled by others still takes the alerts. */
export interface Reserve {
  /** Gives the space free. False where it was gone already. */
  release(): boolean;
  /** Takes the space again once the disk has room for it twice over. Returns whether it is held now. */
  restore(): boolean;
}

const BLOCK = Buffer.alloc(1 << 20, 0x5a);

/** No reserve, for a ledger in memory or a size of 0. */
export const noReserve: Reserve = { release: () => false, restore: () => true };

/** A reserve file of `bytes` at `path`. Really written: a sparse file would hold nothing back. */
export function reserveFile(path: string, bytes: number): Reserve {
  const held = (): boolean => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= bytes;

  const fill = (): void => {
    const file = openSync(path, 'w', 0o600);
    try {
      for (let left = bytes; left > 0; ) left -= writeSync(file, BLOCK, 0, Math.min(left, BLOCK.length));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  };

  return {
    release() {
      const had = statSync(path, { throwIfNoEntry: false }) !== undefined;
      rmSync(path, { force: true });
      return had;
    },
    restore() {
      if (held()) return true;
      try {
        const { bavail, bsize } = statfsSync(path.slice(0, path.lastIndexOf('/') + 1) || '.');
        if (bavail * bsize < bytes * 2) return false;
        fill();
      } catch {
        // Somebody else took the room meanwhile: a half-written reserve must not stay to fill the disk.
        rmSync(path, { force: true });
      }
      return held();
    },
  };
}
