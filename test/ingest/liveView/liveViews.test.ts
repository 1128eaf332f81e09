import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock as clock } from '../../../src/core/clock.js';
import { silentLogger as log } from '../../../src/core/log.js';
import type { FfmpegInput } from '../../../src/ingest/ffmpeg/ffmpegCommand.js';
import { runningFfmpegCount, stopAllFfmpeg } from '../../../src/ingest/ffmpeg/ffmpegProcess.js';
import { liveSources } from '../../../src/ingest/liveView/liveSources.js';
import { type LiveViews, type LiveViewsOptions, liveViews } from '../../../src/ingest/liveView/liveViews.js';
import { testCamera } from '../../support/cameras.js';
import { makeClip, temporaryFolder } from '../../support/clips.js';
import { hasRtspServer, rtspServer } from '../../support/rtspServer.js';

const folder = temporaryFolder();
/** As `liveSources` makes them: without a bound ffmpeg studies a stream for up to 5 s before its first packet. */
const network = (url: string): FfmpegInput => ({
  ...{ kind: 'network', url, timeoutMs: 3000, media: 'video', analyzeMs: 500 },
});
const views: LiveViews[] = [];
const open = (sources: FfmpegInput[], more: Partial<LiveViewsOptions> = {}): LiveViews => {
  const made = liveViews({ sourcesOf: async () => sources, clock, log, ...more });
  views.push(made);
  return made;
};
const never = (): AbortSignal => new AbortController().signal;

afterEach(async () => {
  await Promise.all(views.splice(0).map((one) => one.close()));
  await stopAllFfmpeg();
});

describe.skipIf(!hasRtspServer())('live view of an RTSP camera', () => {
  const withServer = async (work: (url: (path: string) => string) => Promise<void>): Promise<void> => {
    const h264 = makeClip(join(folder, 'h264.mp4'), { fps: 10, gop: 10, seconds: 4 });
    const h265 = makeClip(join(folder, 'h265.mp4'), { fps: 10, gop: 10, seconds: 4, codec: 'libx265' });
    const server = await rtspServer({
      mounts: [
        { path: '/h264', file: h264 },
        { path: '/h265', file: h265 },
      ],
    });
    try {
      await work(server.url);
    } finally {
      await server.stop();
    }
  };

  it('gives the beginning and a key picture first, is read once for two viewers, and stops when both have left', async () =>
    withServer(async (url) => {
      const live = open([network(url('/h264'))]);
      const [one, two] = await Promise.all([live.watch('cam', never()), live.watch('cam', never())]);
      expect(one.mime).toMatch(/^video\/mp4; codecs="avc1\.[0-9a-f]{6}"$/);
      for (const { bytes } of [one, two]) {
        const init = Buffer.from((await bytes.next()).value!);
        expect(init.toString('latin1', 4, 8)).toBe('ftyp');
        const first = Buffer.from((await bytes.next()).value!);
        expect(first.toString('latin1', 4, 8)).toBe('moof');
      }
      expect([live.running, runningFfmpegCount()]).toEqual([1, 2]);
      await one.bytes.return(undefined);
      expect(live.running).toBe(1);
      await two.bytes.next();
      await two.bytes.return(undefined);
      await live.close();
      expect([live.running, runningFfmpegCount()]).toEqual([0, 1]);
    }));

  it('takes the sub-stream where the main stream is H.265, and says unsupported where both are', async () =>
    withServer(async (url) => {
      const live = open([network(url('/h265')), network(url('/h264'))]);
      const { mime, bytes } = await live.watch('cam', never());
      expect(mime).toContain('avc1');
      await bytes.return(undefined);
      const none = open([network(url('/h265')), network(url('/h265'))]);
      await expect(none.watch('cam', never())).rejects.toMatchObject({ code: 'unsupported' });
      expect(none.running).toBe(0);
    }));

  it('ends when its reader goes away, and begins anew for the next', async () =>
    withServer(async (url) => {
      const live = open([network(url('/h264'))]);
      const gone = new AbortController();
      const { bytes } = await live.watch('cam', gone.signal);
      await bytes.next();
      gone.abort();
      for await (const _ of bytes);
      const again = await live.watch('cam', never());
      expect((await again.bytes.next()).done).toBe(false);
      await again.bytes.return(undefined);
    }));
});

describe('a camera that cannot be shown', () => {
  it('says so where nothing answers, and leaves nothing running', async () => {
    const live = open([network('rtsp://127.0.0.1:9/none')]);
    await expect(live.watch('cam', never())).rejects.toMatchObject({ code: 'unreachable' });
    expect(live.running).toBe(0);
  });

  it('says so where it has no stream at all', async () => {
    await expect(open([]).watch('cam', never())).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('reads no more cameras at once than it may', async () => {
    const waiting = new Promise<FfmpegInput[]>(() => undefined);
    const live = open([], { sourcesOf: () => waiting, atMost: 1 });
    void live.watch('a', never());
    await expect(live.watch('b', never())).rejects.toMatchObject({ code: 'unsupported' });
  });
});

describe('streams of a camera', () => {
  const deps = {
    credentials: () => ({ user: 'u', password: 'p' }),
    resolveOnvif: async () => ({ url: 'rtsp://10.0.0.2/sub', mainUrl: 'rtsp://10.0.0.2/main' }),
    timeoutMs: 1000,
  };
  const urls = async (camera: Parameters<typeof testCamera>[0]): Promise<string[]> =>
    (await liveSources(testCamera(camera), deps, never())).map((input) => ('url' in input ? input.url : input.kind));

  it.each([
    ['a main stream first', { source: 'rtsp://h/sub', main: 'rtsp://h/main' }, ['rtsp://h/main', 'rtsp://h/sub']],
    ['the only stream there is', { source: 'rtsp://h/sub' }, ['rtsp://h/sub']],
    ['what ONVIF tells', { source: 'onvif://10.0.0.2' }, ['rtsp://10.0.0.2/main', 'rtsp://10.0.0.2/sub']],
    ['nothing of a simulated camera', { source: 'sim:hall' }, []],
    ['nothing of a file', { source: 'file:/tmp/a.mp4' }, []],
  ])('%s', async (_, camera, expected) => {
    expect(await urls(camera)).toEqual(expected);
  });
});
