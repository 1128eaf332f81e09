import { DATASOURCE } from './model.js';

/** An alert of the system itself, evaluated by Grafana. Alerts about people come from Hallwatch alone. */
export interface AlertRule {
  uid: string;
  title: string;
  summary: string;
  /** InfluxQL; its last value is compared. */
  query: string;
  columns: readonly string[];
  /** Raised while the last value is so. */
  condition: { type: 'gt' | 'lt'; value: number };
  /** How far back the query looks, seconds. */
  spanS: number;
  for: string;
  /** What no data means. */
  noData: 'OK' | 'Alerting';
}

export const ALERT_RULES: readonly AlertRule[] = [
  {
    ...{ uid: 'hallwatch-camera-offline', title: '摄像机离线', for: '5m', noData: 'OK', spanS: 7200 },
    summary: '有摄像机离线超过5分钟:相关窗口的结果为未知。',
    query: `SELECT count("up") - sum("up") AS "offline" FROM (SELECT last("up") AS "up" FROM "camera_health" WHERE $timeFilter GROUP BY "site", "camera")`,
    columns: ['offline'],
    condition: { type: 'gt', value: 0 },
  },
  {
    ...{ uid: 'hallwatch-outbox', title: '消息积压', for: '10m', noData: 'OK', spanS: 600 },
    summary: '待发消息超过1000条:接收方不通,消息在账本中等待,没有丢失。',
    query: `SELECT max("depth") AS "depth" FROM "pipeline" WHERE "part" = 'sink' AND $timeFilter GROUP BY time(1m) fill(none)`,
    columns: ['depth'],
    condition: { type: 'gt', value: 1000 },
  },
  {
    ...{ uid: 'hallwatch-silent', title: '没有观测', for: '10m', noData: 'Alerting', spanS: 900 },
    summary: '15分钟内没有任何窗口的观测写入:服务停了,或时序库不通。',
    query: `SELECT count("present_s") AS "minutes" FROM "observation" WHERE $timeFilter`,
    columns: ['minutes'],
    condition: { type: 'lt', value: 1 },
  },
  {
    ...{ uid: 'hallwatch-memory', title: '内存过高', for: '15m', noData: 'OK', spanS: 600 },
    summary: '服务进程内存超过4GB。',
    query: `SELECT max("rss_mb") AS "rss_mb" FROM "pipeline" WHERE "part" = 'service' AND $timeFilter GROUP BY time(1m) fill(none)`,
    columns: ['rss_mb'],
    condition: { type: 'gt', value: 4000 },
  },
];

/** The provisioning document of the rules. */
export const alertingYaml = (): unknown => ({
  apiVersion: 1,
  groups: [
    {
      ...{ orgId: 1, name: 'hallwatch', folder: 'Hallwatch', interval: '1m' },
      rules: ALERT_RULES.map((rule) => ({
        ...{ uid: rule.uid, title: rule.title, condition: 'B', for: rule.for },
        ...{ noDataState: rule.noData, execErrState: 'Error', isPaused: false },
        annotations: { summary: rule.summary },
        labels: { source: 'hallwatch' },
        data: [
          {
            ...{ refId: 'A', datasourceUid: DATASOURCE.uid, relativeTimeRange: { from: rule.spanS, to: 0 } },
            model: { refId: 'A', query: rule.query, rawQuery: true, resultFormat: 'time_series' },
          },
          {
            ...{ refId: 'B', datasourceUid: '__expr__', relativeTimeRange: { from: 0, to: 0 } },
            model: {
              ...{ refId: 'B', type: 'classic_conditions' },
              conditions: [
                {
                  type: 'query',
                  query: { params: ['A'] },
                  reducer: { type: 'last', params: [] },
                  operator: { type: 'and' },
                  evaluator: { type: rule.condition.type, params: [rule.condition.value] },
                },
              ],
            },
          },
        ],
      })),
    },
  ],
});
