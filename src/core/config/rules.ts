import { z } from 'zod';
import { duration, durationOr } from './fields.js';

/** Each field with its default value, for the hall's own rule; a window's override takes the bare fields instead. */
function withDefaults<F extends z.core.$ZodLooseShape, D extends { [K in keyof F]: z.core.input<F[K]> }>(
  fields: F,
  values: D,
): { [K in keyof F]: z.ZodPrefault<F[K]> } {
  const entries = Object.entries(fields).map(([key, field]) => [key, z.prefault(field as z.ZodType, values[key])]);
  return Object.fromEntries(entries) as { [K in keyof F]: z.ZodPrefault<F[K]> };
}

const absenceFields = {
  enabled: z.boolean().describe('是否启用 · Whether the rule runs'),
  absentAfter: duration.describe('离岗多久报警 · How long nobody may be seen before an alert'),
  inclusive: z.boolean().describe('恰好到时即报警 · Raise at exactly that long'),
  missGrace: duration.describe('看不到人多久才算离开 · Not seen for less than this is no absence at all'),
  returnHold: duration.describe(
    '连续在岗多久才算返回 · Presence shorter than this (a colleague walking through) resets nothing',
  ),
  minStaff: z.int().min(1).max(10).describe('窗口最少人数 · Staff needed at the window'),
  staleAfter: duration.describe('画面多久未更新即为未知 · Without a fresh look for this long the state is unknown'),
  tiers: z
    .array(duration)
    .describe('升级时限 · Further durations at which the same incident escalates, e.g. [30m, 60m, 4h]'),
  citizenWait: duration.describe(
    '群众等待多久提升优先级 · A citizen waiting this long makes the absence high priority',
  ),
};

/** Parameters of the absence rule. Every value is a default that a window may override. */
export const absenceRule = z.strictObject(
  withDefaults(absenceFields, {
    enabled: true,
    absentAfter: '15m',
    inclusive: true,
    missGrace: '20s',
    returnHold: '5s',
    minStaff: 1,
    staleAfter: '10s',
    tiers: [],
    citizenWait: '30s',
  }),
);

/** What one window does differently: only the keys that are written there. */
export const absenceOverride = z.strictObject(absenceFields).partial();

const deskFields = {
  enabled: z.boolean().describe('是否启用 · Whether the rule runs'),
  persistFor: duration.describe('持续多久才报警 · How long disorder must last'),
  samples: z.int().min(1).max(100).describe('判定所看的样本数 · Samples that are judged together'),
  samplesNeeded: z.int().min(1).max(100).describe('其中不合格的样本数 · How many of them must be in disorder'),
  rearmAfter: duration.describe('恢复多久后重新布防 · How long tidy before the next alert'),
  coveredShare: z
    .number()
    .min(0.01)
    .max(1)
    .describe('遮挡超过此比例即未知 · Covered by more than this share is unknown'),
  quietFor: duration.describe('桌面无活动多久才判定 · How long nothing may move over the desk before it is judged'),
};

/** Parameters of the desk rule. */
export const deskRule = z.strictObject(
  withDefaults(deskFields, {
    enabled: true,
    persistFor: '5m',
    samples: 10,
    samplesNeeded: 8,
    rearmAfter: '60s',
    coveredShare: 0.3,
    quietFor: '10s',
  }),
);

/** What one window does differently about its desk. */
export const deskOverride = z.strictObject(deskFields).partial();

export const sealedRoomRule = z.strictObject({
  enabled: z.boolean().default(true).describe('是否启用 · Whether the rule runs'),
  overCountFor: durationOr('3s').describe('人数超出名单多久报警 · Head count above the roster for this long raises'),
  unidentifiedFor: durationOr('60s').describe(
    '无法识别多久提示核实 · A person without a usable face for this long asks for a check',
  ),
  phoneFor: durationOr('3s').describe('使用手机多久报警 · A phone in use for this long raises'),
  emptyFor: durationOr('5m').describe('评标中无人多久提示 · An empty room in a running session for this long raises'),
  faces: z.boolean().default(true).describe('是否使用人脸核验 · Off leaves head count and time'),
});

export const speechRule = z.strictObject({
  enabled: z.boolean().default(true).describe('是否启用 · Whether the rule runs'),
  engine: z.enum(['auto', 'sherpa', 'builtin', 'none']).default('auto').describe('语音引擎 · Speech engine'),
  words: z.string().optional().describe('敏感词表文件 · Word list file'),
  mergeWithin: durationOr('30s').describe('同词合并时段 · Hits of one word within this span merge'),
});

/** Rules of the hall. Each is versioned by the hash of its parameters. */
export const rules = z.strictObject({
  absence: absenceRule.prefault({}),
  desk: deskRule.prefault({}),
  sealedRoom: sealedRoomRule.prefault({}),
  speech: speechRule.prefault({}),
});
