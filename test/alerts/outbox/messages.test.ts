import { describe, expect, it } from 'vitest';
import { alertMessage, cameraMessage, type MeasurementMessage } from '../../../src/alerts/outbox/messages.js';
import { alertRows, cameraRows, measurementRows } from '../../../src/alerts/outbox/routing.js';
import { publicationsOf } from '../../../src/alerts/sinks/mqttTopics.js';
import { cameraId, subjectId } from '../../../src/core/ids.js';
import { eventMs } from '../../../src/core/time.js';
import { alertStep, endStep } from '../../support/ledger.js';
import { facts } from '../../support/outbox.js';

const sinks = [
  { name: 'mqtt', wants: ['alert', 'camera'] },
  { name: 'influx', wants: ['alert', 'camera', 'measurement'] },
  { name: 'webhook-desk', wants: ['alert'] },
] as const;

describe('messages', () => {
  it('say what a step was, with names, ISO times, seconds and coverage', () => {
    const seen = { observedMs: 900_000, unknownMs: 300_000 };
    expect(alertMessage(facts, endStep(1, { seen, detail: { citizens_waiting: 2 } }), 17)).toEqual({
      schema: 1,
      id: alertStep(1).id,
      seq: 17,
      step: 'ended',
      ordinal: 2,
      site: 'haishu',
      district: '海曙区',
      rule: 'absence',
      ruleVersion: 'absence-1',
      subject: 'W01',
      subjectType: 'window',
      subjectName: '01 综合窗口',
      department: '不动产登记',
      at: '2026-10-08T02:20:00.000Z',
      start: '2026-10-08T02:00:00.000Z',
      end: '2026-10-08T02:20:00.000Z',
      endReason: 'returned',
      priority: 'normal',
      tier: 0,
      durationS: 1200,
      coverage: 0.75,
      camera: 'cam-1',
      detail: { citizens_waiting: 2 },
    });
  });

  it('call a subject nobody configured by its id', () => {
    const message = alertMessage(facts, alertStep(1, { subject: subjectId('W99') }), 1);
    expect(message).toMatchObject({ subjectName: 'W99', department: '', durationS: 900 });
    expect(message).not.toHaveProperty('end');
  });

  it.each([
    [[], 'ok'],
    [['clock'], 'impaired'],
    [['frozen', 'offline'], 'offline'],
    [['auth-failed'], 'offline'],
  ] as const)('call a camera with %j %s', (findings, state) => {
    expect(cameraMessage('haishu', cameraId('c'), findings, eventMs(0)).state).toBe(state);
  });
});

describe('routing', () => {
  it('makes one row for each sink that takes the kind, keyed so that a subject stays in order', () => {
    const rows = alertRows(sinks, facts, alertStep(1))(5);
    expect(rows.map(({ sink, kind, key }) => [sink, kind, key])).toEqual([
      ['mqtt', 'alert', 'W01'],
      ['influx', 'alert', 'W01'],
      ['webhook-desk', 'alert', 'W01'],
    ]);
    expect(JSON.parse(rows[0]!.payload)).toMatchObject({ seq: 5 });
    const camera = cameraRows(sinks, cameraMessage('haishu', cameraId('c'), [], eventMs(0)));
    expect(camera.map(({ sink, latestOnly }) => [sink, latestOnly])).toEqual([
      ['mqtt', true],
      ['influx', false],
    ]);
    const minute: MeasurementMessage = { measurement: 'observation', atMs: 0, id: 'W01', tags: {}, fields: {} };
    expect(measurementRows(sinks, minute).map(({ sink }) => sink)).toEqual(['influx']);
  });
});

describe('a listed word', () => {
  const detail = { word: '照顾一下', variant: '赵固一下', before: '第二家', level: 'serious', count: 2, demo: false };
  const step = alertStep(1, { rule: 'speech', subject: subjectId('R1'), detail });
  const rows = alertRows([...sinks, { name: 'words', wants: ['alert'], hearsWords: true }], facts, step)(7);
  const payloadOf = (sink: string): string => rows.find((row) => row.sink === sink)!.payload;

  it('is told by its level and count to everybody, and with its words to a sink that keeps them apart', () => {
    for (const sink of ['mqtt', 'influx', 'webhook-desk']) {
      expect(JSON.parse(payloadOf(sink)).detail).toEqual({ level: 'serious', count: 2, demo: false });
    }
    expect(JSON.parse(payloadOf('words')).detail).toEqual(detail);
  });

  it('is published with its words on the room’s speech topic alone, and never kept by the broker', () => {
    const published = publicationsOf('haishu', { kind: 'alert', message: alertMessage(facts, step, 7) });
    const telling = published.filter(({ payload }) => payload.includes('照顾') || payload.includes('第二家'));
    expect(telling.map(({ topic, retain }) => [topic, retain])).toEqual([['hallwatch/haishu/speech/R1', false]]);
    expect(published.map(({ topic }) => topic)).toContain('hallwatch/haishu/alert/speech/R1');
  });
});
