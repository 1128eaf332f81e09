import type { Request, Response } from 'express';

/**
 * Sends bytes, or the one range of them that was asked for (RFC 9110, section 14): a browser jumps about in a clip only where
 * it may. Several ranges at once are answered with all of it.
 */
export function sendRange(request: Request, response: Response, bytes: Uint8Array): void {
  response.setHeader('Accept-Ranges', 'bytes');
  const asked = request.range(bytes.length);
  if (asked === -1) {
    response.setHeader('Content-Range', `bytes */${bytes.length}`);
    response.status(416).end();
    return;
  }
  const [range, ...others] = Array.isArray(asked) && asked.type === 'bytes' ? asked : [];
  if (!range || others.length > 0) {
    response.send(Buffer.from(bytes));
    return;
  }
  response.status(206).setHeader('Content-Range', `bytes ${range.start}-${range.end}/${bytes.length}`);
  response.send(Buffer.from(bytes.subarray(range.start, range.end + 1)));
}
