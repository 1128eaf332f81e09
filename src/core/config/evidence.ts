import { z } from 'zod';
import { durationOr, id } from './fields.js';

/** What is recorded. */
export const recording = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe('是否录像;关闭后告警只有截图 · Whether cameras are recorded; without it alerts have pictures only'),
  windows: z
    .enum(['ring', 'continuous', 'off'])
    .default('ring')
    .describe('窗口摄像机:ring 只留最近一段,continuous 连续录像 · Window cameras: the last minutes only, or all of it'),
  rooms: z
    .enum(['session', 'continuous', 'off'])
    .default('session')
    .describe(
      '评标室摄像机:session 评标全程录像,其余只留最近一段 · Room cameras: evaluations whole and with sound, else the last minutes',
    ),
  ringFor: durationOr('10m').describe('最近一段的长度 · How much the ring holds'),
  exclude: z.array(id).default([]).describe('不录像的摄像机 · Cameras that are not recorded'),
});

const days = (text: string, what: string) => durationOr(text).describe(what);

/** How proof is made, how long it stays, and what a full disk may take. */
export const evidence = z.strictObject({
  clipBefore: durationOr('10s').describe('告警前多久的录像 · Recording kept from before an alert'),
  clipAfter: durationOr('10s').describe('告警后多久的录像 · and from after it'),
  blurExports: z
    .boolean()
    .default(true)
    .describe('导出图片时对群众打码 · Blur the public in pictures that leave the board'),
  digest: z
    .enum(['sha256', 'sm3'])
    .default('sha256')
    .describe('清单链的杂凑算法 · Hash of the manifest chain (files always carry SHA-256 too)'),
  signature: z.enum(['ed25519', 'sm2']).default('ed25519').describe('清单签名算法 · Signature of the manifest'),
  keyFile: z
    .string()
    .min(1)
    .optional()
    .describe(
      '站点签名密钥文件,须在数据目录之外 · Site key, outside the data folder; made at first use (default: ~/.local/share/hallwatch/keys/SITE.pem)',
    ),
  keep: z
    .strictObject({
      hall: days('30d', '大厅连续录像 · Continuous recordings of the hall').refine(
        (ms) => ms >= 30 * 86_400_000 && ms <= 90 * 86_400_000,
        'hall recordings are kept 30 to 90 days',
      ),
      evidence: days('365d', '告警证据 · Evidence of alerts'),
      session: days('5479d', '评标全程资料(15 年) · Bid evaluations, 15 years'),
    })
    .prefault({}),
  disk: z
    .strictObject({
      shedBelow: z
        .number()
        .min(0.01)
        .max(0.5)
        .default(0.05)
        .describe('剩余低于此比例开始清理 · Free share of the disk below which recordings go'),
      shedUntil: z.number().min(0.01).max(0.6).default(0.08).describe('清理到此比例为止 · and until it is this again'),
      shed: z
        .array(z.enum(['ring', 'hall', 'evidence']))
        .default(['ring', 'hall'])
        .describe('磁盘满时可提前清理的类别 · Classes that a full disk may take before their time'),
      warnHours: z
        .number()
        .min(1)
        .max(720)
        .default(24)
        .describe('预计剩余小时数低于此值告警 · Warn when the disk lasts fewer hours than this'),
    })
    .refine(({ shedBelow, shedUntil }) => shedBelow < shedUntil, {
      message: 'shedUntil must be above shedBelow',
      path: ['shedUntil'],
    })
    .prefault({}),
});
