import type { DashboardSpec } from './model.js';
import { rows, series, tableOf, where } from './queries.js';

const ALL = ['hall', 'room'] as const;
const ROOMS = `"room" != ''`;

/** 评标监管: rooms, never persons and never words. */
export const rooms: DashboardSpec = {
  uid: 'hallwatch-rooms',
  title: '评标监管',
  description: '评标室的在用时间、告警与语音监听情况。不含人员姓名与敏感词内容:详情只在看板中对评标监督人员开放。',
  tags: ['hallwatch'],
  from: 'now-24h',
  refresh: '30s',
  variables: ALL,
  panels: [
    {
      ...{ title: '评标室告警', type: 'stat', unit: 'short', at: { x: 0, y: 0, w: 6, h: 4 }, reduce: 'sum' },
      description: '所选时段内评标室开始的告警数。来源:alert.count。',
      queries: [
        series({
          select: 'sum("count") AS "count"',
          from: 'alert',
          where: where(ALL, ROOMS),
          columns: ['count'],
          alias: '告警',
        }),
      ],
      thresholds: [
        ['green', null],
        ['red', 1],
      ],
    },
    {
      ...{ title: '敏感词命中', type: 'stat', unit: 'short', at: { x: 6, y: 0, w: 6, h: 4 }, reduce: 'sum' },
      description: '所选时段内命中数,不含词语内容。来源:speech.hits。',
      queries: [
        series({
          select: 'sum("hits") AS "hits"',
          from: 'speech',
          where: where(ALL),
          columns: ['hits'],
          alias: '命中',
        }),
      ],
      thresholds: [
        ['green', null],
        ['orange', 1],
        ['red', 5],
      ],
    },
    {
      ...{ title: '看不清的时间', type: 'stat', unit: 's', at: { x: 12, y: 0, w: 6, h: 4 }, reduce: 'sum' },
      description: '评标室画面看不清的时间合计。来源:observation.unknown_s。',
      queries: [
        series({
          select: 'sum("unknown_s") AS "unknown_s"',
          from: 'observation',
          where: where(ALL, ROOMS),
          columns: ['unknown_s'],
          alias: '未知',
        }),
      ],
      thresholds: [
        ['green', null],
        ['orange', 300],
      ],
    },
    {
      ...{ title: '听不清的时间', type: 'stat', unit: 's', at: { x: 18, y: 0, w: 6, h: 4 }, reduce: 'sum' },
      description: '有声音而未能听懂的时间合计:没有命中不等于没有说。来源:speech.not_understood_s。',
      queries: [
        series({
          select: 'sum("not_understood_s") AS "not_understood_s"',
          from: 'speech',
          where: where(ALL),
          columns: ['not_understood_s'],
          alias: '听不清',
        }),
      ],
      thresholds: [
        ['green', null],
        ['orange', 600],
      ],
    },
    {
      ...{ title: '各评标室有人时间', type: 'timeseries', unit: 's', at: { x: 0, y: 4, w: 12, h: 9 }, min: 0 },
      description: '每小时内看到至少一人的秒数,按评标室。来源:observation.present_s。',
      queries: [
        series({
          select: 'sum("present_s") AS "present_s"',
          from: 'observation',
          where: where(ALL, ROOMS),
          every: '1h',
          by: ['room'],
          columns: ['present_s'],
          alias: '$tag_room',
        }),
      ],
    },
    {
      ...{
        title: '告警按规则',
        type: 'timeseries',
        unit: 'short',
        at: { x: 12, y: 4, w: 12, h: 9 },
        stacked: true,
        min: 0,
      },
      description: '每小时评标室新开始的告警,按规则。来源:alert.count。',
      queries: [
        series({
          select: 'sum("count") AS "count"',
          from: 'alert',
          where: where(ALL, ROOMS),
          every: '1h',
          by: ['rule'],
          columns: ['count'],
          alias: '$tag_rule',
        }),
      ],
    },
    {
      ...{ title: '敏感词按级别', type: 'table', unit: 'short', at: { x: 0, y: 13, w: 6, h: 8 } },
      description: '各评标室各级别的命中数,不含词语内容。来源:speech.hits。',
      queries: [
        tableOf({
          ...{ select: 'sum("hits") AS "hits"', from: 'speech', where: where(ALL, `"level" != ''`) },
          ...{ by: ['room', 'level'], columns: ['hits'] },
        }),
      ],
    },
    {
      ...{ title: '听音时长', type: 'table', unit: 's', at: { x: 6, y: 13, w: 6, h: 8 } },
      description:
        '各评标室有人听音的时间与其中未能听懂的时间:没有听,不等于没有说。来源:speech.heard_s、not_understood_s。',
      queries: [
        tableOf({
          select: 'sum("heard_s") AS "heard_s", sum("not_understood_s") AS "not_understood_s"',
          ...{ from: 'speech', where: where(ALL), by: ['room'], columns: ['heard_s', 'not_understood_s'] },
        }),
      ],
    },
    {
      ...{ title: '最近的评标室告警', type: 'table', unit: 'short', at: { x: 12, y: 13, w: 12, h: 8 } },
      description: '最近100步,只有编号、规则、步骤与时长。来源:alert。',
      queries: [
        rows({
          select: '"id", "step", "duration_s", "rule", "room"',
          from: 'alert',
          where: where(ALL, ROOMS),
          limit: 100,
          columns: ['id', 'step', 'duration_s', 'rule', 'room'],
        }),
      ],
    },
  ],
};
