import { afterEach, describe, expect, it } from 'vitest';
import { type Ledger, openLedger } from '../../../src/alerts/ledger/openLedger.js';
import { evaluationId, personId } from '../../../src/core/evaluation.js';
import { cameraId, roomId } from '../../../src/core/ids.js';
import { silentLogger } from '../../../src/core/log.js';
import type { RoomEntry } from '../../../src/core/roomEntry.js';
import { eventMs } from '../../../src/core/time.js';
import { fakeClock } from '../../support/fakeClock.js';

const entry = (at: number, changes: Partial<RoomEntry> = {}): RoomEntry => ({
  ...{ room: roomId('R1'), at: eventMs(at), kind: 'enter', person: personId('A'), name: '张三', outcome: 'rostered' },
  ...{ camera: cameraId('cam'), track: 1, door: 'door', place: 'outside', evaluation: evaluationId('E1') },
  ...changes,
});

describe('comings and goings of sealed rooms', () => {
  let ledger: Ledger;
  const open = (): Ledger => {
    ledger = openLedger(':memory:', { clock: fakeClock(), log: silentLogger });
    return ledger;
  };
  afterEach(() => ledger.close());

  it('gives back what was added, in time order, within a span', () => {
    const { roomEntries } = open();
    const nobody = entry(3000, { person: undefined, name: '', outcome: 'stranger', evaluation: undefined });
    for (const one of [entry(5000, { kind: 'leave' }), nobody, entry(1000)]) roomEntries.add(one);
    roomEntries.add(entry(2000, { room: roomId('R2') }));
    expect(roomEntries.of(roomId('R1'), eventMs(0), eventMs(5000))).toEqual([entry(1000), nobody]);
    expect(roomEntries.ofEvaluation(evaluationId('E1')).map(({ at }) => at)).toEqual([1000, 2000, 5000]);
  });

  it('keeps one row of an entry that is told twice', () => {
    const { roomEntries } = open();
    roomEntries.add(entry(1000));
    roomEntries.add(entry(1000));
    roomEntries.add(entry(1000, { person: undefined }));
    roomEntries.add(entry(1000, { person: undefined }));
    expect(roomEntries.of(roomId('R1'), eventMs(0), eventMs(9000))).toHaveLength(2);
  });
});
