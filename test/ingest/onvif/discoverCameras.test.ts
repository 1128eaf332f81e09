import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/core/log.js';
import { discoverCameras } from '../../../src/ingest/onvif/discoverCameras.js';
import { readProbeMatches } from '../../../src/ingest/onvif/probeMatch.js';
import { fakeClock } from '../../support/fakeClock.js';

const ID = 'urn:uuid:11111111-2222-3333-4444-555555555555';

function matches(messageId: string, parts: { id?: string; xaddrs?: string; scopes?: string } = {}): Buffer {
  const { id = 'urn:uuid:cam-1', xaddrs = 'http://127.0.0.1:8000/onvif/device_service', scopes = '' } = parts;
  return Buffer.from(
    '<?xml version="1.0"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:w="w" xmlns:d="d"><e:Header>' +
      `<w:RelatesTo>${messageId}</w:RelatesTo></e:Header><e:Body><d:ProbeMatches><d:ProbeMatch><w:EndpointReference>` +
      `<w:Address>${id}</w:Address></w:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types>` +
      `<d:Scopes>${scopes}</d:Scopes><d:XAddrs>${xaddrs}</d:XAddrs></d:ProbeMatch></d:ProbeMatches></e:Body></e:Envelope>`,
  );
}

describe('readProbeMatches', () => {
  it('reads name, hardware, place and address', () => {
    const scopes =
      'onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/name/%E5%A4%A7%E5%8E%85 onvif://www.onvif.org/hardware/DS-1 onvif://www.onvif.org/location/north%20gate';
    const xaddrs = 'http://10.3.3.3/onvif/device_service http://10.0.0.7:8080/onvif/device_service';
    expect(readProbeMatches(matches(ID, { scopes, xaddrs }), '10.0.0.7', ID)).toEqual([
      {
        id: 'urn:uuid:cam-1',
        host: '10.0.0.7',
        source: 'onvif://10.0.0.7:8080',
        name: '大厅',
        hardware: 'DS-1',
        location: 'north gate',
      },
    ]);
  });

  it.each([
    ['names another machine', { xaddrs: 'http://10.9.9.9/onvif/device_service' }],
    ['names this machine', { xaddrs: 'http://localhost/onvif/device_service' }],
    ['names a file', { xaddrs: 'file:///etc/passwd' }],
    ['names nothing', { xaddrs: '' }],
  ])('one that %s has no source', (_, parts) => {
    expect(readProbeMatches(matches(ID, parts), '10.0.0.7', ID)[0]!.source).toBeUndefined();
  });

  it('an answer to somebody else is passed over', () => {
    expect(readProbeMatches(matches('urn:uuid:other'), '10.0.0.7', ID)).toEqual([]);
  });

  it('control characters and endless names do not reach the screen', () => {
    const name = `onvif://www.onvif.org/name/%1b[2J${'x'.repeat(1000)}`;
    const [camera] = readProbeMatches(matches(ID, { scopes: name }), '10.0.0.7', ID);
    expect(camera!.name).toMatch(/^\[2Jx+$/);
    expect(camera!.name.length).toBeLessThanOrEqual(200);
  });

  it.each(['', 'hello', '<a/>', '<!DOCTYPE a><a/>', '<a>'.repeat(5000)])('refuses %j', (text) => {
    expect(() => readProbeMatches(Buffer.from(text), '10.0.0.7', ID)).toThrow();
  });
});

describe('discoverCameras', () => {
  const sockets: Socket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.close();
  });

  /** A responder on 127.0.0.1 that answers each probe with `reply`. */
  async function responder(reply: (messageId: string) => Buffer[]): Promise<{ port: number; probed: Promise<void> }> {
    const socket = createSocket('udp4');
    sockets.push(socket);
    const probed = new Promise<void>((resolve) => {
      socket.on('message', (probe: Buffer, from: RemoteInfo) => {
        const messageId = /MessageID>([^<]+)</.exec(probe.toString())?.[1] ?? '';
        const replies = reply(messageId);
        let sent = 0;
        for (const datagram of replies) {
          socket.send(datagram, from.port, from.address, () => {
            sent += 1;
            if (sent === replies.length) resolve();
          });
        }
      });
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return { port: socket.address().port, probed };
  }

  it('gathers each camera once, whatever else answers', async () => {
    const clock = fakeClock();
    const { port, probed } = await responder((messageId) => [
      Buffer.from('garbage'),
      Buffer.alloc(60_000, '<a>'),
      matches(messageId, { id: 'urn:uuid:b' }),
      matches(messageId, { id: 'urn:uuid:a' }),
      matches(messageId, { id: 'urn:uuid:a' }),
      matches('urn:uuid:somebody-else', { id: 'urn:uuid:c' }),
    ]);
    const asking = discoverCameras({
      timeoutMs: 3000,
      signal: new AbortController().signal,
      clock,
      log: silentLogger,
      target: { address: '127.0.0.1', port },
    });
    await probed;
    // The datagrams are in this process's own socket by now; two turns of the loop read them.
    await clock.advance(400);
    await clock.advance(3000);
    expect((await asking).map(({ id, source }) => [id, source])).toEqual([
      ['urn:uuid:a', 'onvif://127.0.0.1:8000'],
      ['urn:uuid:b', 'onvif://127.0.0.1:8000'],
    ]);
    expect(clock.pending).toBe(0);
  });

  it('ends at once when stopped', async () => {
    const stop = new AbortController();
    const { port } = await responder(() => []);
    const asking = discoverCameras({
      timeoutMs: 60_000,
      signal: stop.signal,
      clock: fakeClock(),
      log: silentLogger,
      target: { address: '127.0.0.1', port },
    });
    stop.abort();
    expect(await asking).toEqual([]);
  });
});
