import type { IncomingHttpHeaders } from 'node:http';

/**
 * True where a mutating call comes from our own pages, or from no browser at all. A browser names the page's origin in
 * `Origin` and, newer ones, its relation in `Sec-Fetch-Site`; neither can be set by a script.
 */
export function isOwnOrigin(headers: IncomingHttpHeaders, publicUrl: string | undefined): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const origin = headers.origin;
  if (origin === undefined) return true;
  if (publicUrl !== undefined) return origin === new URL(publicUrl).origin;
  return URL.canParse(origin) && new URL(origin).host === headers.host;
}
