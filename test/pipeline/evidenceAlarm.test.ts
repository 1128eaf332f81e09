import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/core/config/load.js';
import { diskNotice, proofMetrics } from '../../src/pipeline/evidenceAlarm.js';
import { HALL_YAML } from '../board/support/hall.js';
import { fakeClock } from '../support/fakeClock.js';
import { testLedger } from '../support/ledger.js';

const config = parseConfig(HALL_YAML, 'hall.yaml');
const sink = (name: string, wants: ['alert'] | ['alert', 'notice']) => ({
  ...{ name, wants, batchSize: 10, lingerMs: 0 },
  deliver: async () => ({ accepted: [], rejected: [], retry: [] }),
  close: async () => undefined,
});

describe('a disk that fills', () => {
  it.each([
    ['low', { state: 'low' as const, freeBytes: 1, totalBytes: 2, hoursLeft: 5.4 }, /5/, 5.4],
    ['short', { state: 'short' as const, freeBytes: 1, totalBytes: 2, hoursLeft: undefined }, /./, null],
  ])('tells the channels that take notices when it is %s, in the hall’s words', (state, status, words, hoursLeft) => {
    const clock = fakeClock();
    const ledger = testLedger(':memory:', { clock });
    const tell = diskNotice({
      config,
      ledger,
      clock,
      sinks: [sink('duty', ['alert', 'notice']), sink('db', ['alert'])],
    });
    tell(status);
    const rows = ledger.outbox.due('duty', 10, clock.now());
    expect(ledger.outbox.sinks()).toEqual(['duty']);
    const message = JSON.parse(rows[0]!.payload);
    expect(message).toMatchObject({ notice: 'disk', id: `disk-${state}-2026-10-08T01`, hoursLeft, site: 'test' });
    expect(message.text).toMatch(words);
    expect(message.text).toMatch(/\p{Script=Han}/u);
  });

  it('stands on /metrics with the recorders that give nothing', () => {
    const state = (recording: boolean) => ({ camera: 'c', stream: 'main' as const, recording });
    const lines = proofMetrics({
      recording: { states: () => [state(true), state(false), state(true)] } as never,
      upkeep: { status: () => ({ state: 'ok', freeBytes: 9, totalBytes: 10, hoursLeft: 12.34 }) } as never,
    });
    expect(lines).toContain('hallwatch_recorders{state="recording"} 2');
    expect(lines).toContain('hallwatch_recorders{state="silent"} 1');
    expect(lines).toContain('hallwatch_disk_hours_left 12.3');
  });
});
