import { Cam } from 'onvif';
import type { Clock } from '../../core/clock.js';
import { AppError, messageOf } from '../../core/errors.js';
import { wallMs } from '../../core/time.js';
import type { Credentials } from '../ffmpeg/ffmpegCommand.js';
import type { OnvifAddress } from './address.js';
import { faultOf } from './fault.js';
import { postSoap, type SoapAnswer } from './post.js';
import { securityHeader } from './security.js';
import type { XmlElement, XmlNode } from './xml.js';

export interface SessionOptions {
  address: OnvifAddress;
  credentials: Credentials | undefined;
  clock: Clock;
  /** Longest wait for one answer, ms. */
  timeoutMs: number;
  signal: AbortSignal;
}

type Done = (error: Error | null, value?: unknown) => void;

/** A connection to one device: requests and replies in the words of the `onvif` package, over our own transport. */
export interface OnvifSession {
  /** The package's object, for what it has learnt of the device's services. */
  cam: Cam;
  /** The device's clock minus this machine's, ms; used for authentication from the moment it is set. */
  clockOffsetMs: number;
  /** Runs one operation of the package and reads what comes out of it; one after the other. */
  ask<T>(what: string, start: (cam: Cam, done: Done) => void, read: ReadReply<T>): Promise<T>;
  /** Sends a body of our own to the device service, with or without the security header. */
  send(body: string, authenticated: boolean): Promise<XmlElement>;
}

/**
 * Takes a reply apart; what it throws means that the device answered in an unknown form. `value` is the package's
 * reading, which has made numbers and dates of texts; `body` the answer as it came.
 */
export type ReadReply<T> = (value: unknown, body: XmlElement) => T;

interface CamRequest {
  service?: string;
  body: string;
  url?: unknown;
}

/** What the package calls inside itself and we replace: its transport, its security header and its address reading. */
interface CamInside {
  uri: Record<string, { path?: string | null } | undefined> | undefined;
  _request(request: CamRequest, callback: Done): void;
  _envelopeHeader(): string;
  _parseUrl(address: string): { path: string };
}

const ENVELOPE = '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">';
const BODY =
  '<s:Body xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">';

/** The operation that runs: how it fails, and what the device answered last. */
interface Running {
  fail(error: unknown): void;
  body: XmlElement;
}

/**
 * Opens a session; nothing is sent yet. Of `onvif` 0.8.3 the request bodies, the reply shapes of both media services and
 * HTTP digest are used. Its transport is not: no limit on an answer, `xmlns` removed by a quadratic expression, hosts
 * taken from the device's word, passwords cut to ASCII, exceptions out of callbacks that end the process.
 */
export function openSession(options: SessionOptions): OnvifSession {
  const { address, credentials, clock } = options;
  const login = credentials ? { username: credentials.user, password: credentials.password } : {};
  const cam = new Cam({ hostname: address.host, autoconnect: false, ...login });
  const running: Running = { fail() {}, body: {} };
  let queue: Promise<unknown> = Promise.resolve();
  const header = (authenticated: boolean): string => {
    const created = wallMs(clock.now() + session.clockOffsetMs);
    const security = authenticated && credentials ? securityHeader(credentials, created) : '';
    return `${ENVELOPE}<s:Header>${security}</s:Header>${BODY}`;
  };
  const session: OnvifSession = {
    cam,
    clockOffsetMs: 0,
    ask(what, start, read) {
      const asked = queue.then(() => operate({ what, start, read }, { cam, running, address }));
      // The one who asked hears of a failure; the next in line only waits for it.
      queue = asked.catch(() => undefined);
      return asked;
    },
    send: (body, authenticated) =>
      exchange(cam, address.path, `${header(authenticated)}${body}</s:Body></s:Envelope>`, options),
  };
  replaceInside(cam, { running, header, options });
  return session;
}

function replaceInside(
  cam: Cam,
  { running, header, options }: { running: Running; header(authenticated: boolean): string; options: SessionOptions },
): void {
  const inside = cam as unknown as CamInside;
  // The package's callbacks take replies apart without looking; what they throw belongs to the operation that runs.
  const guarded = (run: () => void): void => {
    try {
      run();
    } catch (error) {
      running.fail(error);
    }
  };
  inside._envelopeHeader = () => header(true);
  inside._parseUrl = (named) => ({ path: pathOf(named) });
  inside._request = ({ service, body, url }, callback) => {
    if (url !== undefined) throw new AppError('internal', 'ONVIF request: leads to another address');
    const path = service === undefined ? options.address.path : (inside.uri?.[service]?.path ?? `/onvif/${service}`);
    exchange(cam, path, body, options).then(
      (answer) => {
        running.body = answer;
        guarded(() => callback(null, [answer]));
      },
      (error: unknown) => guarded(() => callback(error as Error)),
    );
  };
}

interface Operation<T> {
  what: string;
  start(cam: Cam, done: Done): void;
  read: ReadReply<T>;
}

async function operate<T>(
  { what, start, read }: Operation<T>,
  { cam, running, address }: { cam: Cam; running: Running; address: OnvifAddress },
): Promise<T> {
  try {
    const value = await new Promise((resolve, reject) => {
      running.fail = reject;
      start(cam, (error, result) => (error ? reject(error) : resolve(result)));
    });
    return read(value, running.body);
  } catch (error) {
    throw error instanceof AppError ? error : unreadable(address, what, error);
  }
}

function unreadable({ host, port }: OnvifAddress, what: string, cause: unknown): AppError {
  return new AppError('protocol', `ONVIF ${host}:${port}: ${what}: answered in an unknown form`, {
    cause,
    hint: messageOf(cause).split('\n', 1)[0]!.slice(0, 200),
  });
}

/** One request and its answer's body; once more with HTTP digest where the device asks for it. */
async function exchange(cam: Cam, path: string, body: string, options: SessionOptions): Promise<XmlElement> {
  const { address, credentials } = options;
  let answer: SoapAnswer = await postSoap(address, { path, body }, options);
  if ('challenges' in answer && credentials) {
    const Authorization = digestFor(cam, answer.challenges, path);
    if (Authorization) answer = await postSoap(address, { path, body, headers: { Authorization } }, options);
  }
  const where = `ONVIF ${address.host}:${address.port}`;
  if ('challenges' in answer) throw refused(where, credentials !== undefined);
  const envelope = first(answer.document.envelope);
  const found = typeof envelope === 'object' ? first(envelope.body) : undefined;
  if (typeof found !== 'object') throw new AppError('protocol', `${where}: answers without a SOAP body`);
  const fault = faultOf(found);
  if (fault?.kind === 'not-authorized') throw refused(where, credentials !== undefined);
  if (fault) throw new AppError('protocol', `${where}: refuses: ${fault.reason}`);
  return found;
}

function refused(where: string, given: boolean): AppError {
  const hint = given
    ? "check user and password under credentials, and that the device's clock is right"
    : 'the device asks for a user and password: name an entry of credentials at the camera';
  return new AppError('auth-failed', `${where}: ${given ? 'user or password refused' : 'asks for a password'}`, {
    hint,
  });
}

function digestFor(cam: Cam, challenges: string[], path: string): string | undefined {
  const digests = challenges.filter((challenge) => /^digest /i.test(challenge));
  if (digests.length === 0) return undefined;
  try {
    // UTF-8 bytes, which a header carries as Latin-1: a Chinese user name is no other valid header.
    return Buffer.from(cam.digestAuth(digests, { method: 'POST', path }), 'utf8').toString('latin1');
  } catch (cause) {
    throw new AppError('protocol', `ONVIF ${cam.hostname}: asks for a digest that is none`, { cause });
  }
}

const first = (nodes: XmlElement[string] | undefined): XmlNode | undefined =>
  Array.isArray(nodes) ? nodes[0] : undefined;

/** Of a service address only the path counts: the host is the configured one. */
function pathOf(address: string): string {
  if (!URL.canParse(address)) throw new AppError('protocol', 'ONVIF service address: no address');
  const { pathname, search } = new URL(address);
  return pathname + search;
}
