import { z } from 'zod';
import { WORD_LEVELS, WORD_SCOPE, writtenEntry } from '../../../core/words.js';
import { idText, instant } from './common.js';
import type { RouteSpec } from './route.js';

const scopeText = z
  .string()
  .regex(WORD_SCOPE, 'hall, room:ID or session:ID')
  .describe('hall, room:ID, or session:ID of an evaluation');
const listQuery = z.strictObject({ scope: scopeText });
const written = z.array(writtenEntry).max(2000);

/** A word as its keeper sees it: what was written, how it is read, and what is unusual about it. */
export const wordRow = z.object({
  word: z.string(),
  level: z.enum(WORD_LEVELS),
  context: z.object({ words: z.array(z.string()), gap: z.int() }).optional(),
  allow: z.array(z.string()),
  negation: z.enum(['suppress', 'keep']),
  boost: z.number().optional(),
  threshold: z.number().optional(),
  pinyin: z.string().optional().describe('Only where somebody gave one'),
  scope: z
    .object({
      halls: z.array(z.string()).optional(),
      rooms: z.array(z.string()).optional(),
      sessions: z.array(z.string()).optional(),
    })
    .optional(),
  syllables: z.array(z.string()).describe('Toneless, as the word is read now'),
  polyphones: z.array(z.object({ character: z.string(), readings: z.array(z.string()) })),
  short: z.boolean().describe('Under three syllables and without a context: false alarms are likely'),
});

export const wordList = z.object({
  scope: z.string(),
  version: z.int().describe('0: nobody has written this list yet'),
  words: z.array(wordRow),
  versions: z.array(
    z.object({ version: z.int(), words: z.int(), note: z.string(), by: z.string(), createdAt: instant }),
  ),
});

/** What a list would have found in what was said. */
export const wordTrial = z.object({
  hours: z.number().describe('Hours of understood sound that were searched'),
  hits: z.int(),
  perHour: z.number().nullable().describe('null where nothing was understood'),
  engines: z.array(z.string()),
  byWord: z.array(z.object({ word: z.string(), hits: z.int() })),
  examples: z.array(
    z.object({
      room: z.string(),
      at: instant,
      word: z.string(),
      variant: z.string(),
      tier: z.string(),
      text: z.string(),
    }),
  ),
});

/** What people decided about the hits of a word. */
export const wordPrecision = z.object({
  word: z.string(),
  hits: z.int(),
  confirmed: z.int(),
  rejected: z.int(),
  undecided: z.int(),
  precision: z.number().nullable().describe('confirmed / (confirmed + rejected); null where nothing was decided'),
  low: z.number().nullable().describe('95 % interval (Wilson)'),
  high: z.number().nullable(),
});

export const wordRoutes = {
  listWordLists: {
    method: 'get',
    path: '/api/words',
    action: 'speech.read',
    summary: { zh: '敏感词表一览(仅评标督导)', en: 'The word lists, bid supervisors only' },
    response: z.object({
      items: z.array(
        z.object({
          scope: z.string(),
          name: z.string(),
          version: z.int(),
          words: z.int(),
          changedAt: instant.nullable(),
        }),
      ),
    }),
  },
  getWords: {
    method: 'get',
    path: '/api/words/list',
    action: 'speech.read',
    summary: { zh: '一张敏感词表', en: 'One word list with its versions' },
    query: listQuery,
    response: wordList,
  },
  putWords: {
    method: 'put',
    path: '/api/words/list',
    action: 'speech.write',
    summary: { zh: '保存敏感词表的新版本,立即生效', en: 'A new version of a list, in force at once' },
    body: z.strictObject({
      scope: scopeText,
      basedOn: z.int().min(0).describe('The version that was edited; 409 conflict where somebody was faster'),
      note: z.string().trim().max(500).default(''),
      words: written,
    }),
    response: wordList,
  },
  checkWords: {
    method: 'post',
    path: '/api/words/check',
    action: 'speech.write',
    summary: { zh: '检查词条:拼音、多音字、过短', en: 'How words are read, and what is unusual; nothing is saved' },
    body: z.strictObject({ words: written }),
    response: z.object({ words: z.array(wordRow) }),
  },
  tryWords: {
    method: 'post',
    path: '/api/words/try',
    action: 'speech.write',
    summary: { zh: '用以往转写试跑:每小时命中数', en: 'Try words on past transcripts: hits an hour' },
    body: z.strictObject({ words: written, room: idText.optional(), from: instant.optional(), to: instant.optional() }),
    response: wordTrial,
  },
  getWordPrecision: {
    method: 'get',
    path: '/api/words/precision',
    action: 'speech.read',
    summary: { zh: '各词准确率(按确认与驳回)', en: 'Precision of each word, from confirmed and rejected hits' },
    query: z.strictObject({ from: z.coerce.number().int().optional(), to: z.coerce.number().int().optional() }),
    response: z.object({ items: z.array(wordPrecision) }),
  },
  suggestBidders: {
    method: 'get',
    path: '/api/words/bidders',
    action: 'speech.read',
    summary: { zh: '由投标人名称生成词条', en: 'Words out of the bidders’ names of an evaluation; nothing is saved' },
    query: z.strictObject({ evaluation: idText }),
    response: z.object({ words: z.array(wordRow) }),
  },
} as const satisfies Record<string, RouteSpec>;
