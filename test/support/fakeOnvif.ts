import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the fake answers with. A function gets the response and may do anything, also nothing. */
export type FakeReply =
  | string
  | { status: number; headers?: Record<string, string>; body?: string }
  | ((response: ServerResponse) => void);

export interface FakeOnvifOptions {
  user?: string;
  password?: string;
  /** The device's clock minus this machine's, ms. A digest older or newer than 5 s by that clock is refused. */
  clockOffsetMs?: number;
  /** This machine's clock. */
  now: () => number;
  /** How the device proves who asks. */
  auth?: 'wsse' | 'digest';
  media2?: boolean;
  ptz?: boolean;
  /** Host that the device names for its services and streams. */
  names?: string;
  /** Address of every stream. Default: port 8554 of the named host. */
  streamUri?: string;
  /** Answers that replace the fake's own, by operation, e.g. `GetProfiles`. */
  replies?: Record<string, FakeReply>;
}

/** A device of a few operations for tests: an HTTP server on 127.0.0.1. */
export interface FakeOnvif {
  port: number;
  /** Operations in the order they were asked. */
  asked: string[];
  /** Bodies, as they came. */
  bodies: string[];
  /** Resolves when the operation is asked for. */
  asks(operation: string): Promise<void>;
  close(): Promise<void>;
}

const OPEN =
  '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tt="http://www.onvif.org/ver10/schema"><s:Body>';
const CLOSE = '</s:Body></s:Envelope>';
/** Wraps a body as a SOAP answer. */
export const soap = (body: string): string => OPEN + body + CLOSE;

/** A SOAP fault with a subcode, as devices send it. */
export const fault = (subcode: string, reason: string): FakeReply => ({
  status: 400,
  body: soap(
    `<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:${subcode}</s:Value></s:Subcode></s:Code>` +
      `<s:Reason><s:Text xml:lang="en">${reason}</s:Text></s:Reason></s:Fault>`,
  ),
});

const NOT_AUTHORIZED = fault('NotAuthorized', 'Sender not Authorized');

/** Starts the device. */
export async function fakeOnvif(options: FakeOnvifOptions): Promise<FakeOnvif> {
  const asked: string[] = [];
  const bodies: string[] = [];
  const waiting: Array<{ operation: string; resolve: () => void }> = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const operation = /<s:Body[^>]*>\s*<(?:\w+:)?(\w+)/.exec(body)?.[1] ?? '';
      asked.push(operation);
      bodies.push(body);
      for (const one of waiting) if (one.operation === operation) one.resolve();
      const own = options.replies?.[operation];
      const allowed = operation === 'GetSystemDateAndTime' || isAllowed(request, body, options);
      send(response, own ?? (allowed === true ? answer(operation, { ...options, port }) : allowed));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    asked,
    bodies,
    asks: (operation) =>
      asked.includes(operation) ? Promise.resolve() : new Promise((resolve) => waiting.push({ operation, resolve })),
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, reply: FakeReply): void {
  if (typeof reply === 'function') {
    reply(response);
    return;
  }
  const { status, headers = {}, body = '' } = typeof reply === 'string' ? { status: 200, body: reply } : reply;
  response.writeHead(status, { 'Content-Type': 'application/soap+xml; charset=utf-8', ...headers }).end(body);
}

function isAllowed(request: IncomingMessage, body: string, options: FakeOnvifOptions): true | FakeReply {
  const { user, password, auth = 'wsse' } = options;
  if (user === undefined || password === undefined) return true;
  if (auth === 'digest') return isDigest(request, user, password) || challenge();
  const part = (name: string): string => new RegExp(`<${name}(?: [^>]*)?>([^<]*)<`).exec(body)?.[1] ?? '';
  const created = part('Created');
  const expected = createHash('sha1')
    .update(Buffer.from(part('Nonce'), 'base64'))
    .update(created + password)
    .digest('base64');
  const ageMs = Math.abs(Date.parse(created) - (options.now() + (options.clockOffsetMs ?? 0)));
  return part('Username') === user && part('Password') === expected && ageMs < 5000 ? true : NOT_AUTHORIZED;
}

const challenge = (): FakeReply => ({
  status: 401,
  headers: { 'WWW-Authenticate': 'Digest realm="cam", qop="auth", nonce="5f2c", algorithm=MD5' },
});

function isDigest(request: IncomingMessage, user: string, password: string): boolean {
  // Header bytes come as Latin-1; the client sends UTF-8.
  const sent = Buffer.from(request.headers.authorization ?? '', 'latin1').toString('utf8');
  const field = (name: string): string => new RegExp(`${name}="?([^",]*)`).exec(sent)?.[1] ?? '';
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  const response = md5(
    `${md5(`${user}:cam:${password}`)}:5f2c:${field('nc')}:${field('cnonce')}:auth:${md5(`POST:${request.url}`)}`,
  );
  return field('username') === user && field('response') === response;
}

type Answering = FakeOnvifOptions & { port: number };

function answer(operation: string, options: Answering): FakeReply {
  const own = ANSWERS[operation]?.(options);
  return own === undefined ? fault('ActionNotSupported', `no ${operation}`) : soap(own);
}

const service = (namespace: string, path: string, { names, port }: Answering): string =>
  `<Service><Namespace>http://www.onvif.org/${namespace}/wsdl</Namespace><XAddr>http://${names ?? '127.0.0.1'}:${port}${path}</XAddr>` +
  '<Version><Major>2</Major><Minor>6</Minor></Version></Service>';

/** Encoded pictures, in the order a device lists them: the large one first. */
const ENCODERS = [
  { token: 'main', codec: 'H265', width: 2560, height: 1440, fps: 25, gop: 50 },
  { token: '1.0', codec: 'H264', width: 640, height: 360, fps: 12, gop: 24 },
  { token: 'tiny', codec: 'H264', width: 320, height: 180, fps: 5, gop: 10 },
];

const profile1 = (ptz: boolean | undefined) =>
  ENCODERS.map(
    ({ token, codec, width, height, fps, gop }) =>
      `<trt:Profiles xmlns:trt="t" token="${token}" fixed="true"><tt:Name>${token} view</tt:Name>` +
      '<tt:VideoSourceConfiguration token="vsc"><tt:SourceToken>vs0</tt:SourceToken></tt:VideoSourceConfiguration>' +
      `<tt:VideoEncoderConfiguration token="e"><tt:Encoding>${codec === 'H265' ? 'H264' : codec}</tt:Encoding>` +
      `<tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution>` +
      `<tt:RateControl><tt:FrameRateLimit>${fps}</tt:FrameRateLimit><tt:BitrateLimit>512</tt:BitrateLimit></tt:RateControl>` +
      `<tt:H264><tt:GovLength>${gop}</tt:GovLength></tt:H264></tt:VideoEncoderConfiguration>` +
      `${ptz ? '<tt:PTZConfiguration token="p"><tt:Name>ptz</tt:Name></tt:PTZConfiguration>' : ''}</trt:Profiles>`,
  ).join('');

const profile2 = () =>
  ENCODERS.map(
    ({ token, codec, width, height, fps, gop }) =>
      `<tr2:Profiles xmlns:tr2="t" token="${token}"><tr2:Name>${token} view</tr2:Name><tr2:Configurations>` +
      '<tr2:VideoSource token="vsc"><tt:SourceToken>vs0</tt:SourceToken></tr2:VideoSource>' +
      `<tr2:VideoEncoder token="e" GovLength="${gop}"><tt:Encoding>${codec}</tt:Encoding>` +
      `<tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution>` +
      `<tt:RateControl><tt:FrameRateLimit>${fps}</tt:FrameRateLimit><tt:BitrateLimit>512</tt:BitrateLimit></tt:RateControl>` +
      '</tr2:VideoEncoder></tr2:Configurations></tr2:Profiles>',
  ).join('');

const ANSWERS: Record<string, (options: Answering) => string> = {
  GetSystemDateAndTime({ now, clockOffsetMs = 0 }) {
    const time = new Date(now() + clockOffsetMs);
    const clock = `<tt:Hour>${time.getUTCHours()}</tt:Hour><tt:Minute>${time.getUTCMinutes()}</tt:Minute><tt:Second>${time.getUTCSeconds()}</tt:Second>`;
    const day = `<tt:Year>${time.getUTCFullYear()}</tt:Year><tt:Month>${time.getUTCMonth() + 1}</tt:Month><tt:Day>${time.getUTCDate()}</tt:Day>`;
    return (
      '<GetSystemDateAndTimeResponse><SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType><tt:UTCDateTime>' +
      `<tt:Time>${clock}</tt:Time><tt:Date>${day}</tt:Date></tt:UTCDateTime></SystemDateAndTime></GetSystemDateAndTimeResponse>`
    );
  },
  GetServices: (options) =>
    `<GetServicesResponse>${service('ver10/device', '/onvif/device_service', options)}${service('ver10/media', '/onvif/media', options)}` +
    `${options.media2 ? service('ver20/media', '/onvif/media2', options) : ''}${service('ver20/ptz', '/onvif/ptz', options)}</GetServicesResponse>`,
  GetDeviceInformation: () =>
    '<GetDeviceInformationResponse><Manufacturer>Fake</Manufacturer><Model>F-1</Model><FirmwareVersion>1.2.3</FirmwareVersion>' +
    '<SerialNumber>0042</SerialNumber><HardwareId>1</HardwareId></GetDeviceInformationResponse>',
  GetProfiles: ({ media2, ptz }) => `<GetProfilesResponse>${media2 ? profile2() : profile1(ptz)}</GetProfilesResponse>`,
  GetStreamUri({ names, media2, streamUri }) {
    const uri = streamUri ?? `rtsp://${names ?? '127.0.0.1'}:8554/stream?channel=1`;
    const inside = media2 ? `<Uri>${uri}</Uri>` : `<MediaUri><tt:Uri>${uri}</tt:Uri></MediaUri>`;
    return `<GetStreamUriResponse>${inside}</GetStreamUriResponse>`;
  },
  GetSnapshotUri({ names, port, media2 }) {
    const uri = `http://${names ?? '127.0.0.1'}:${port}/snap.jpg`;
    const inside = media2 ? `<Uri>${uri}</Uri>` : `<MediaUri><tt:Uri>${uri}</tt:Uri></MediaUri>`;
    return `<GetSnapshotUriResponse>${inside}</GetSnapshotUriResponse>`;
  },
  GetPresets: () =>
    '<GetPresetsResponse><Preset token="007"><tt:Name>门口</tt:Name></Preset><Preset token="2"><tt:Name>门口</tt:Name></Preset>' +
    '<Preset><tt:Name>without token</tt:Name></Preset></GetPresetsResponse>',
  GotoPreset: () => '<GotoPresetResponse/>',
};
