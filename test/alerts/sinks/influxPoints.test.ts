import { describe, expect, it } from 'vitest';
import { alertMessage } from '../../../src/alerts/outbox/messages.js';
import { alertPoint, cleanTags, pointTime } from '../../../src/alerts/sinks/influxPoints.js';
import { subjectId } from '../../../src/core/ids.js';
import { alertStep, endStep } from '../../support/ledger.js';
import { facts } from '../../support/outbox.js';

describe('points of InfluxDB', () => {
  it('gives a point the same nanoseconds each time and two points of one millisecond two times', () => {
    const at = Date.UTC(2026, 9, 8, 1, 0, 0, 123);
    expect(pointTime(at, 'a.1')).toBe(pointTime(at, 'a.1'));
    expect(pointTime(at, 'a.1')).not.toBe(pointTime(at, 'a.2'));
    expect(pointTime(at, 'a.1').slice(0, -6)).toBe(String(at));
    expect(pointTime(at, 'a.1')).toHaveLength(19);
  });

  it.each([
    ['an empty value', { a: '' }, {}],
    ['a missing value', { a: undefined }, {}],
    ['a line break', { a: 'x\nalert id="forged"' }, { a: 'x alert id="forged"' }],
    ['a final backslash', { a: 'x \\\\' }, { a: 'x' }],
    ['Chinese', { a: '海曙区' }, { a: '海曙区' }],
  ])('cleans a tag of %s', (_, tags, expected) => expect(cleanTags(tags)).toEqual(expected));

  it('counts an incident once, at its first step, and keeps ids out of the tags', () => {
    const first = alertPoint(alertMessage(facts, alertStep(1), 1));
    const last = alertPoint(alertMessage(facts, endStep(1), 2));
    expect([first.fields.count, last.fields.count]).toEqual([1, 0]);
    expect([first.fields.duration_s, last.fields.duration_s]).toEqual([900, 1200]);
    expect(first.tags).toEqual({
      site: 'haishu',
      district: '海曙区',
      department: '不动产登记',
      window: 'W01',
      rule: 'absence',
      severity: 'normal',
    });
  });

  it('tags a room as a room', () => {
    const step = alertStep(1, { rule: 'sealedRoom', subject: subjectId('R1') });
    expect(alertPoint(alertMessage(facts, step, 1)).tags).toMatchObject({ room: 'R1' });
  });
});
