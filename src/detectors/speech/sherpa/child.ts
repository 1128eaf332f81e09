import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../core/clock.js';
import { messageOf } from '../../../core/errors.js';
import { SAMPLE_RATE } from '../features.js';
import { loadSherpa } from './library.js';
import { type SherpaListener, sherpaListener } from './listener.js';
import type { FromSherpa, ToSherpa } from './protocol.js';

/**
 * The process that listens: started by `process.ts`, spoken to over its channel, gone with its parent. Keyword lines lie in
 * a private folder while the library reads them; nothing that was said is written anywhere.
 */
const folder = mkdtempSync(join(tmpdir(), 'hallwatch-speech-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.on('disconnect', () => process.exit(0));
// The parent decides when to stop; a Ctrl-C meant for it must not cut a word in half.
process.on('SIGINT', () => undefined);

let listener: SherpaListener | undefined;
const tell = (message: FromSherpa): void => void process.send?.(message);

process.on('message', (message: ToSherpa) => {
  try {
    handle(message);
  } catch (error) {
    tell({ type: 'failed', reason: messageOf(error) });
    process.exitCode = 1;
    process.disconnect?.();
  }
});

function handle(message: ToSherpa): void {
  if (message.type === 'load') {
    const keywordsFile = join(folder, 'keywords.txt');
    listener = sherpaListener(loadSherpa(), message.models, { lines: message.lines, keywordsFile });
    tell({ type: 'loaded' });
  } else if (message.type === 'relist') listener?.relist(message.lines);
  else if (message.type === 'open') listener?.open(message.room);
  else if (message.type === 'sound') {
    const begun = systemClock.monotonicMs();
    const { room, at, samples } = message;
    for (const event of listener?.sound(room, at, samples) ?? []) tell({ type: 'event', room, event });
    const soundMs = (samples.length / SAMPLE_RATE) * 1000;
    const until = Math.round(at + soundMs);
    const settled = listener?.settled(room) ?? until;
    tell({ type: 'heard', room, until, settled, busyMs: systemClock.monotonicMs() - begun, soundMs });
  } else {
    for (const event of listener?.close(message.room) ?? []) tell({ type: 'event', room: message.room, event });
    tell({ type: 'closed', room: message.room });
  }
}
