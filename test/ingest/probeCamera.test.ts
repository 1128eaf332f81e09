import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.js';
import { type CameraConfig, configSchema } from '../../src/core/config/schema.js';
import { AppError } from '../../src/core/errors.js';
import { silentLogger } from '../../src/core/log.js';
import { probeCamera } from '../../src/ingest/probeCamera.js';
import { type RtspServer, startRtspServer } from '../../src/ingest/rtspServer/rtspServer.js';
import { fakeOnvif } from '../support/fakeOnvif.js';

const config = (source: string) =>
  configSchema.parse({ site: { id: 's', name: 's' }, cameras: [{ id: 'cam-1', source }] });
const camera = (source: string): CameraConfig => config(source).cameras[0]!;
const deps = (more: object = {}) => ({
  clock: systemClock,
  log: silentLogger,
  ingest: config('file:x').ingest,
  signal: new AbortController().signal,
  watchS: 3,
  ...more,
});
const failure = async (promise: Promise<unknown>): Promise<AppError> => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
};

const folder = mkdtempSync(join(tmpdir(), 'hallwatch-probe-'));
const clip = join(folder, 'hall.mp4');
const night = join(folder, 'night.mp4');
beforeAll(() => {
  const make = (source: string, path: string, gop: string): void => {
    const codec = [
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-bf',
      '0',
      '-pix_fmt',
      'yuv420p',
      '-g',
      gop,
      '-sc_threshold',
      '0',
    ];
    execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', source, ...codec, path]);
  };
  make('testsrc2=s=640x360:r=10:d=12', clip, '10');
  make('color=c=0x050505:s=640x360:r=10:d=12', night, '100');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('probeCamera over a file', () => {
  it('tells codec, size, key frames and a picture', async () => {
    const probe = await probeCamera(camera(`file:${clip}`), deps());
    expect(probe.video).toMatchObject({ codec: 'h264', width: 640, height: 360, fps: 10 });
    expect(probe.keyframeIntervalS).toBe(1);
    expect(probe.picture.rgb.length).toBe(probe.picture.width * probe.picture.height * 3);
    expect(probe.findings).toEqual([]);
    expect(probe.onvif).toBeUndefined();
  });

  it('finds a dark picture and rare key frames', async () => {
    const { findings } = await probeCamera(camera(`file:${night}`), deps({ watchS: 12 }));
    expect(findings.map(({ finding }) => finding)).toEqual(['dark', 'long-gop']);
  });

  it.each(['text', 'nothing'])('says clearly that a file of %s is no video', async (content) => {
    const path = join(folder, 'none.mp4');
    writeFileSync(path, content === 'text' ? 'not a video' : '');
    expect((await failure(probeCamera(camera(`file:${path}`), deps()))).code).toBe('bad-input');
  });

  it('a simulated scene is no camera', async () => {
    expect((await failure(probeCamera(camera('sim:hall'), deps()))).code).toBe('unsupported');
  });
});

describe('probeCamera over ONVIF and RTSP', () => {
  const credentials = { user: 'admin', password: '大厅-Pass#1' };
  let server: RtspServer | undefined;
  beforeAll(async () => {
    server = await startRtspServer({
      mounts: [{ path: '/sub', file: clip }],
      credentials,
      clock: systemClock,
      log: silentLogger,
    });
  });
  afterAll(() => server?.stop());

  it('tells what ONVIF says and what the stream shows', async () => {
    const device = await fakeOnvif({
      now: systemClock.now,
      clockOffsetMs: 90_000,
      ...credentials,
      streamUri: server!.url('/sub').replace('127.0.0.1', '10.66.0.9'),
    });
    const probe = await probeCamera(camera(`onvif://127.0.0.1:${device.port}`), deps({ credentials }));
    expect(probe.url).toBe(server!.url('/sub'));
    expect(probe.video).toMatchObject({ codec: 'h264', width: 640, height: 360 });
    expect(probe.onvif).toMatchObject({ device: { model: 'F-1' }, substream: { profile: { token: '1.0' } } });
    expect(probe.findings.map(({ finding }) => finding)).toEqual(['clock']);
    expect(JSON.stringify(probe.onvif)).not.toContain('Pass#1');
    await device.close();
  });

  it('a wrong password of the stream is auth-failed and not told', async () => {
    const wrong = { user: 'admin', password: '错误密码9' };
    const error = await failure(probeCamera(camera(server!.url('/sub')), deps({ credentials: wrong })));
    expect(error.code).toBe('auth-failed');
    expect(`${error.message} ${error.hint} ${String(error.cause)}`).not.toContain('错误密码9');
  });

  it('nobody there is unreachable', async () => {
    expect(await failure(probeCamera(camera('rtsp://127.0.0.1:9/x'), deps()))).toMatchObject({
      code: 'unreachable',
      retryable: true,
    });
  });
});
