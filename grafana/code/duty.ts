import type { DashboardSpec } from './model.js';
import { COVERAGE, MERGED, PRESENCE, rows, SCHEDULED, SEEN, series, tableOf, where } from './queries.js';

const ALL = ['hall', 'area', 'department', 'window'] as const;
const WINDOWS = `"window" != ''`;

/** 督导值班: what a supervisor looks at all day, beside the board itself. */
export const duty: DashboardSpec = {
  uid: 'hallwatch-duty',
  title: '督导值班',
  description: '当天各窗口的在岗、覆盖率与告警。告警以看板为准,这里看趋势。',
  tags: ['hallwatch'],
  from: 'now-12h',
  refresh: '30s',
  variables: ALL,
  panels: [
    {
      ...{ title: '新告警', type: 'stat', unit: 'short', at: { x: 0, y: 0, w: 5, h: 4 }, reduce: 'sum' },
      description: '所选时段内开始的告警数(每起只计一次,不论是否核定)。来源:alert.count。',
      queries: [
        series({
          select: 'sum("count") AS "count"',
          from: 'alert',
          where: where(ALL),
          columns: ['count'],
          alias: '新告警',
        }),
      ],
      thresholds: [
        ['green', null],
        ['orange', 5],
        ['red', 20],
      ],
    },
    {
      ...{ title: '高优先级告警', type: 'stat', unit: 'short', at: { x: 5, y: 0, w: 5, h: 4 }, reduce: 'sum' },
      description: '所选时段内处于高优先级(离岗且有群众等待等)的告警步骤数。来源:alert,severity=high。',
      queries: [
        series({
          select: 'count("id") AS "steps"',
          from: 'alert',
          where: where(ALL, `"severity" = 'high'`),
          columns: ['steps'],
          alias: '高优先级',
        }),
      ],
      thresholds: [
        ['green', null],
        ['red', 1],
      ],
    },
    {
      ...{ title: '覆盖率', type: 'stat', unit: 'percentunit', at: { x: 10, y: 0, w: 5, h: 4 }, min: 0, max: 1 },
      description: '看清时间÷应在岗时间。低于90%时,其余比率不可信。来源:observation。',
      queries: [
        series({
          select: COVERAGE,
          from: 'observation',
          where: where(ALL, `${WINDOWS} AND ${SCHEDULED}`),
          columns: ['coverage'],
          alias: '覆盖率',
        }),
      ],
      thresholds: [
        ['red', null],
        ['orange', 0.9],
        ['green', 0.97],
      ],
    },
    {
      ...{ title: '在岗率', type: 'stat', unit: 'percentunit', at: { x: 15, y: 0, w: 5, h: 4 }, min: 0, max: 1 },
      description: '看清的应在岗时间里有人的占比,未扣除请假等正当理由,不作考核。来源:observation。',
      queries: [
        series({
          select: PRESENCE,
          from: 'observation',
          where: where(ALL, `${WINDOWS} AND ${SEEN}`),
          columns: ['presence'],
          alias: '在岗率',
        }),
      ],
      thresholds: [
        ['red', null],
        ['orange', 0.85],
        ['green', 0.95],
      ],
    },
    {
      ...{ title: '未知时间', type: 'stat', unit: 's', at: { x: 20, y: 0, w: 4, h: 4 }, reduce: 'sum' },
      description: '应在岗而看不清的时间合计(画面离线、冻结、遮挡等)。来源:observation.unknown_s。',
      queries: [
        series({
          select: 'sum("unknown_s") AS "unknown_s"',
          from: 'observation',
          where: where(ALL, WINDOWS),
          columns: ['unknown_s'],
          alias: '未知',
        }),
      ],
      thresholds: [
        ['green', null],
        ['orange', 600],
      ],
    },
    {
      ...{
        title: '各窗口离岗时间',
        type: 'timeseries',
        unit: 's',
        at: { x: 0, y: 4, w: 12, h: 9 },
        stacked: true,
        min: 0,
      },
      description: '每个时间格内画面中无人的应在岗秒数,按窗口叠加。未核定,不作考核。来源:observation.absent_s。',
      queries: [
        series({
          select: 'sum("absent_s") AS "absent_s"',
          from: 'observation',
          where: where(ALL, WINDOWS),
          every: '$__interval',
          by: ['window'],
          columns: ['absent_s'],
          alias: '$tag_window',
        }),
      ],
    },
    {
      ...{
        title: '告警趋势',
        type: 'timeseries',
        unit: 'short',
        at: { x: 12, y: 4, w: 12, h: 9 },
        stacked: true,
        min: 0,
      },
      description: '每小时新开始的告警,按规则。来源:alert.count。',
      queries: [
        series({
          select: 'sum("count") AS "count"',
          from: 'alert',
          where: where(ALL),
          every: '1h',
          by: ['rule'],
          columns: ['count'],
          alias: '$tag_rule',
        }),
      ],
    },
    {
      ...{ title: '各窗口在岗与覆盖', type: 'table', unit: 'percentunit', at: { x: 0, y: 13, w: 12, h: 10 } },
      description: '所选时段各窗口的在岗率与覆盖率。覆盖率低于90%的窗口不宜比较。来源:observation。',
      queries: [
        tableOf({
          ...{ select: PRESENCE, from: 'observation', where: where(ALL, `${WINDOWS} AND ${SEEN}`) },
          by: ['department', 'window'],
          columns: ['presence'],
        }),
        tableOf({
          ...{ select: COVERAGE, from: 'observation', where: where(ALL, `${WINDOWS} AND ${SCHEDULED}`) },
          ...{ refId: 'B', by: ['department', 'window'] },
          columns: ['coverage'],
        }),
      ],
      transformations: MERGED,
      thresholds: [
        ['red', null],
        ['orange', 0.9],
        ['green', 0.97],
      ],
    },
    {
      ...{ title: '最近的告警步骤', type: 'table', unit: 'short', at: { x: 12, y: 13, w: 12, h: 10 } },
      description: '最近100步:开始、升级、结束。编号可在看板中搜索。来源:alert。',
      queries: [
        rows({
          select: '"id", "step", "duration_s", "rule", "severity", "window"',
          from: 'alert',
          where: where(ALL),
          limit: 100,
          columns: ['id', 'step', 'duration_s', 'rule', 'severity', 'window'],
        }),
      ],
    },
  ],
};
