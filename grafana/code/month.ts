import type { DashboardSpec } from './model.js';
import { COVERAGE, MERGED, PRESENCE, SCHEDULED, SEEN, series, tableOf, where } from './queries.js';

const ALL = ['hall', 'area', 'department', 'window'] as const;
const WINDOWS = `"window" != ''`;

/** 月度合规: the run of a month. The figures that count are in the monthly report, which comes from the ledger. */
export const month: DashboardSpec = {
  uid: 'hallwatch-month',
  title: '月度合规',
  description: '一个月内的走势。考核数字以月报为准:月报来自账本,计入核定、请假与申诉;这里是未核定的观测。',
  tags: ['hallwatch'],
  from: 'now-30d',
  refresh: '',
  variables: ALL,
  panels: [
    {
      ...{
        title: '每日在岗率',
        type: 'timeseries',
        unit: 'percentunit',
        at: { x: 0, y: 0, w: 12, h: 8 },
        min: 0,
        max: 1,
      },
      description: '每天(北京时间)看清的应在岗时间里有人的占比,按部门。来源:observation。',
      queries: [
        series({
          select: PRESENCE,
          from: 'observation',
          where: where(ALL, `${WINDOWS} AND ${SEEN}`),
          every: '1d',
          by: ['department'],
          columns: ['presence'],
          alias: '$tag_department',
        }),
      ],
    },
    {
      ...{
        title: '每日覆盖率',
        type: 'timeseries',
        unit: 'percentunit',
        at: { x: 12, y: 0, w: 12, h: 8 },
        min: 0,
        max: 1,
      },
      description: '每天看清时间÷应在岗时间,按部门;低于90%的日子不公布比率。来源:observation。',
      queries: [
        series({
          select: COVERAGE,
          from: 'observation',
          where: where(ALL, `${WINDOWS} AND ${SCHEDULED}`),
          every: '1d',
          by: ['department'],
          columns: ['coverage'],
          alias: '$tag_department',
        }),
      ],
      thresholds: [
        ['red', null],
        ['green', 0.9],
      ],
    },
    {
      ...{
        title: '每日告警',
        type: 'timeseries',
        unit: 'short',
        at: { x: 0, y: 8, w: 12, h: 8 },
        stacked: true,
        min: 0,
      },
      description: '每天开始的告警数,按规则;未经核定。来源:alert.count。',
      queries: [
        series({
          select: 'sum("count") AS "count"',
          from: 'alert',
          where: where(ALL),
          every: '1d',
          by: ['rule'],
          columns: ['count'],
          alias: '$tag_rule',
        }),
      ],
    },
    {
      ...{
        title: '每日时间构成',
        type: 'timeseries',
        unit: 's',
        at: { x: 12, y: 8, w: 12, h: 8 },
        stacked: true,
        min: 0,
      },
      description: '每天应在岗时间分为在岗、离岗、未知三部分。来源:observation。',
      queries: [
        series({
          select: 'sum("present_s") AS "present_s", sum("absent_s") AS "absent_s", sum("unknown_s") AS "unknown_s"',
          ...{ from: 'observation', where: where(ALL, WINDOWS), every: '1d', alias: '$col' },
          columns: ['present_s', 'absent_s', 'unknown_s'],
        }),
      ],
    },
    {
      ...{ title: '各部门合计', type: 'table', unit: 'percentunit', at: { x: 0, y: 16, w: 12, h: 9 } },
      description: '所选时段各部门的在岗率与覆盖率。排名见月报:只在看清时长相近者之间排。来源:observation。',
      queries: [
        tableOf({
          ...{ select: PRESENCE, from: 'observation', where: where(ALL, `${WINDOWS} AND ${SEEN}`) },
          by: ['department'],
          columns: ['presence'],
        }),
        tableOf({
          ...{ select: COVERAGE, from: 'observation', where: where(ALL, `${WINDOWS} AND ${SCHEDULED}`) },
          ...{ refId: 'B', by: ['department'] },
          columns: ['coverage'],
        }),
      ],
      transformations: MERGED,
    },
    {
      ...{
        title: '各窗口告警',
        type: 'bargauge',
        unit: 'short',
        at: { x: 12, y: 16, w: 12, h: 9 },
        reduce: 'sum',
        min: 0,
      },
      description: '所选时段各窗口开始的告警数;未经核定。来源:alert.count。',
      queries: [
        series({
          select: 'sum("count") AS "count"',
          from: 'alert',
          where: where(ALL, WINDOWS),
          by: ['window'],
          columns: ['count'],
          alias: '$tag_window',
        }),
      ],
      thresholds: [
        ['green', null],
        ['orange', 3],
        ['red', 8],
      ],
    },
    {
      ...{
        title: '文明用语',
        type: 'timeseries',
        unit: 'percentunit',
        at: { x: 0, y: 25, w: 12, h: 8 },
        min: 0,
        max: 1,
      },
      description:
        '听得清的办件中有问候、有道别的占比(按日);听不清的不计,一件也没听清的日子留空。n 不足20时不宜比较。来源:service。',
      queries: [
        series({
          select: 'sum("greeted") / sum("greet_n") AS "greeted"',
          ...{ from: 'service', where: where(ALL, '"greet_n" > 0'), every: '1d' },
          ...{ alias: '有问候', columns: ['greeted'] },
        }),
        series({
          select: 'sum("bye") / sum("bye_n") AS "bye"',
          ...{ from: 'service', where: where(ALL, '"bye_n" > 0'), every: '1d' },
          ...{ refId: 'B', alias: '有道别', columns: ['bye'] },
        }),
      ],
    },
    {
      ...{ title: '办件与等待', type: 'timeseries', unit: 's', at: { x: 12, y: 25, w: 12, h: 8 }, min: 0 },
      description: '每日平均等待与平均办理时间(秒),只计已办的。来源:service。',
      queries: [
        series({
          select: 'sum("wait_s") / sum("sessions") AS "wait_s", sum("serve_s") / sum("sessions") AS "serve_s"',
          ...{ from: 'service', where: where(ALL, '"sessions" > 0'), every: '1d' },
          ...{ alias: '$col', columns: ['wait_s', 'serve_s'] },
        }),
      ],
    },
    {
      ...{ title: '办件与离去', type: 'timeseries', unit: 'short', at: { x: 0, y: 33, w: 8, h: 8 }, min: 0 },
      description: '每日办理的人次,与等候后未办而离开的人次。来源:service.sessions、abandoned。',
      queries: [
        series({
          select: 'sum("sessions") AS "sessions", sum("abandoned") AS "abandoned"',
          ...{ from: 'service', where: where(ALL), every: '1d', alias: '$col', columns: ['sessions', 'abandoned'] },
        }),
      ],
    },
    {
      ...{ title: '微笑占比', type: 'table', unit: 'percentunit', at: { x: 8, y: 33, w: 8, h: 8 } },
      description:
        '看得清面部的时间里微笑的占比,按部门,旁列件数 n;n 不足20时不宜比较,未经大厅验证,不作考核。来源:service.smile_s、face_s。',
      queries: [
        tableOf({
          select: 'sum("smile_s") / sum("face_s") AS "smile"',
          ...{ from: 'service', where: where(ALL, '"face_s" > 0'), by: ['department'], columns: ['smile'] },
        }),
        tableOf({
          ...{ refId: 'B', select: 'sum("smile_n") AS "n"' },
          ...{ from: 'service', where: where(ALL, '"face_s" > 0'), by: ['department'], columns: ['n'] },
        }),
      ],
      transformations: MERGED,
      overrides: [{ column: 'n', unit: 'short' }],
    },
    {
      ...{ title: '桌面不整时间', type: 'timeseries', unit: 's', at: { x: 16, y: 33, w: 8, h: 8 }, min: 0 },
      description: '每日桌面不合标准的时间合计,按部门;看不清的另计,不算整齐。来源:desk.disorder_s。',
      queries: [
        series({
          select: 'sum("disorder_s") AS "disorder_s"',
          ...{ from: 'desk', where: where(ALL), every: '1d', by: ['department'] },
          ...{ alias: '$tag_department', columns: ['disorder_s'] },
        }),
      ],
    },
  ],
};
