import { z } from 'zod';
import { FUZZY_CLASSES } from '../words.js';
import { duration, durationOr, timeOfDay } from './fields.js';

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
  lookEvery: duration.describe('多久看一次桌面 · How often the desk is looked at'),
  staleAfter: duration.describe('两次样本相隔超过此时长不计时 · Time between samples further apart counts for nothing'),
  inspectAt: z.array(timeOfDay).describe('固定检查时刻 · Fixed inspection times, e.g. ["08:45", "12:05", "17:35"]'),
  inspectFor: duration.describe('每次检查持续多久 · How long an inspection lasts'),
  inspectOnly: z.boolean().describe('仅在检查时刻判定 · Judge at inspection times only'),
  outsideHours: z.boolean().describe('非服务时间也判定 · Judge outside opening hours too'),
};

/** Parameters of the desk rule. */
export const deskRule = z.strictObject({
  ...withDefaults(deskFields, {
    enabled: true,
    persistFor: '5m',
    samples: 10,
    samplesNeeded: 8,
    rearmAfter: '60s',
    coveredShare: 0.3,
    quietFor: '10s',
    lookEvery: '30s',
    staleAfter: '90s',
    inspectAt: [],
    inspectFor: '10m',
    inspectOnly: false,
    outsideHours: true,
  }),
  standards: z
    .record(z.string(), z.string().min(1))
    .default({})
    .describe(
      '桌面标准文件夹,按窗口类型,"*" 为其余 · Folders with standard.yaml and pictures by window type; "*" is the rest',
    ),
});

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
  presenceFor: durationOr('3s').describe(
    '无评标而有人多久报警 · Somebody in a room without a session for this long raises',
  ),
  adjacentFor: durationOr('60s').describe('相邻就座多久报警 · Two experts side by side for this long raises'),
  minDistance: z
    .number()
    .min(0.1)
    .max(20)
    .default(1)
    .describe('最小间距(米) · Least distance of two experts in metres, where the floor is calibrated'),
  stayFor: durationOr('20m').describe(
    '休息区停留上限 · Longer in a corridor or lounge, or out of sight inside, raises',
  ),
  leftAfter: durationOr('2m').describe(
    '未画门区时多久未见视为离开 · Where no door is drawn: not seen for this long while watched is having left',
  ),
  staleAfter: durationOr('10s').describe(
    '画面多久未更新即为未知 · Without a fresh look for this long the state is unknown',
  ),
  clearAfter: durationOr('5s').describe('恢复多久才结束 · How long a condition must be over before its alert ends'),
  recheckEvery: durationOr('30s').describe(
    '人脸复核间隔 · How often the face of somebody already known is looked at again',
  ),
  faces: z.boolean().default(true).describe('是否使用人脸核验 · Off leaves head count and time'),
  faceLimit: z
    .number()
    .min(0.7)
    .max(0.9)
    .default(0.77)
    .describe(
      '人脸认定门槛。实测每次查看(认出/误认陌生人):0.70 100%/2.6%,0.74 99.9%/0.9%,0.78 99.6%/0.3%,0.80 99.3%/0%,0.84 97.9%/0%;其余为待核实 · From here a face is its candidate’s. Measured for one look (found, strangers accepted): 0.70 100, 2.6 %; 0.74 99.9, 0.9 %; 0.78 99.6, 0.3 %; 0.80 99.3, 0 %; 0.84 97.9, 0 %; the rest stays unidentified',
    ),
});

/** Staggered sign-in: what an evaluation says of when each category comes is judged with these. */
export const signInRule = z.strictObject({
  overlapFor: durationOr('2m').describe(
    '两类人员同时在签到处的允许时长 · Two categories may be at the entrance together this long',
  ),
  atEntrance: durationOr('60s').describe(
    '签到后视为仍在签到处的时长 · Whoever signed in is taken to be at the entrance for this long',
  ),
});

export const speechRule = z.strictObject({
  enabled: z.boolean().default(true).describe('是否启用 · Whether the rule runs'),
  engine: z.enum(['auto', 'sherpa', 'builtin', 'none']).default('auto').describe('语音引擎 · Speech engine'),
  processes: z.int().min(1).max(8).default(2).describe('语音进程数 · Processes over which the rooms are spread'),
  words: z
    .string()
    .optional()
    .describe(
      '初始敏感词表文件,此后在监督页上修改 · First word list, a file beside this one; edited on the board from then on',
    ),
  mergeWithin: durationOr('30s').describe('同词合并时段 · Hits of one word within this span merge'),
  fuzzy: z
    .array(z.enum(FUZZY_CLASSES))
    .default([...FUZZY_CLASSES])
    .describe(
      '近音类,三个音节起的词在转写中按近音比对:平翘舌 z-zh c-ch s-sh,鼻边音 n-l,f-h,前后鼻音 an-ang(含 ian、uan)en-eng in-ing;[] 为不按近音' +
        ' · Sounds that count as one in transcripts, for words of three syllables and more: initials z/zh, c/ch, s/sh, n/l, f/h; finals an/ang (ian, uan too), en/eng, in/ing; [] for none',
    ),
});

const phrases = (...usual: string[]) => z.array(z.string().min(1).max(20)).min(1).default(usual);

/** Polite phrases at windows. A window records citizens: it needs a notice that is named here. */
export const courtesyRule = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe('是否统计文明用语(默认关闭) · Whether polite phrases are counted; off by default'),
    notice: z
      .string()
      .max(500)
      .default('')
      .describe('现场录音告知的位置与内容(启用时必填) · Where the notice of recording hangs and what it says; needed'),
    greeting: phrases('您好', '你好').describe('问候语 · Said at the beginning'),
    farewell: phrases('再见', '请慢走', '慢走').describe('送别语 · Said at the end'),
    wait: phrases('请稍等', '请稍候', '请您稍等').describe('等候语 · Said where somebody waits'),
    within: durationOr('15s').describe('距开始与结束多久之内 · How near the beginning and the end'),
  })
  .refine(({ enabled, notice }) => !enabled || notice.trim() !== '', {
    path: ['notice'],
    message: 'a window records citizens: say where the notice hangs before this is enabled',
  });

/** Service sessions at windows, and what is counted in them. No alert comes from one session. */
export const serviceRule = z.strictObject({
  enabled: z.boolean().default(true).describe('是否统计服务时段 · Whether service sessions are made'),
  beginAfter: durationOr('20s').describe('群众在窗多久算一次服务 · A citizen with staff for this long is a session'),
  endAfter: durationOr('20s').describe('群众离开多久算结束 · Gone for this long ends it'),
  lostAfter: durationOr('10m').describe(
    '看不到多久即结束 · Nobody could tell for this long: it ends where it was last seen',
  ),
  smile: z
    .strictObject({
      enabled: z
        .boolean()
        .default(false)
        .describe('是否统计微笑(默认关闭) · Whether smiles are counted; off by default'),
      every: durationOr('5s').describe('多久看一次 · How often faces are looked at'),
    })
    .prefault({}),
});

/** Steps of a service with time bounds, from the queue system's events. */
export const processRule = z.strictObject({
  enabled: z.boolean().default(false).describe('是否启用(需排队系统) · Needs the queue system'),
  steps: z
    .array(
      z
        .strictObject({
          name: z.string().min(1).max(60).describe('环节名称 · Name'),
          from: z.string().min(1).max(40).describe('起始事件,如 call · Event it begins with'),
          to: z.string().min(1).max(40).describe('结束事件,如 end · Event it ends with'),
          atLeast: duration.optional().describe('下限 · Shorter is a finding'),
          atMost: duration.optional().describe('上限 · Longer is a finding'),
        })
        .refine((step) => step.atLeast !== undefined || step.atMost !== undefined, 'a step needs atLeast or atMost')
        .refine((step) => (step.atLeast ?? 0) <= (step.atMost ?? Number.POSITIVE_INFINITY), 'atLeast is above atMost'),
    )
    .max(6)
    .default([])
    .describe('环节时限,至多 6 个 · Steps with their bounds, 6 at most'),
});

/** Optional rules of a window, off by default: read in the documentation how well each was measured. */
export const phoneUseRule = z.strictObject({
  enabled: z
    .boolean()
    .default(false)
    .describe('工作人员使用手机(未测准确率,默认关闭) · Accuracy not measured; off by default'),
  useFor: durationOr('60s').describe('使用多久提示 · Use for this long raises'),
  every: durationOr('10s').describe('多久看一次 · How often it is looked for'),
});
export const sleepingRule = z.strictObject({
  enabled: z.boolean().default(false).describe('在岗睡觉(未测准确率,默认关闭) · Accuracy not measured; off by default'),
  stillFor: durationOr('5m').describe('低头不动多久提示 · Head down and still for this long raises'),
});

/** Rules of the hall. Each is versioned by the hash of its parameters. */
export const rules = z.strictObject({
  absence: absenceRule.prefault({}),
  desk: deskRule.prefault({}),
  sealedRoom: sealedRoomRule.prefault({}),
  signIn: signInRule.prefault({}),
  speech: speechRule.prefault({}),
  courtesy: courtesyRule.prefault({}),
  service: serviceRule.prefault({}),
  process: processRule.prefault({}),
  phoneUse: phoneUseRule.prefault({}),
  sleeping: sleepingRule.prefault({}),
});
