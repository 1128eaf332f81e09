import type { Clock } from '../../../src/core/clock.js';

/** A live stream in a `<video>`: how far it lies behind, and how to stop. */
export interface LiveStream {
  /** Seconds between the newest picture that has come and the one that is shown. */
  behindS(): number;
  stop(): void;
}

export interface LiveStreamOptions {
  player: HTMLVideoElement;
  address: string;
  clock: Clock;
  /** The stream cannot be shown, or has ended. Called once. */
  onEnd: () => void;
  /** The first picture is there. */
  onShown: () => void;
}

/** Shown this far behind the newest picture: enough to ride over a late packet. */
const CUSHION_S = 0.3;
/** Farther behind than this, the player jumps to the newest second. */
const JUMP_BEHIND_S = 1.5;
/** Pictures older than this are thrown away. */
const KEPT_S = 20;
const KEEP_UP_EVERY_MS = 500;

/**
 * Plays fragmented MP4 as it comes, through Media Source Extensions: a `<video src>` would gather seconds before it
 * plays, and never catch up.
 */
export function playLive({ player, address, clock, onEnd, onShown }: LiveStreamOptions): LiveStream {
  const gone = new AbortController();
  const source = new MediaSource();
  const url = URL.createObjectURL(source);
  let over = false;

  const stop = (): void => {
    if (over) return;
    over = true;
    gone.abort();
    timer.cancel();
    player.removeEventListener('playing', onShown);
    player.removeAttribute('src');
    player.load();
    URL.revokeObjectURL(url);
  };
  const end = (): void => {
    if (over) return;
    stop();
    onEnd();
  };
  const newest = (): number => (player.buffered.length > 0 ? player.buffered.end(player.buffered.length - 1) : 0);
  const behindS = (): number => Math.max(0, newest() - player.currentTime);
  const keepUp = (): void => {
    if (player.buffered.length === 0) return;
    if (behindS() > JUMP_BEHIND_S || player.currentTime < player.buffered.start(0))
      player.currentTime = Math.max(player.buffered.start(0), newest() - CUSHION_S);
    if (player.paused) void player.play().catch(() => undefined);
  };
  const timer = clock.every(KEEP_UP_EVERY_MS, keepUp);

  player.addEventListener('playing', onShown, { once: true });
  player.src = url;
  source.addEventListener('sourceopen', () => void feed(source, address, gone.signal).then(end, end), { once: true });
  return { behindS, stop };
}

/** Reads the stream into the source until either ends. @throws where the board refuses or the browser cannot play it */
async function feed(source: MediaSource, address: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(address, { signal, cache: 'no-store' });
  const mime = response.headers.get('Content-Type') ?? '';
  if (!response.ok || !response.body || !MediaSource.isTypeSupported(mime)) throw new Error(`no live video: ${mime}`);
  const buffer = source.addSourceBuffer(mime);
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    await change(buffer, () => buffer.appendBuffer(value));
    await trim(buffer);
  }
}

async function trim(buffer: SourceBuffer): Promise<void> {
  const { buffered } = buffer;
  if (buffered.length === 0) return;
  const start = buffered.start(0);
  const end = buffered.end(buffered.length - 1);
  if (end - start > 2 * KEPT_S) await change(buffer, () => buffer.remove(start, end - KEPT_S));
}

/** One change of the buffer at a time: the next may begin when this one is done. */
function change(buffer: SourceBuffer, begin: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (event: Event): void => {
      buffer.removeEventListener('updateend', done);
      buffer.removeEventListener('error', done);
      if (event.type === 'error') reject(new Error('the browser cannot read the live video'));
      else resolve();
    };
    buffer.addEventListener('updateend', done);
    buffer.addEventListener('error', done);
    begin();
  });
}
