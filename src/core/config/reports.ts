import { z } from 'zod';
import { timeOfDay } from './fields.js';

/** The monthly report: who issues it, how it is numbered, where it goes. */
export const reports = z.strictObject({
  office: z.string().default('').describe('发文单位,不填用站点名称 · Issuing office; the site name where empty'),
  number: z
    .string()
    .default('')
    .describe('发文字号,{year} {month} 会被替换 · Document number, e.g. 海政督〔{year}〕{month}号; none where empty'),
  signatory: z.string().default('').describe('签发人 · Who signs it'),
  font: z
    .string()
    .optional()
    .describe(
      '中文字体文件(ttf、otf、ttc),不填自动查找 · Font file with Chinese glyphs for PDF; searched where absent',
    ),
  scheduled: z
    .boolean()
    .default(true)
    .describe('每月首个工作日自动生成并通知 · Made, kept and announced on the first working day of each month'),
  at: timeOfDay.default('08:30').describe('自动生成的时间 · Time of day of the scheduled report'),
});
