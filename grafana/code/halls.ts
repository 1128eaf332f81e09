import type { DashboardSpec } from './model.js';
import { COVERAGE, MERGED, PRESENCE, SCHEDULED, SEEN, series, tableOf, where } from './queries.js';

const HALL = ['hall'] as const;
const WINDOWS = `"window" != ''`;

/** 多厅总览: several halls that write into one database. */
export const halls: DashboardSpec = {
  uid: 'hallwatch-halls',
  title: '多厅总览',
  description: '多个大厅写入同一时序库时的对照。大厅之间班次、摄像机不同,不作排名。',
  tags: ['hallwatch'],
  from: 'now-7d',
  refresh: '5m',
  variables: HALL,
  panels: [
    {
      ...{ title: '各厅概况', type: 'table', unit: 'percentunit', at: { x: 0, y: 0, w: 12, h: 8 } },
      description: '所选时段各厅的在岗率与覆盖率。来源:observation。',
      queries: [
        tableOf({
          ...{ select: PRESENCE, from: 'observation', where: where(HALL, `${WINDOWS} AND ${SEEN}`) },
          by: ['district', 'site'],
          columns: ['presence'],
        }),
        tableOf({
          ...{ select: COVERAGE, from: 'observation', where: where(HALL, `${WINDOWS} AND ${SCHEDULED}`) },
          ...{ refId: 'B', by: ['district', 'site'] },
          columns: ['coverage'],
        }),
      ],
      transformations: MERGED,
    },
    {
      ...{
        title: '各厅告警',
        type: 'bargauge',
        unit: 'short',
        at: { x: 12, y: 0, w: 12, h: 8 },
        reduce: 'sum',
        min: 0,
      },
      description: '所选时段各厅开始的告警数;未经核定。来源:alert.count。',
      queries: [
        series({
          select: 'sum("count") AS "count"',
          from: 'alert',
          where: where(HALL),
          by: ['site'],
          columns: ['count'],
          alias: '$tag_site',
        }),
      ],
    },
    {
      ...{
        title: '各厅覆盖率',
        type: 'timeseries',
        unit: 'percentunit',
        at: { x: 0, y: 8, w: 12, h: 8 },
        min: 0,
        max: 1,
      },
      description: '每小时看清时间÷应在岗时间。来源:observation。',
      queries: [
        series({
          select: COVERAGE,
          from: 'observation',
          where: where(HALL, `${WINDOWS} AND ${SCHEDULED}`),
          every: '1h',
          by: ['site'],
          columns: ['coverage'],
          alias: '$tag_site',
        }),
      ],
    },
    {
      ...{
        title: '各厅告警趋势',
        type: 'timeseries',
        unit: 'short',
        at: { x: 12, y: 8, w: 12, h: 8 },
        stacked: true,
        min: 0,
      },
      description: '每天(北京时间)开始的告警数,按厅。来源:alert.count。',
      queries: [
        series({
          select: 'sum("count") AS "count"',
          from: 'alert',
          where: where(HALL),
          every: '1d',
          by: ['site'],
          columns: ['count'],
          alias: '$tag_site',
        }),
      ],
    },
    {
      ...{ title: '各厅离线摄像机', type: 'table', unit: 'short', at: { x: 0, y: 16, w: 12, h: 8 } },
      description: '各厅摄像机最近一次状态:在线为1,离线为0。来源:camera_health。',
      queries: [
        tableOf({
          select: 'last("up") AS "up", last("findings") AS "findings"',
          from: 'camera_health',
          where: where(HALL),
          by: ['site', 'camera'],
          columns: ['up', 'findings'],
        }),
      ],
      thresholds: [
        ['red', null],
        ['green', 1],
      ],
    },
    {
      ...{ title: '各厅待发消息', type: 'timeseries', unit: 'short', at: { x: 12, y: 16, w: 12, h: 8 }, min: 0 },
      description: '各厅待发消息的最大值。来源:pipeline.depth。',
      queries: [
        series({
          select: 'max("depth") AS "depth"',
          from: 'pipeline',
          where: where(HALL, `"part" = 'sink'`),
          every: '1h',
          by: ['site'],
          columns: ['depth'],
          alias: '$tag_site',
        }),
      ],
    },
  ],
};
