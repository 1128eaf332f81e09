import { describe, expect, it } from 'vitest';
import {
  hoursLeft,
  planRetention,
  type RetentionPolicy,
  type RetentionUnit,
} from '../../../../src/alerts/evidence/retention/planRetention.js';
import { heldSpans } from '../../../../src/alerts/evidence/retention/units.js';
import type { HoldRecord } from '../../../../src/alerts/ledger/holds.js';
import type { RetentionClass } from '../../../../src/core/recording.js';
import { eventMs, wallMs } from '../../../../src/core/time.js';

const DAY = 86_400_000;
const NOW = 1000 * DAY;
const policy: RetentionPolicy = {
  keepMs: { ring: DAY / 144, hall: 30 * DAY, evidence: 365 * DAY, session: 5479 * DAY },
  shed: ['ring', 'hall'],
  shedBelow: 0.05,
  shedUntil: 0.08,
};
/** `hall:40d` is a day of hall recordings that ended 40 days ago, 10 bytes; `!` locks it. */
function unitsOf(text: string): RetentionUnit[] {
  return text.split(' ').map((word) => {
    const [, held, kind, days] = /^(!?)(\w+):(\d+)d$/.exec(word)!;
    const to = NOW - Number(days) * DAY;
    return { id: word, class: kind as RetentionClass, from: to - DAY, to, bytes: 10, held: held === '!' };
  });
}

describe('what retention deletes', () => {
  it.each([
    ['nothing before its time', 'hall:29d evidence:364d session:5478d', 50, '', 0],
    [
      'each class when its own time is over',
      'hall:30d hall:29d evidence:365d session:5479d',
      50,
      'session:5479d evidence:365d hall:30d',
      0,
    ],
    ['nothing that is locked, however old', '!hall:300d !evidence:900d !session:6000d', 50, '', 0],
    [
      'below the watermark the ring first, then the oldest hall day',
      'session:900d evidence:9d hall:2d hall:3d ring:0d',
      4,
      'ring:0d',
      0,
    ],
    ['only as much as is needed', 'hall:5d hall:4d hall:3d', 3, 'hall:5d', 0],
    ['never evidence nor a session before its time', 'evidence:300d session:3000d', 1, '', 7],
    ['never what is locked, even where the disk is full', '!hall:20d hall:2d', 0, 'hall:2d', 0],
    ['says what is missing where all of it does not do', '!hall:20d !ring:0d', 0, '', 8],
    ['what is past its time counts as room', 'hall:31d hall:3d', 1, 'hall:31d', 0],
  ])('%s', (_, units, freeBytes, deleted, missingBytes) => {
    const plan = planRetention(unitsOf(units), { now: NOW, policy, disk: { freeBytes, totalBytes: 100 } });
    expect(plan.deletions.map(({ unit }) => unit.id).join(' ')).toBe(deleted);
    expect(plan.missingBytes).toBe(missingBytes);
  });

  it('takes evidence early only where the hall allows it', () => {
    const allowed = { ...policy, shed: ['ring', 'hall', 'evidence'] as const };
    const plan = planRetention(unitsOf('evidence:9d evidence:8d hall:1d'), {
      now: NOW,
      policy: allowed,
      disk: { freeBytes: 0, totalBytes: 200 },
    });
    expect(plan.deletions.map(({ unit, why }) => `${unit.id} ${why}`)).toEqual(['hall:1d disk', 'evidence:9d disk']);
  });
});

describe('hours left', () => {
  const at = (minutes: number, freeBytes: number) => ({ at: minutes * 60_000, freeBytes, totalBytes: 1000 });
  it.each([
    ['a disk that fills by 60 an hour from 550 lasts until 50 are free', [at(0, 610), at(60, 550)], 500 / 60],
    ['nothing is said of ten minutes', [at(0, 610), at(9, 600)], undefined],
    ['nor of a disk that empties', [at(0, 500), at(60, 600)], undefined],
    ['below the watermark none are left', [at(0, 90), at(60, 40)], 0],
  ])('%s', (_, samples, expected) => expect(hoursLeft(samples, 0.05)).toBe(expected));
});

it('a hold covers the camera while the incident lasted, and an evaluation all of its rooms', () => {
  const hold = (target: HoldRecord['target']): HoldRecord => ({
    id: 1,
    target,
    reason: 'r',
    by: 'u',
    placedAt: wallMs(0),
  });
  const held = heldSpans(
    [
      hold({ kind: 'incident', id: 'i1' }),
      hold({ kind: 'evaluation', id: 'e1' }),
      hold({ kind: 'camera', id: 'c3', from: eventMs(5), to: eventMs(6) }),
    ],
    {
      incident: () => ({ cameras: ['c1'], from: 1, to: 2 }),
      evaluation: () => ({ cameras: ['c2'], from: 3, to: 4, incidents: ['i2'] }),
    },
  );
  expect(held.cameras).toEqual([
    { camera: 'c1', from: 1, to: 2 },
    { camera: 'c2', from: 3, to: 4 },
    { camera: 'c3', from: 5, to: 6 },
  ]);
  expect([...held.incidents]).toEqual(['i1', 'i2']);
});
