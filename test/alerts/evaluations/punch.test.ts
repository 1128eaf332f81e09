import { describe, expect, it } from 'vitest';
import { countingPunch, judgePunch } from '../../../src/alerts/evaluations/punch.js';
import { parseConfig } from '../../../src/core/config/load.js';
import { eventMs } from '../../../src/core/time.js';

const { punches } = parseConfig('site: { id: t, name: t }', 'hall.yaml').attendance;
const at = (clock: string) => eventMs(Date.parse(`2026-10-08T${clock}:00+08:00`));
const judged = (clock: string) => {
  const found = judgePunch(at(clock), punches, 'Asia/Shanghai');
  return found ? `${found.punch} ${found.verdict} ${found.offMs / 60_000}` : 'none';
};

describe('a punch', () => {
  it.each([
    ['07:29', 'none'],
    ['07:30', 'am-in on-time 0'],
    ['09:00', 'am-in on-time 0'],
    ['09:12', 'am-in late 12'],
    ['10:45', 'none'],
    ['11:50', 'am-out early 10'],
    ['12:00', 'am-out on-time 0'],
    ['12:50', 'pm-in on-time 0'],
    ['13:31', 'pm-in late 1'],
    ['16:59', 'pm-out early 1'],
    ['18:00', 'pm-out on-time 0'],
    ['20:00', 'none'],
  ])('at %s is %s', (clock, expected) => {
    expect(judged(clock)).toBe(expected);
  });

  it('of an arrival the first counts, of a departure the last', () => {
    const records = ['09:05', '08:55', '08:58'].map((clock) => ({ at: at(clock), punch: 'am-in' }));
    expect(countingPunch(records, punches[0]!)?.at).toBe(at('08:55'));
    const left = ['11:40', '12:01'].map((clock) => ({ at: at(clock), punch: 'am-out' }));
    expect(countingPunch(left, punches[1]!)?.at).toBe(at('12:01'));
    expect(countingPunch(left, punches[2]!)).toBeUndefined();
  });
});
