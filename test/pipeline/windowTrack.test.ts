import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/core/config/load.js';
import { windowId } from '../../src/core/ids.js';
import { eventMs } from '../../src/core/time.js';
import { hallTracks } from '../../src/pipeline/hallTracks.js';
import { HALL_YAML } from '../board/support/hall.js';

describe('the track of a window', () => {
  it('says when its desk is inspected, at the times that are fixed for it', () => {
    const yaml = HALL_YAML.replace(
      '    area: 一楼',
      '    area: 一楼\n    deskZone: [[0.1, 0.5], [0.5, 0.5], [0.5, 0.6]]',
    );
    const config = parseConfig(
      yaml.replace('rules:', 'rules:\n  desk: { inspectAt: ["09:05"], inspectFor: 10m }'),
      'h.yaml',
    );
    const track = hallTracks(config).windows[0]!;
    const tick = (minute: number) => ({
      ...{ subject: windowId('A01'), kind: 'tick', value: true },
      at: eventMs(Date.UTC(2026, 9, 8, 1, minute)),
    });
    const said = [4, 5, 14, 15].map((minute) => track.derive?.(tick(minute)).map(({ kind, value }) => [kind, value]));
    expect(said).toEqual([[], [['inspection', true]], [], [['inspection', false]]]);
  });
});
