import { createHash, randomBytes } from 'node:crypto';
import { isoOf, type WallMs } from '../../core/time.js';
import type { Credentials } from '../ffmpeg/ffmpegCommand.js';
import { xmlText } from './xml.js';

const SECEXT = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const UTILITY = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
const DIGEST = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest';
const BASE64 = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary';

/**
 * The `Security` header with a password digest: Base64(SHA-1(nonce + created + password)), password as UTF-8
 * (OASIS Web Services Security UsernameToken Profile 1.0, section 3.1). `created` is by the device's clock, because
 * devices refuse what they hold for old.
 */
export function securityHeader({ user, password }: Credentials, created: WallMs, nonce = randomBytes(16)): string {
  const createdText = isoOf(created);
  const digest = createHash('sha1').update(nonce).update(createdText).update(password, 'utf8').digest('base64');
  return (
    `<Security s:mustUnderstand="1" xmlns="${SECEXT}"><UsernameToken>` +
    `<Username>${xmlText(user)}</Username><Password Type="${DIGEST}">${digest}</Password>` +
    `<Nonce EncodingType="${BASE64}">${nonce.toString('base64')}</Nonce>` +
    `<Created xmlns="${UTILITY}">${createdText}</Created></UsernameToken></Security>`
  );
}
