import { describe, expect, it } from 'vitest';
import { windowId } from '../../../src/core/ids.js';
import type { SpeechEvent } from '../../../src/core/speech.js';
import { eventMs } from '../../../src/core/time.js';
import { judgeCourtesy } from '../../../src/detectors/speech/courtesy.js';

const phrases = { greeting: ['您好', '你好'], farewell: ['再见', '请慢走'], wait: ['请稍等'], within: 15_000 };
const session = { window: windowId('A01'), start: eventMs(100_000), end: eventMs(300_000), waited: false };
const said = (text: string, start: number): SpeechEvent => ({
  ...{ type: 'segment', text },
  ...{ start: eventMs(start), end: eventMs(start + 2000) },
});
const gap = (start: number, end: number): SpeechEvent => ({
  ...{ type: 'gap', reason: 'overload' },
  ...{ start: eventMs(start), end: eventMs(end) },
});
const all = [{ start: eventMs(0), end: eventMs(400_000) }];

describe('courtesy of one service session', () => {
  it.each([
    ['both said', [said('您好请坐', 101_000), said('好的再见', 297_000)], all, [true, true]],
    ['greeted while the citizen sat down', [said('你好', 96_000)], all, [true, false]],
    ['said too late', [said('您好', 130_000)], all, [false, false]],
    ['said too early', [said('再见', 250_000)], all, [false, false]],
    ['most of it not understood', [gap(95_000, 110_000), gap(285_000, 305_000)], all, ['unknown', 'unknown']],
    ['said although part was not understood', [gap(95_000, 100_000), said('您好', 101_000)], all, [true, false]],
    ['nobody listened', [], [], ['unknown', 'unknown']],
  ])('%s', (_, events, listened, expected) => {
    const outcome = judgeCourtesy(session, { said: events, listened }, phrases);
    expect([outcome.greeting, outcome.farewell]).toEqual(expected);
    expect(outcome.wait).toBe('not-due');
  });

  it('asks for patience only where somebody waits', () => {
    const waited = { ...session, waited: true };
    expect(judgeCourtesy(waited, { said: [], listened: all }, phrases).wait).toBe(false);
    expect(judgeCourtesy(waited, { said: [said('请稍等一下', 200_000)], listened: all }, phrases).wait).toBe(true);
  });
});
