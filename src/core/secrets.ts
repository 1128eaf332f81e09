import { readFileSync } from 'node:fs';
import { AppError } from './errors.js';

/** Values that must never be printed, as they occur: plain, percent-encoded, base64. */
const known = new Set<string>();
const SHORTEST = 3;

/** Tells the redactor about a secret. Every secret passes here before it is used. */
export function rememberSecret(value: string): void {
  if (value.length < SHORTEST) return;
  known.add(value);
  known.add(encodeURIComponent(value));
  known.add(Buffer.from(value).toString('base64'));
  known.add(JSON.stringify(value).slice(1, -1));
}

/** The text with every known secret, and the user part of every URL, replaced by `***`. */
export function redact(text: string): string {
  let result = text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']*(?::[^\s/@"']*)?@/gi, '$1***@');
  const longestFirst = [...known].sort((a, b) => b.length - a.length);
  for (const secret of longestFirst) result = result.split(secret).join('***');
  return result;
}

/**
 * Reads a secret reference: `${env:NAME}` or `${file:PATH}` (first line, trailing line break off). A literal is refused
 * so that no password stands in a config file that is mailed around.
 * @throws AppError `config`
 */
export function resolveSecret(reference: string, env: NodeJS.ProcessEnv): string {
  const match = /^\$\{(env|file):([^}]+)\}$/.exec(reference);
  if (!match) {
    throw new AppError('config', 'secret: written out in the config: only a reference is allowed', {
      hint: 'write ${env:NAME} or ${file:/path/to/secret}',
    });
  }
  const [, kind, name] = match;
  const value = kind === 'env' ? env[name!] : readSecretFile(name!);
  if (value === undefined || value === '') {
    throw new AppError('config', `secret ${reference}: empty or not set`, { hint: `set ${name} before starting` });
  }
  rememberSecret(value);
  return value;
}

function readSecretFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').split(/\r?\n/, 1)[0] ?? '';
  } catch (cause) {
    throw new AppError('config', `secret file ${path}: cannot be read`, { cause, hint: 'check its path and owner' });
  }
}
