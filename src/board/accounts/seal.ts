import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../core/errors.js';
import { writeFileAtomic } from '../../core/files.js';

/** Keeps small secrets unreadable in a copied ledger: the key lies beside the ledger, not in it. */
export interface Seal {
  seal(plain: string): string;
  /** @throws AppError `storage` where the key is another one or the text was changed */
  open(sealed: string): string;
}

/** AES-256-GCM with a key from `<folder>/board.key` (mode 0600), made at the first use. */
export function openSeal(folder: string): Seal {
  const path = join(folder, 'board.key');
  if (!existsSync(path)) writeFileAtomic(path, `${randomBytes(32).toString('base64')}\n`, 0o600);
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
  if (key.length !== 32)
    throw new AppError('storage', `${path}: not a 256-bit key`, { hint: 'restore it from a backup' });
  return {
    seal(plain) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return `v1.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`;
    },
    open(sealed) {
      try {
        const bytes = Buffer.from(sealed.replace(/^v1\./, ''), 'base64url');
        const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
        cipher.setAuthTag(bytes.subarray(12, 28));
        return Buffer.concat([cipher.update(bytes.subarray(28)), cipher.final()]).toString('utf8');
      } catch (cause) {
        throw new AppError('storage', `sealed secret: cannot be opened with ${path}`, { cause });
      }
    },
  };
}
