import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.js';
import { AppError } from '../../../src/core/errors.js';
import { silentLogger } from '../../../src/core/log.js';
import { type ConnectOnvifOptions, connectOnvif } from '../../../src/ingest/onvif/connectOnvif.js';
import { fakeClock } from '../../support/fakeClock.js';
import { type FakeOnvif, type FakeOnvifOptions, fakeOnvif, fault, soap } from '../../support/fakeOnvif.js';

const credentials = { user: '管理员', password: '密码<&>ü' };
const devices: FakeOnvif[] = [];
afterEach(() => Promise.all(devices.splice(0).map((device) => device.close())));

async function device(options: Partial<FakeOnvifOptions> = {}): Promise<FakeOnvif> {
  const started = await fakeOnvif({ now: systemClock.now, ...options });
  devices.push(started);
  return started;
}

const connect = (to: FakeOnvif, options: Partial<ConnectOnvifOptions> = {}) =>
  connectOnvif({
    url: `onvif://127.0.0.1:${to.port}`,
    clock: systemClock,
    log: silentLogger,
    signal: new AbortController().signal,
    ...options,
  });

const failure = async (promise: Promise<unknown>): Promise<AppError> => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
};

describe('what a device tells', () => {
  it.each([
    ['the first media service', { ptz: true }, 'h264'],
    ['the second media service', { media2: true }, 'h265'],
  ])('is read through %s', async (_, options, mainCodec) => {
    const camera = await connect(await device({ user: '管理员', password: '密码<&>ü', ...options }), { credentials });
    expect(camera.device).toEqual({ manufacturer: 'Fake', model: 'F-1', firmware: '1.2.3', serial: '0042' });
    expect(camera.profiles.map((profile) => profile.token)).toEqual(['main', '1.0', 'tiny']);
    expect(camera.substream.profile).toMatchObject({ token: '1.0', codec: 'h264', width: 640, height: 360, fps: 12 });
    expect(camera.substream.profile.keyframeIntervalS).toBe(2);
    expect(camera.mainstream.profile).toMatchObject({ codec: mainCodec, width: 2560, height: 1440 });
    expect(camera.substream.url).toBe('rtsp://127.0.0.1:8554/stream?channel=1');
    expect(camera.snapshotUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/snap\.jpg$/);
  });

  it.each(['wsse', 'digest'] as const)('needs the right password (%s)', async (auth) => {
    const one = await device({ user: '管理员', password: '密码<&>ü', auth });
    expect((await connect(one, { credentials })).device.model).toBe('F-1');
    const error = await failure(connect(one, { credentials: { user: '管理员', password: '错误密码' } }));
    expect(error).toMatchObject({ code: 'auth-failed', retryable: false });
    expect(`${error.message} ${error.hint}`).not.toContain('错误密码');
    expect((await failure(connect(one))).hint).toMatch(/asks for a user and password/);
  });

  it('keeps the two characters of a token that looks like a number', async () => {
    const one = await device();
    await connect(one);
    expect(one.bodies.some((body) => body.includes('<ProfileToken>1.0</ProfileToken>'))).toBe(true);
  });

  it.each([3_600_000, -86_400_000])('authenticates by a device clock that is %i ms off', async (clockOffsetMs) => {
    const one = await device({ user: 'u', password: 'secret', clockOffsetMs });
    const camera = await connect(one, { credentials: { user: 'u', password: 'secret' } });
    expect(Math.abs(camera.deviceClockOffsetMs! - clockOffsetMs)).toBeLessThan(2000);
    expect(one.asked[0]).toBe('GetSystemDateAndTime');
    expect(one.bodies[0]).not.toContain('UsernameToken');
  });

  it.each([
    ['no time', soap('<GetSystemDateAndTimeResponse><SystemDateAndTime/></GetSystemDateAndTimeResponse>')],
    [
      'the 31st of February',
      soap(
        '<GetSystemDateAndTimeResponse><SystemDateAndTime><UTCDateTime><Time><Hour>1</Hour><Minute>2</Minute><Second>3</Second></Time>' +
          '<Date><Year>2026</Year><Month>2</Month><Day>31</Day></Date></UTCDateTime></SystemDateAndTime></GetSystemDateAndTimeResponse>',
      ),
    ],
  ])('a device that tells %s has no known offset', async (_, reply) => {
    expect(
      (await connect(await device({ replies: { GetSystemDateAndTime: reply } }))).deviceClockOffsetMs,
    ).toBeUndefined();
  });

  it('falls back to GetCapabilities and to the first media service', async () => {
    const capabilities = soap(
      '<GetCapabilitiesResponse><Capabilities><Media><XAddr>http://10.9.9.9/onvif/media</XAddr></Media></Capabilities></GetCapabilitiesResponse>',
    );
    const old = await device({
      replies: { GetServices: fault('ActionNotSupported', 'unknown'), GetCapabilities: capabilities },
    });
    expect((await connect(old)).profiles).toHaveLength(3);
  });

  it('does without a snapshot address', async () => {
    const one = await device({ replies: { GetSnapshotUri: fault('ActionNotSupported', 'no snapshots') } });
    expect((await connect(one)).snapshotUrl).toBeUndefined();
  });

  it('turns to presets, whose names may repeat', async () => {
    const one = await device({ ptz: true });
    const camera = await connect(one);
    expect(await camera.presets()).toEqual([
      { token: '007', name: '门口' },
      { token: '2', name: '门口' },
    ]);
    await camera.gotoPreset('<7>&');
    expect(one.bodies.at(-1)).toContain('<PresetToken>&lt;7&gt;&amp;</PresetToken>');
  });

  it('a fixed camera has no presets', async () => {
    const camera = await connect(await device());
    expect(await camera.presets()).toEqual([]);
    expect((await failure(camera.gotoPreset('1'))).code).toBe('unsupported');
  });

  it('says which video sources there are where the wanted one is missing', async () => {
    const one = await device();
    const error = await failure(connect(one, { url: `onvif://127.0.0.1:${one.port}?source=vs9` }));
    expect(error.message).toMatch(/no video source vs9: the device has vs0/);
  });
});

describe('a device that names other machines', () => {
  it('is asked at its configured host only, and so are its streams', async () => {
    const one = await device({ names: '10.66.0.9' });
    const camera = await connect(one);
    expect(camera.substream.url).toBe('rtsp://127.0.0.1:8554/stream?channel=1');
    expect(camera.snapshotUrl).toMatch(/^http:\/\/127\.0\.0\.1:/);
  });

  it('may point into networks that are allowed', async () => {
    const camera = await connect(await device({ names: '10.66.0.9' }), { allowedNetworks: ['10.66.0.0/24'] });
    expect(camera.substream.url).toBe('rtsp://10.66.0.9:8554/stream?channel=1');
  });

  it.each([
    'file:///etc/passwd',
    'http://127.0.0.1/x',
    'rtsp://a b/',
    'rtsp://h/\n-i x',
    '',
    `rtsp://h/${'x'.repeat(5000)}`,
  ])('an address %j is refused', async (uri) => {
    const reply = soap(`<GetStreamUriResponse><MediaUri><Uri>${uri}</Uri></MediaUri></GetStreamUriResponse>`);
    expect((await failure(connect(await device({ replies: { GetStreamUri: reply } })))).code).toBe('protocol');
  });

  it('a redirect is not followed', async () => {
    const other = await device();
    const headers = { Location: `http://127.0.0.1:${other.port}/onvif/device_service` };
    const one = await device({
      replies: { GetServices: { status: 302, headers }, GetCapabilities: { status: 307, headers } },
    });
    expect((await failure(connect(one))).message).toMatch(/redirect/);
    expect(other.asked).toEqual([]);
  });
});

describe('a hostile or broken device', () => {
  const deep = `${'<a>'.repeat(100)}${'</a>'.repeat(100)}`;
  const entities = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>';
  it.each([
    ['is no XML', 'hello', /not well-formed/],
    ['is HTML', '<html><body>404</body></html>', /without a SOAP body/],
    ['is empty', '', /not well-formed|empty/],
    ['breaks off', soap('<GetServicesResponse>').slice(0, -20), /not well-formed/],
    ['is over a megabyte', soap(`<a>${'x'.repeat(2 << 20)}</a>`), /over 1048576 bytes/],
    [
      'is a megabyte of xmlns',
      `<e:Envelope ${Array.from({ length: 40_000 }, (_, i) => `xmlns:a${i}="u"`).join(' ')}/>`,
      /attributes|bytes/,
    ],
    ['is a megabyte of xmlns that never ends', `<e ${'xmlns'.repeat(200_000)}`, /not well-formed/],
    ['nests a hundred deep', soap(deep), /nested over 40/],
    ['has a hundred thousand elements', soap('<a/>'.repeat(100_000)), /over 20000 elements/],
    ['defines entities', `${entities}${soap('<x>&b;</x>')}`, /document type/],
    ['uses names of the language', soap('<__proto__><polluted>1</polluted></__proto__>'), /element name/],
    [
      'has no services where services belong',
      soap('<GetServicesResponse><Service>x</Service></GetServicesResponse>'),
      /unknown form|ActionNotSupported|refuses/,
    ],
  ])('an answer that %s is refused', async (_, reply, message) => {
    const error = await failure(connect(await device({ replies: { GetServices: reply, GetCapabilities: reply } })));
    expect(error.code).toBe('protocol');
    expect(error.message).toMatch(message);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('an endless answer is cut off', async () => {
    const one = await device({
      replies: {
        GetServices: (response) => {
          const more = (): void => {
            while (!response.destroyed && response.write(`<a>${'x'.repeat(9990)}</a>`));
            if (!response.destroyed) response.once('drain', more);
          };
          response.writeHead(200);
          response.write('<e:Envelope xmlns:e="x">');
          more();
        },
        GetCapabilities: fault('ActionNotSupported', 'no'),
      },
    });
    expect((await failure(connect(one))).code).toBe('protocol');
  });

  it.each([
    ['never answers', () => {}],
    [
      'begins and then hangs',
      (response: { write(text: string): unknown }) => void response.write('<e:Envelope xmlns:e="x">'),
    ],
  ])('one that %s is given up in time', async (_, hang) => {
    const clock = fakeClock();
    const one = await device({ now: clock.now, replies: { GetProfiles: hang } });
    const asking = failure(connect(one, { clock }));
    await one.asks('GetProfiles');
    await clock.advance(5000);
    expect(await asking).toMatchObject({ code: 'timeout', retryable: true });
    expect(clock.pending).toBe(0);
  });

  it('one that drips is given up in time as a whole', async () => {
    const clock = fakeClock();
    const one = await device({ now: clock.now, replies: { GetProfiles: () => {} } });
    const asking = failure(connect(one, { clock, timeoutMs: 60_000, totalMs: 10_000 }));
    await one.asks('GetProfiles');
    await clock.advance(10_000);
    expect(await asking).toMatchObject({ code: 'timeout', message: expect.stringMatching(/not through in 10000 ms/) });
  });

  it('the caller may stop it', async () => {
    const stop = new AbortController();
    const one = await device({ replies: { GetServices: () => {} } });
    const asking = failure(connect(one, { signal: stop.signal }));
    await one.asks('GetServices');
    stop.abort();
    expect((await asking).code).toBe('cancelled');
  });

  it('one that hangs up at once is unreachable', async () => {
    const one = await device({ replies: { GetSystemDateAndTime: (response) => void response.destroy() } });
    expect(await failure(connect(one))).toMatchObject({ code: 'unreachable', retryable: true });
  });

  it('one that is not there is unreachable', async () => {
    const one = await device();
    await one.close();
    devices.pop();
    expect(await failure(connect(one))).toMatchObject({ code: 'unreachable', retryable: true });
  });

  it('one with MJPEG only says what it offers', async () => {
    const reply = soap(
      '<GetProfilesResponse><Profiles token="a"><Name>a</Name><VideoEncoderConfiguration><Encoding>JPEG</Encoding>' +
        '<Resolution><Width>640</Width><Height>480</Height></Resolution></VideoEncoderConfiguration></Profiles></GetProfilesResponse>',
    );
    const error = await failure(connect(await device({ replies: { GetProfiles: reply } })));
    expect(error).toMatchObject({ code: 'unsupported', message: expect.stringMatching(/it offers jpeg/) });
  });
});
