import type { DashboardSpec } from './model.js';
import { rows, series, tableOf, where } from './queries.js';

const HALL = ['hall'] as const;
const SERVICE = `"part" = 'service'`;
const SINK = `"part" = 'sink'`;

/** 设备与流水线: cameras, queues, the service itself. */
export const system: DashboardSpec = {
  uid: 'hallwatch-system',
  title: '设备与流水线',
  description: '摄像机、待发队列与服务自身。摄像机离线、冻结、遮挡时,相关窗口的结果为未知,不计合格。',
  tags: ['hallwatch'],
  from: 'now-24h',
  refresh: '1m',
  variables: HALL,
  panels: [
    {
      ...{ title: '在线摄像机占比', type: 'stat', unit: 'percentunit', at: { x: 0, y: 0, w: 6, h: 4 }, min: 0, max: 1 },
      description: '各摄像机最近一次状态中在线的占比。来源:camera_health.up。',
      queries: [
        {
          ...{ refId: 'A', format: 'time_series', alias: '在线占比', columns: ['up'] },
          query: `SELECT mean("up") AS "up" FROM (SELECT last("up") AS "up" FROM "camera_health" WHERE ${where(HALL)} GROUP BY "site", "camera")`,
        },
      ],
      thresholds: [
        ['red', null],
        ['orange', 0.95],
        ['green', 0.99],
      ],
    },
    {
      ...{ title: '待发消息', type: 'stat', unit: 'short', at: { x: 6, y: 0, w: 6, h: 4 }, reduce: 'max' },
      description: '各接收方待发消息的最大值。长期不为0说明接收方不通。来源:pipeline.depth。',
      queries: [
        series({
          select: 'max("depth") AS "depth"',
          from: 'pipeline',
          where: where(HALL, SINK),
          every: '$__interval',
          columns: ['depth'],
          alias: '待发',
        }),
      ],
      thresholds: [
        ['green', null],
        ['orange', 100],
        ['red', 1000],
      ],
    },
    {
      ...{ title: '丢弃的画面', type: 'stat', unit: 'short', at: { x: 12, y: 0, w: 6, h: 4 } },
      description: '自服务启动起,来不及看而被更新画面替换的帧数。来源:pipeline.dropped。',
      queries: [
        series({
          select: 'last("dropped") AS "dropped"',
          from: 'pipeline',
          where: where(HALL, SERVICE),
          columns: ['dropped'],
          alias: '丢弃',
        }),
      ],
    },
    {
      ...{ title: '内存', type: 'stat', unit: 'decmbytes', at: { x: 18, y: 0, w: 6, h: 4 } },
      description: '服务进程常驻内存(MB)。来源:pipeline.rss_mb。',
      queries: [
        series({
          select: 'last("rss_mb") AS "rss_mb"',
          from: 'pipeline',
          where: where(HALL, SERVICE),
          columns: ['rss_mb'],
          alias: '内存',
        }),
      ],
      thresholds: [
        ['green', null],
        ['orange', 3000],
        ['red', 4000],
      ],
    },
    {
      ...{ title: '摄像机问题数', type: 'timeseries', unit: 'short', at: { x: 0, y: 4, w: 12, h: 8 }, min: 0 },
      description: '各摄像机同时存在的问题数(离线、冻结、遮挡、过暗、移位等)。来源:camera_health.findings。',
      queries: [
        series({
          select: 'max("findings") AS "findings"',
          from: 'camera_health',
          where: where(HALL),
          every: '$__interval',
          by: ['camera'],
          columns: ['findings'],
          alias: '$tag_camera',
        }),
      ],
    },
    {
      ...{ title: '待发队列', type: 'timeseries', unit: 'short', at: { x: 12, y: 4, w: 12, h: 8 }, min: 0 },
      description: '各接收方待发消息数。来源:pipeline.depth。',
      queries: [
        series({
          select: 'max("depth") AS "depth"',
          from: 'pipeline',
          where: where(HALL, SINK),
          every: '$__interval',
          by: ['sink'],
          columns: ['depth'],
          alias: '$tag_sink',
        }),
      ],
    },
    {
      ...{ title: '最近的摄像机状态', type: 'table', unit: 'short', at: { x: 0, y: 12, w: 14, h: 9 } },
      description: '最近100次状态变化,不含每小时的例行状态。来源:camera_health.changed。',
      queries: [
        rows({
          select: '"state", "findings", "finding_list", "camera"',
          from: 'camera_health',
          where: where(HALL, '"changed" = 1'),
          limit: 100,
          columns: ['state', 'findings', 'finding_list', 'camera'],
        }),
      ],
    },
    {
      ...{ title: '接收方', type: 'table', unit: 'short', at: { x: 14, y: 12, w: 10, h: 9 } },
      description: '各接收方:待发、最久等待(秒)、已发、被拒、失败。来源:pipeline。',
      queries: [
        tableOf({
          select:
            'last("depth") AS "depth", last("oldest_s") AS "oldest_s", last("delivered") AS "delivered", last("rejected") AS "rejected", last("failures") AS "failures"',
          ...{ from: 'pipeline', where: where(HALL, SINK), by: ['sink'] },
          columns: ['depth', 'oldest_s', 'delivered', 'rejected', 'failures'],
        }),
      ],
    },
    {
      ...{ title: '每分钟画面数', type: 'timeseries', unit: 'short', at: { x: 0, y: 21, w: 24, h: 7 }, min: 0 },
      description: '服务收到的画面总数的增量。突然为0说明流水线停了。来源:pipeline.frames。',
      queries: [
        series({
          select: 'non_negative_difference(last("frames")) AS "frames"',
          from: 'pipeline',
          where: where(HALL, SERVICE),
          every: '1m',
          columns: ['frames'],
          alias: '画面',
        }),
      ],
    },
  ],
};
