import { randomUUID } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { type Clock, sleep } from '../../core/clock.js';
import { AppError, messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import { type DiscoveredCamera, readProbeMatches } from './probeMatch.js';

export interface DiscoverOptions {
  /** How long answers are gathered, ms. */
  timeoutMs: number;
  signal: AbortSignal;
  clock: Clock;
  log: Logger;
  /** Where the probe goes. Default: the multicast group of WS-Discovery, from every network card. */
  target?: { address: string; port: number };
}

/** WS-Discovery 1.1, section 3.1.1: the group and port everyone listens to. */
const GROUP = { address: '239.255.255.250', port: 3702 };
/** Said twice, because datagrams get lost (SOAP over UDP repeats, too). */
const REPEAT_MS = 400;
/** A hostile network can send without end: so many answers are read and so many cameras kept. */
const MOST_ANSWERS = 2000;
const MOST_CAMERAS = 1000;

/**
 * Asks the local networks which ONVIF cameras there are. Answers that are no ProbeMatches to this very probe are passed
 * over; of what a camera says only texts and an address at the sender's own host are kept. Sorted by address.
 * @throws AppError `unreachable` where no network can be asked
 */
export async function discoverCameras(options: DiscoverOptions): Promise<DiscoveredCamera[]> {
  const { timeoutMs, signal, clock, log, target } = options;
  const found = new Map<string, DiscoveredCamera>();
  const messageId = `urn:uuid:${randomUUID()}`;
  let answers = 0;
  const onMessage = (datagram: Buffer, { address }: { address: string }): void => {
    answers += 1;
    if (answers > MOST_ANSWERS) return;
    try {
      for (const camera of readProbeMatches(datagram, address, messageId)) {
        if (found.size < MOST_CAMERAS) found.set(`${camera.host} ${camera.id}`, camera);
      }
    } catch (error) {
      log.debug({ address, error: messageOf(error) }, 'answer to discovery is unreadable');
    }
  };
  const sockets = await openSockets(target ? ['0.0.0.0'] : ownAddresses(), onMessage, log);
  try {
    const probe = Buffer.from(probeMessage(messageId));
    for (let sent = 0; sent < 2 && !signal.aborted; sent++) {
      await sendAll(sockets, probe, target ?? GROUP);
      await sleep(clock, Math.min(REPEAT_MS, timeoutMs / 2), signal);
    }
    await sleep(clock, Math.max(0, timeoutMs - 2 * REPEAT_MS), signal);
  } finally {
    await Promise.all(sockets.map(closeSocket));
  }
  if (answers > MOST_ANSWERS) log.warn({ answers, read: MOST_ANSWERS }, 'too many answers to discovery');
  return [...found.values()].sort((a, b) => (a.host < b.host ? -1 : a.host > b.host ? 1 : a.id < b.id ? -1 : 1));
}

/** This machine's IPv4 addresses: a multicast leaves by one card only, unless each is told. */
function ownAddresses(): string[] {
  const cards = Object.values(networkInterfaces()).flatMap((card) => card ?? []);
  return cards.filter((card) => card.family === 'IPv4' && !card.internal).map((card) => card.address);
}

async function openSockets(
  addresses: string[],
  onMessage: (datagram: Buffer, from: { address: string }) => void,
  log: Logger,
): Promise<Socket[]> {
  const opened = await Promise.allSettled(
    addresses.map(async (address) => {
      const socket = createSocket({ type: 'udp4', reuseAddr: true });
      socket.on('message', onMessage);
      socket.bind(0, address);
      try {
        await once(socket, 'listening');
      } catch (error) {
        socket.close();
        throw error;
      }
      // A card that goes away later ends no more than this card's answers.
      socket.on('error', (error) => log.debug({ address, error: error.message }, 'discovery socket failed'));
      return socket;
    }),
  );
  const sockets = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (sockets.length === 0) {
    const cause = opened.find((result) => result.status === 'rejected')?.reason;
    throw new AppError('unreachable', 'discovery: on this machine: no network to ask', { cause });
  }
  return sockets;
}

async function sendAll(sockets: Socket[], probe: Buffer, to: { address: string; port: number }): Promise<void> {
  const sends = sockets.map(
    (socket) => new Promise<Error | null>((done) => socket.send(probe, to.port, to.address, done)),
  );
  const failures = (await Promise.all(sends)).filter((error) => error !== null && error !== undefined);
  if (failures.length === sockets.length) {
    throw new AppError('unreachable', `discovery: ${to.address}:${to.port}: ${messageOf(failures[0])}`, {
      cause: failures[0],
    });
  }
}

const closeSocket = (socket: Socket): Promise<void> => new Promise((resolve) => socket.close(() => resolve()));

function probeMessage(messageId: string): string {
  const addressing = 'http://schemas.xmlsoap.org/ws/2004/08/addressing';
  return (
    `<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:w="${addressing}" ` +
    'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl">' +
    `<e:Header><w:MessageID>${messageId}</w:MessageID><w:To e:mustUnderstand="true">urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To>` +
    '<w:Action e:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header>' +
    '<e:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></e:Body></e:Envelope>'
  );
}
