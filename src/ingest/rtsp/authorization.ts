import { createHash, randomBytes } from 'node:crypto';
import type { Credentials } from '../ffmpeg/ffmpegCommand.js';

/** What a server asks for in `WWW-Authenticate`. */
export interface Challenge {
  scheme: 'digest' | 'basic';
  parameters: ReadonlyMap<string, string>;
}

/** The best challenge that we can answer: digest before basic. Undefined where there is none. */
export function chooseChallenge(values: readonly string[]): Challenge | undefined {
  const challenges = values.flatMap((value): Challenge[] => {
    const [, scheme = '', rest = ''] = /^(\w+)\s*(.*)$/s.exec(value) ?? [];
    const parameters = new Map<string, string>();
    for (const [, name, quoted, bare] of rest.matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|([^\s,]+))/g)) {
      parameters.set(name!.toLowerCase(), quoted ?? bare ?? '');
    }
    const kind = scheme.toLowerCase();
    return kind === 'digest' || kind === 'basic' ? [{ scheme: kind, parameters }] : [];
  });
  return (
    challenges.find(({ scheme, parameters }) => scheme === 'digest' && hashOf(parameters) !== undefined) ??
    challenges.find(({ scheme }) => scheme === 'basic')
  );
}

export interface Request {
  method: string;
  uri: string;
}

/**
 * The `Authorization` header for one request: digest (RFC 7616, MD5 and SHA-256, `qop` auth or none, as RTSP takes it over
 * from HTTP in RFC 2326 section 14) or basic (RFC 7617). `nonceCount` counts the requests under this challenge from 1 on.
 */
export function authorization(
  { scheme, parameters }: Challenge,
  { user, password }: Credentials,
  { method, uri, nonceCount }: Request & { nonceCount: number },
): string {
  if (scheme === 'basic') return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
  const algorithm = hashOf(parameters) ?? 'md5';
  const hash = (text: string): string => createHash(algorithm).update(text, 'utf8').digest('hex');
  const [realm = '', nonce = '', opaque] = ['realm', 'nonce', 'opaque'].map((name) => parameters.get(name));
  const ha1 = hash(`${user}:${realm}:${password}`);
  const ha2 = hash(`${method}:${uri}`);
  const fields = [`username="${quote(user)}"`, `realm="${realm}"`, `nonce="${nonce}"`, `uri="${uri}"`];
  if (takesAuth(parameters.get('qop'))) {
    const cnonce = randomBytes(8).toString('hex');
    const nc = nonceCount.toString(16).padStart(8, '0');
    fields.push(`response="${hash(`${ha1}:${nonce}:${nc}:${cnonce}:auth:${ha2}`)}"`);
    fields.push('qop=auth', `nc=${nc}`, `cnonce="${cnonce}"`);
  } else fields.push(`response="${hash(`${ha1}:${nonce}:${ha2}`)}"`);
  if (opaque !== undefined) fields.push(`opaque="${opaque}"`);
  const named = parameters.get('algorithm');
  if (named !== undefined) fields.push(`algorithm=${named}`);
  return `Digest ${fields.join(', ')}`;
}

const takesAuth = (qop: string | undefined): boolean => qop?.split(',').some((each) => each.trim() === 'auth') ?? false;

const quote = (text: string): string => text.replace(/["\\]/g, '\\$&');

function hashOf(parameters: ReadonlyMap<string, string>): 'md5' | 'sha256' | undefined {
  const algorithm = (parameters.get('algorithm') ?? 'MD5').toUpperCase();
  if (algorithm === 'MD5') return 'md5';
  return algorithm === 'SHA-256' ? 'sha256' : undefined;
}
