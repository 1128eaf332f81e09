import { describe, expect, it } from 'vitest';
import type { DesksPort } from '../../src/board/deskPort.js';
import type { QueueEvent } from '../../src/board/ports.js';
import { AppError } from '../../src/core/errors.js';
import { windowId } from '../../src/core/ids.js';
import type { WindowLive } from '../../src/core/live.js';
import type { ServiceSession } from '../../src/core/service.js';
import { eventMs } from '../../src/core/time.js';
import { type Harness, startBoard } from './support/boardHarness.js';
import { requestId } from './support/client.js';

/** A desk that was looked at once; what the board asks of it is kept. */
function oneDesk(): DesksPort & { asked: unknown[] } {
  const asked: unknown[] = [];
  return {
    asked,
    state: (window) =>
      window === 'A01' ? { pictures: [], collecting: null, standard: null, lookedAt: eventMs(1000) } : undefined,
    async setReference(window, by, source) {
      if (window !== 'A01') throw new AppError('conflict', `desk of ${window}: not looked at yet`);
      asked.push(['reference', window, typeof by, source]);
      return 7;
    },
    collect: (_window, minutes) => eventMs(minutes * 60_000),
    remove: (id) => id === 7,
    picture: (id) => (id === 7 ? { window: windowId('A01'), jpeg: Uint8Array.of(0xff, 0xd8, 0xff) } : undefined),
    saveStandard({ scope, text }) {
      asked.push(['standard', scope, text]);
      return 2;
    },
  };
}

const served = (startS: number, more: Partial<ServiceSession> = {}): ServiceSession => ({
  ...{ window: windowId('A01'), kind: 'served', source: 'camera', endedBy: 'gone', steps: [], unknownMs: 0 },
  ...{ start: eventMs(startS * 1000), end: eventMs((startS + 300) * 1000), waitMs: 20_000, serviceMs: 300_000 },
  ...more,
});

describe('desks on the board', () => {
  const setup = async () => {
    const desks = oneDesk();
    const board = await startBoard({ desks });
    return { desks, board, client: await board.signIn('hall-supervisor', 'wang') };
  };

  it('takes a reference, tells a fine desk from an untidy one, and writes both into the audit log', async () => {
    const { desks, board, client } = await setup();
    expect((await client.get('/api/windows/A01/desk')).body).toMatchObject({ drawn: true, lookedAt: 1000 });
    expect((await client.get('/api/windows/A02/desk')).body).toMatchObject({ drawn: false });
    for (const as of ['set', 'fine', 'untidy']) {
      expect((await client.post('/api/windows/A01/desk/references', { as })).body).toEqual({ id: '7' });
    }
    expect(desks.asked).toEqual(['set', 'fine', 'untidy'].map((as) => ['reference', 'A01', 'string', as]));
    const told = board.ledger.audit.list({ limit: 10 });
    expect(told.filter(({ action }) => action === 'setDeskReference')).toHaveLength(3);
  });

  it('says in words why a desk cannot be a reference, and that a window is none', async () => {
    const { client } = await setup();
    expect((await client.post('/api/windows/A02/desk/references', {})).status).toBe(409);
    expect((await client.post('/api/windows/Z99/desk/references', {})).status).toBe(404);
    expect((await client.post('/api/windows/A01/desk/references', { as: 'perfect' })).status).toBe(400);
  });

  it('shows and removes a picture that there is', async () => {
    const { client } = await setup();
    const { status, bytes, headers } = await client.bytes('/api/desk-pictures/7');
    expect([status, headers.get('content-type'), bytes.length]).toEqual([200, 'image/jpeg', 3]);
    expect((await client.bytes('/api/desk-pictures/8')).status).toBe(404);
    expect((await client.delete('/api/desk-pictures/7')).status).toBe(200);
    expect((await client.delete('/api/desk-pictures/8')).status).toBe(404);
  });

  it('saves a standard for the window; for its type only where it has one', async () => {
    const { desks, client } = await setup();
    const text = 'forbidden: [水杯]\n';
    expect((await client.put('/api/windows/A01/desk/standard', { text })).body).toEqual({ scope: 'A01', version: 2 });
    expect((await client.put('/api/windows/A01/desk/standard', { text, for: 'type' })).status).toBe(400);
    expect(desks.asked).toEqual([['standard', 'A01', text]]);
  });

  it('is not for staff, and not there without a pipeline', async () => {
    const { board } = await setup();
    const staff = await board.signIn('staff', 'zhao');
    expect((await staff.get('/api/windows/A01/desk')).status).toBe(403);
    expect((await staff.bytes('/api/desk-pictures/7')).status).toBe(403);
    const bare = await startBoard();
    const client = await bare.signIn('hall-supervisor', 'wang');
    expect((await client.get('/api/windows/A01/desk')).status).toBe(503);
  });
});

describe('service sessions on the board', () => {
  const span = '/api/windows/A01/sessions?from=0&to=100000000';

  it('are summed with medians; a share of smiles is withheld under twenty', async () => {
    const board = await startBoard();
    const client = await board.signIn('hall-supervisor', 'wang');
    expect((await client.get(span)).body).toMatchObject({
      sums: { served: 0, medianWaitMs: null, smile: { state: 'off' } },
    });
    const smile = { faceMs: 10_000, smileMs: 4000 };
    for (let i = 0; i < 19; i++) board.ledger.serviceSessions.add(served(i * 400, { smile }));
    board.ledger.serviceSessions.add(served(8000, { kind: 'abandoned', serviceMs: 0, waitMs: 90_000 }));
    const sums = { served: 19, abandoned: 1, medianWaitMs: 20_000, medianServiceMs: 300_000 };
    expect((await client.get(span)).body).toMatchObject({
      sums: { ...sums, smile: { state: 'not-enough', n: 19, share: null } },
    });
    board.ledger.serviceSessions.add(served(9000, { smile }));
    expect((await client.get(span)).body).toMatchObject({ sums: { smile: { state: 'ready', n: 20, share: 0.4 } } });
  });
});

describe('the queue system', () => {
  const setup = async () => {
    const heard: QueueEvent[] = [];
    const board = await startBoard({ hearQueue: (event) => void heard.push(event) });
    return { heard, board, send: await tokenOf(board) };
  };

  it('is heard by its token, in the hall’s time', async () => {
    const { heard, board, send } = await setup();
    board.live.publish({ type: 'window', window: present }, eventMs(5_000_000));
    expect(await send({ window: 'A01', event: 'call', ticket: 'A017' })).toBe(200);
    expect(heard).toEqual([{ window: 'A01', event: 'call', ticket: 'A017', at: 5_000_000 }]);
  });

  it.each([
    ['an unknown window', { window: 'Z99', event: 'call' }, 404],
    ['a word that is no event', { window: 'A01', event: 'Call me' }, 400],
    ['an event of another day', { window: 'A01', event: 'call', at: 1 }, 400],
    ['a field that is none of it', { window: 'A01', event: 'call', name: '王' }, 400],
  ])('is refused with %s', async (_what, body, status) => {
    const { heard, board, send } = await setup();
    board.live.publish({ type: 'window', window: present }, eventMs(5_000_000));
    expect(await send(body)).toBe(status);
    expect(heard).toEqual([]);
  });
});

const present: WindowLive = { id: windowId('A01'), state: 'present', since: eventMs(1), staff: 1, citizens: 0 };

/** A token of the queue system, as an administrator makes it. */
async function tokenOf({ board, signIn }: Harness): Promise<(body: unknown) => Promise<number>> {
  const admin = await signIn('admin', 'root');
  const made = await admin.post('/api/system/tokens', { name: '叫号', scopes: ['queue:write'] });
  const { secret } = made.body as { secret: string };
  return async (body) => {
    const response = await fetch(`${board.url}/api/queue/events`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${secret}`,
        'content-type': 'application/json',
        'x-hallwatch-request': requestId(),
      },
      body: JSON.stringify(body),
    });
    return response.status;
  };
}
