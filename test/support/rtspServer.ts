import { execFileSync } from 'node:child_process';
import { systemClock } from '../../src/core/clock.js';
import { silentLogger } from '../../src/core/log.js';
import { type RtspServer, type RtspServerOptions, startRtspServer } from '../../src/ingest/rtspServer/rtspServer.js';

/** True where this machine has GStreamer's RTSP server and its Python bindings. */
export function hasRtspServer(): boolean {
  const check = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer";
  try {
    execFileSync('/usr/bin/python3', ['-c', check], { stdio: 'ignore' });
    return true;
  } catch {
    console.info('skipped: gir1.2-gst-rtsp-server-1.0 absent');
    return false;
  }
}

/** A real RTSP server on a free port of 127.0.0.1; end it with `stop()`. */
export const rtspServer = (options: Omit<RtspServerOptions, 'clock' | 'log'>): Promise<RtspServer> =>
  startRtspServer({ ...options, clock: systemClock, log: silentLogger });
