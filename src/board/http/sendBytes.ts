import { once } from 'node:events';
import type { Response } from 'express';

/** Sends bytes as they come, never faster than the browser reads. Ends when either side does. */
export async function sendBytes(response: Response, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of bytes) {
    if (response.destroyed) return;
    if (!response.write(chunk)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
  response.end();
}
