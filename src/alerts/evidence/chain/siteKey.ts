import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { AppError, errnoOf } from '../../../core/errors.js';
import type { Signer } from './entry.js';

export interface SiteKeyOptions {
  /** Path of the key; default `~/.local/share/hallwatch/keys/SITE.pem`. */
  keyFile: string | undefined;
  site: string;
  /** The data folder: the key must not lie in it, or whoever copies the data could sign in the site's name. */
  dataFolder: string;
  algorithm: 'ed25519' | 'sm2';
  env: NodeJS.ProcessEnv;
}

/**
 * Opens the site's signing key; makes it (mode 0600, its folder 0700) where there is none yet.
 * @throws AppError `config` where it would lie in the data folder or others may read it, `storage`
 */
export function openSiteKey(options: SiteKeyOptions): Signer {
  const { algorithm } = options;
  const path = resolve(options.keyFile ?? join(keyFolder(options.env), `${options.site}-${algorithm}.pem`));
  const inside = relative(resolve(options.dataFolder), path);
  if (!inside.startsWith('..') && !isAbsolute(inside)) {
    throw new AppError('config', `site key ${path}: lies in the data folder`, {
      hint: 'set evidence.keyFile to a path outside the data folder; whoever copies the data must not be able to sign',
    });
  }
  if (!existsSync(path)) makeKey(path, algorithm);
  return readKey(path, algorithm);
}

const keyFolder = (env: NodeJS.ProcessEnv): string =>
  join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'hallwatch', 'keys');

function makeKey(path: string, algorithm: Signer['algorithm']): void {
  const { privateKey } =
    algorithm === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'SM2' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // Where two processes start at once, the first one's key is the site's.
    writeFileSync(path, pem, { flag: 'wx', mode: 0o600, flush: true });
  } catch (cause) {
    if (errnoOf(cause) === 'EEXIST') return;
    throw new AppError('config', `site key ${path}: cannot be made: ${errnoOf(cause) ?? 'failed'}`, {
      cause,
      hint: 'set evidence.keyFile to a path outside the data folder that the service may write',
    });
  }
}

function readKey(path: string, algorithm: Signer['algorithm']): Signer {
  if ((statSync(path).mode & 0o077) !== 0) {
    throw new AppError('config', `site key ${path}: others may read it`, { hint: `chmod 600 ${path}` });
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(readFileSync(path));
  } catch (cause) {
    throw new AppError('config', `site key ${path}: not a private key`, { cause, hint: 'restore it from its backup' });
  }
  const isEd25519 = key.asymmetricKeyType === 'ed25519';
  if (isEd25519 !== (algorithm === 'ed25519')) {
    throw new AppError('config', `site key ${path}: not a key for ${algorithm}`, {
      hint: 'set evidence.signature to what the key is for, or evidence.keyFile to another file',
    });
  }
  const publicKey = createPublicKey(key);
  return {
    algorithm,
    fingerprint: createHash('sha256')
      .update(publicKey.export({ type: 'spki', format: 'der' }))
      .digest('hex'),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    sign: (text) => sign(algorithm === 'ed25519' ? null : 'sm3', Buffer.from(text), key).toString('base64'),
  };
}
