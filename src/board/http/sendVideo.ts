import { once } from 'node:events';
import type { Response } from 'express';

/** Sends a live stream as it comes, never faster than the browser reads. Ends when either side does. */
export async function sendVideo(response: Response, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'video/mp4', 'Cache-Control': 'no-store' });
  for await (const chunk of chunks) {
    if (response.destroyed) return;
    if (!response.write(chunk)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
  response.end();
}
