import { expect, it } from 'vitest';
import { openLedger } from '../../../src/alerts/ledger/openLedger.js';
import { windowId } from '../../../src/core/ids.js';
import { silentLogger } from '../../../src/core/log.js';
import type { ServiceSession } from '../../../src/core/service.js';
import { eventMs } from '../../../src/core/time.js';
import { fakeClock } from '../../support/fakeClock.js';

const ledger = openLedger(':memory:', { clock: fakeClock(), log: silentLogger });
const window = windowId('A01');
const picture = {
  window,
  source: 'set' as const,
  at: eventMs(1),
  path: 'a.jpg',
  sha256: 'x',
  hidden: [[0, 0, 1, 1] as const],
  by: 'u1',
};

it('keeps desk pictures, and who removed them', () => {
  const { id } = ledger.deskStandards.addPicture(picture);
  expect(ledger.deskStandards.pictures(window)).toMatchObject([{ ...picture, id }]);
  expect([ledger.deskStandards.removePicture(id, 'u2'), ledger.deskStandards.removePicture(id, 'u2')]).toEqual([
    true,
    false,
  ]);
  expect(ledger.deskStandards.pictures(window)).toEqual([]);
  expect(ledger.deskStandards.picture(id)).toMatchObject({ removedBy: 'u2' });
});

it('counts versions of a standard for each scope', () => {
  ledger.deskStandards.save({ scope: 'type:综合', text: 'a', by: 'u1' });
  ledger.deskStandards.save({ scope: 'type:综合', text: 'b', by: 'u1' });
  ledger.deskStandards.save({ scope: 'A01', text: 'c', by: 'u1' });
  expect(ledger.deskStandards.current('type:综合')).toMatchObject({ version: 2, text: 'b' });
  expect(ledger.deskStandards.versions('type:综合').map(({ version }) => version)).toEqual([2, 1]);
  expect(ledger.deskStandards.current('A02')).toBeUndefined();
});

it('keeps a service session once, and gives them by window and span', () => {
  const session: ServiceSession = {
    ...{ window, kind: 'served', source: 'camera', start: eventMs(1000), end: eventMs(61_000), waitMs: 5000 },
    ...{ serviceMs: 60_000, unknownMs: 0, endedBy: 'gone', steps: [], smile: { faceMs: 10, smileMs: 4 } },
  };
  ledger.serviceSessions.add(session);
  ledger.serviceSessions.add({ ...session, waitMs: 9 });
  ledger.serviceSessions.add({ ...session, window: windowId('A02') });
  expect(ledger.serviceSessions.list(window, eventMs(0), eventMs(2000))).toEqual([session]);
  expect(ledger.serviceSessions.list(undefined, eventMs(0), eventMs(2000))).toHaveLength(2);
  expect(ledger.serviceSessions.list(window, eventMs(1001), eventMs(2000))).toEqual([]);
});
