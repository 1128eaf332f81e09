import { describe, expect, it } from 'vitest';
import type { LiveVideo } from '../../src/board/ports.js';
import { parseConfig } from '../../src/core/config/load.js';
import { AppError } from '../../src/core/errors.js';
import { startBoard } from './support/boardHarness.js';
import { HALL_YAML } from './support/hall.js';

/** A stream whose chunks the test gives by hand. */
function handMade() {
  const chunks: Uint8Array[] = [];
  let wake = (): void => undefined;
  let left = false;
  async function* bytes(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    signal.addEventListener('abort', () => wake());
    try {
      while (!signal.aborted) {
        for (let next = chunks.shift(); next; next = chunks.shift()) yield next;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      left = true;
    }
  }
  return {
    video: async (_camera: string, signal: AbortSignal): Promise<LiveVideo> => ({
      mime: 'video/mp4; codecs="avc1.42c01e"',
      bytes: bytes(signal),
    }),
    give(text: string): void {
      chunks.push(Buffer.from(text));
      wake();
    },
    left: () => left,
  };
}

const open = async (url: string, cookie: string) => {
  const gone = new AbortController();
  const response = await fetch(url, { headers: { cookie }, signal: gone.signal });
  const reader = response.body!.getReader();
  const read = async (): Promise<string | undefined> => {
    const { done, value } = await reader.read();
    return done ? undefined : Buffer.from(value).toString();
  };
  return { response, read, leave: () => gone.abort() };
};

describe('live video', () => {
  it('goes out as it comes, and stops being read when the browser leaves', async () => {
    const stream = handMade();
    const harness = await startBoard({ cameras: { picture: async () => undefined, video: stream.video } });
    const { cookie } = await harness.signIn('hall-supervisor');
    stream.give('first');
    const { response, read, leave } = await open(`${harness.board.url}/api/cameras/cam-1/video`, cookie);
    expect(response.headers.get('content-type')).toBe('video/mp4; codecs="avc1.42c01e"');
    expect(await read()).toBe('first');
    stream.give('second');
    expect(await read()).toBe('second');
    leave();
    await expect.poll(stream.left).toBe(true);
  });

  it.each([
    [
      'its session ended',
      (harness: Awaited<ReturnType<typeof startBoard>>, user: string) => harness.ledger.sessions.removeOf(user),
    ],
    [
      'its account was disabled',
      (harness: Awaited<ReturnType<typeof startBoard>>, user: string) =>
        void harness.ledger.users.update(user, { disabled: true }),
    ],
  ])('ends within a second of video after %s', async (_, end) => {
    const stream = handMade();
    const harness = await startBoard({ cameras: { picture: async () => undefined, video: stream.video } });
    const { cookie, id } = await harness.signIn('hall-supervisor');
    stream.give('first');
    const { read } = await open(`${harness.board.url}/api/cameras/cam-1/video`, cookie);
    await read();
    end(harness, id);
    await harness.clock.advance(1000);
    stream.give('not for them');
    expect(await read()).toBeUndefined();
    await expect.poll(stream.left).toBe(true);
  });

  it('of an evaluation room is refused to those who may not see it, and each look is in the viewing register', async () => {
    const stream = handMade();
    const harness = await startBoard({ cameras: { picture: async () => undefined, video: stream.video } });
    const staff = await harness.signIn('staff');
    expect((await staff.get('/api/cameras/cam-r/video')).status).toBe(403);
    const bid = await harness.signIn('bid-supervisor');
    stream.give('first');
    const { read, leave } = await open(`${harness.board.url}/api/cameras/cam-r/video`, bid.cookie);
    expect(await read()).toBe('first');
    leave();
    expect(harness.ledger.viewings.list({ limit: 5 })).toMatchObject([{ object: 'camera:cam-r' }]);
    expect((await harness.anonymous.get('/api/cameras/cam-r/video')).status).toBe(401);
  });

  it('is unavailable where no stream can be shown, and is only offered where there may be one', async () => {
    const video = async (): Promise<LiveVideo> => {
      throw new AppError('unsupported', 'no H.264 stream');
    };
    const config = parseConfig(HALL_YAML.replace('sim:counter', 'rtsp://10.0.0.9/sub'), 'hall.yaml');
    const harness = await startBoard({
      cameras: { picture: async () => undefined, video },
      config: { current: () => config, file: undefined, apply: () => 'restart-needed' },
    });
    const admin = await harness.signIn('admin', 'root');
    expect(await admin.get('/api/cameras/cam-1/video')).toMatchObject({
      status: 503,
      body: { error: { code: 'unavailable' } },
    });
    expect((await admin.get('/api/cameras/cam-1')).body.video).toBe(true);
    expect((await admin.get('/api/cameras/cam-r')).body.video).toBe(false);
  });
});
