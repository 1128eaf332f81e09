import { z } from 'zod';
import { daySpan, durationOr, id, secretReference } from './fields.js';

export const mqtt = z.strictObject({
  enabled: z.boolean().default(true),
  url: z
    .string()
    .regex(/^mqtts?:\/\/[^@\s]+$/, 'mqtt://HOST:PORT or mqtts://HOST:PORT, without a password')
    .optional()
    .describe('外部消息服务器,不填则使用内置 · Broker; none means the embedded one'),
  credentials: id.optional(),
  embedded: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      port: z.int().min(0).max(65535).default(1883).describe('0 选空闲端口 · 0 takes a free port'),
    })
    .prefault({}),
});

const influxSpan = z.string().regex(/^(\d+[hdw]|INF)$/, 'a whole number of h, d or w, such as 400d, or INF');

export const influx = z.strictObject({
  url: z.string().regex(/^https?:\/\/[^@\s]+$/, 'http://HOST:PORT, without a password'),
  database: z.string().min(1).default('hallwatch'),
  credentials: id.optional(),
  rollUps: z
    .boolean()
    .default(true)
    .describe(
      '建立保留策略与按小时汇总(仅 1.x;不允许时跳过) · Make retention policies and hourly roll-ups where allowed',
    ),
  keepRaw: influxSpan.optional().describe('原始数据保留时间,不填则不改 · How long every point is kept, e.g. 400d'),
  keepHourly: influxSpan.default('INF').describe('小时汇总保留时间 · How long the roll-ups are kept'),
});

export const webhook = z.strictObject({
  name: id,
  url: z.string().regex(/^https?:\/\/[^@\s]+$/, 'http:// or https://, without a password'),
  secret: secretReference.describe('签名密钥 · Key of the HMAC-SHA-256 signature'),
});

/** A group of people, or a system that acts for them, who are told of what concerns them. */
export const channel = z
  .strictObject({
    name: id,
    type: z
      .enum(['wecom', 'dingtalk', 'webhook'])
      .describe(
        '企业微信群机器人、钉钉群机器人、通用 JSON · Group robot of WeCom or DingTalk, or signed JSON as `webhooks`',
      ),
    url: secretReference.describe('地址(群机器人的地址含密钥) · Address; that of a robot holds a key'),
    secret: secretReference
      .optional()
      .describe('钉钉加签密钥,或通用签名密钥 · Key of the signature; webhook needs one'),
    for: z
      .array(z.enum(['hall-supervisor', 'bid-supervisor', 'manager', 'admin']))
      .min(1)
      .describe(
        '群成员的角色:大厅督导(窗口)、评标督导(评标室、敏感词)、管理者、管理员(设备) · Roles of those who read it; they decide what it is told',
      ),
    priorities: z
      .array(z.enum(['normal', 'high']))
      .min(1)
      .default(['normal', 'high'])
      .describe('告警级别 · Priorities that are told'),
    steps: z
      .array(z.enum(['open', 'escalated', 'ended']))
      .min(1)
      .default(['open', 'escalated'])
      .describe('发生、升级、结束 · Steps that are told'),
    deadlines: z
      .boolean()
      .default(true)
      .describe(
        '处置超时是否催办(首次告知督导,再次起告知管理者) · Tells of handling that is late: supervisors first, managers from the second time',
      ),
    quietHours: z
      .array(daySpan)
      .default([])
      .describe(
        '免打扰时段(跨夜写两段),结束后补发 · Nothing is sent then, it follows afterwards; two spans for a night',
      ),
    urgentAlways: z.boolean().default(true).describe('优先告警不受免打扰限制 · High priority breaks the quiet'),
  })
  .refine(({ type, secret }) => type !== 'webhook' || secret !== undefined, {
    message: 'a webhook needs a secret for its signature',
    path: ['secret'],
  });

export const board = z.strictObject({
  host: z.string().default('0.0.0.0').describe('监听地址 · Address to listen on'),
  port: z.int().min(0).max(65535).default(8080).describe('端口;HALLWATCH_PORT 优先 · Port; HALLWATCH_PORT wins'),
  publicUrl: z
    .string()
    .regex(/^https?:\/\/[^/@\s]+\/?$/, 'of the form https://HOST')
    .optional()
    .describe('代理终止 TLS 时的对外地址 · Address people use where a proxy ends TLS in front'),
  metricsPort: z
    .int()
    .min(0)
    .max(65535)
    .optional()
    .describe('Prometheus 指标端口(仅本机) · Loopback port of /metrics; none where absent'),
});

export const storage = z.strictObject({
  data: z.string().default('./var').describe('数据目录;HALLWATCH_DATA 优先 · Data folder; HALLWATCH_DATA wins'),
  keepObservations: durationOr('400d')
    .refine((ms) => ms >= 62 * 86_400_000, 'observations are kept 62 days at least')
    .describe(
      '原始观测保留时间;到期按月删除,仅限已冻结的月份,告警前后的观测一直保留 · Raw observations; whole months go, only frozen ones, and never what explains an incident',
    ),
});

export const inference = z.strictObject({
  backend: z
    .enum(['auto', 'onnxruntime', 'tfjs-wasm', 'tfjs-node'])
    .default('auto')
    .describe('推理后端 · auto takes the fastest that is installed'),
  workers: z.int().min(1).max(16).default(1).describe('推理线程数 · Inference workers'),
  minScore: z.number().min(0.05).max(0.95).default(0.2).describe('人员置信度下限 · Least score of a person'),
});

export const ingest = z.strictObject({
  offlineAfter: durationOr('10s').describe('多久无画面算离线 · No frame for this long is offline'),
  sparseKeyframes: durationOr('4s').describe(
    '关键帧间隔超过此值则全解码 · Rarer key frames make the camera decoded fully',
  ),
});
