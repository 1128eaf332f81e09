import { z } from 'zod';
import { durationOr, id, secretReference } from './fields.js';

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

export const influx = z.strictObject({
  url: z.string().regex(/^https?:\/\/[^@\s]+$/, 'http://HOST:PORT, without a password'),
  database: z.string().min(1).default('hallwatch'),
  credentials: id.optional(),
});

export const webhook = z.strictObject({
  name: id,
  url: z.string().regex(/^https?:\/\/[^@\s]+$/, 'http:// or https://, without a password'),
  secret: secretReference.describe('签名密钥 · Key of the HMAC-SHA-256 signature'),
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
