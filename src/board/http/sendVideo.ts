import { once } from 'node:events';
import type { Response } from 'express';
import type { Clock } from '../../core/clock.js';
import type { LiveVideo } from '../ports.js';

export interface SendVideoOptions {
  clock: Clock;
  /** Whether the viewer may still look; asked again while bytes go out, at most once a second. */
  allowed: () => boolean;
}

const ASK_EVERY_MS = 1000;

/**
 * Sends a live stream as it comes, never faster than the browser reads. Ends when either side does, and within a second
 * of video after the viewer's right has ended.
 */
export async function sendVideo(response: Response, video: LiveVideo, options: SendVideoOptions): Promise<void> {
  const { clock, allowed } = options;
  response.writeHead(200, { 'Content-Type': video.mime, 'Cache-Control': 'no-store' });
  let askedMs = clock.monotonicMs();
  for await (const chunk of video.bytes) {
    if (response.destroyed) return;
    const nowMs = clock.monotonicMs();
    if (nowMs - askedMs >= ASK_EVERY_MS) {
      askedMs = nowMs;
      if (!allowed()) break;
    }
    if (!response.write(chunk)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
  response.end();
}
