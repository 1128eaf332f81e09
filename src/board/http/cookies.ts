/** Value of a cookie in a `Cookie` header (RFC 6265 section 4.2), or undefined. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const cut = part.indexOf('=');
    if (cut > 0 && part.slice(0, cut).trim() === name) return part.slice(cut + 1).trim();
  }
  return undefined;
}

/**
 * Name of the session cookie. Browsers take a `__Host-` cookie only over https, so a board on plain http in the hall's own
 * network, or on loopback, must use a plain name; https in front of the board is set by its public address.
 */
export const sessionCookieName = (secure: boolean): string => (secure ? '__Host-hallwatch' : 'hallwatch');

/** The `Set-Cookie` of a session; `maxAgeS` 0 takes it away. */
export function sessionCookie(token: string, { secure, maxAgeS }: { secure: boolean; maxAgeS: number }): string {
  const parts = [
    `${sessionCookieName(secure)}=${token}`,
    'Path=/',
    `Max-Age=${maxAgeS}`,
    'HttpOnly',
    'SameSite=Strict',
  ];
  return [...parts, ...(secure ? ['Secure'] : [])].join('; ');
}
