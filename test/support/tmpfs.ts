import { spawnSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './ledger.js';

const mount = (...args: string[]): boolean => spawnSync('mount', args, { stdio: 'ignore' }).status === 0;

/** A small disk in memory. Undefined (said once a test) where this process may not mount one. */
export function smallDisk(megabytes: number): { path: string; makeReadOnly(): void } | undefined {
  const path = temporaryFolder();
  if (!mount('-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path)) {
    console.info('skipped: may not mount a small disk here');
    return undefined;
  }
  onTestFinished(() => {
    spawnSync('umount', ['-l', path]);
  });
  return {
    path,
    makeReadOnly() {
      if (!mount('-o', 'remount,ro', path)) throw new Error('remount failed');
    },
  };
}
