import { z } from 'zod';
import { zone } from '../../core/config/fields.js';
import type { Polygon } from '../../core/geometry.js';
import { COCO_LABELS } from '../persons/cocoLabels.js';
import { classesOf, FORBIDDEN_BY_DEFAULT, MOST_BY_DEFAULT } from './deskKinds.js';

/** Score from which a thing is proof by itself; see the table in the README. */
const MIN_SCORE = 0.35;

const itemFields = z.strictObject({
  item: z
    .string()
    .min(1)
    .describe('物品:COCO 类名、中文名或 food / bag · What: a COCO class, a Chinese name, food or bag'),
  name: z.string().min(1).optional().describe('本厅叫法 · What the hall calls it'),
  max: z.int().min(0).max(99).optional().describe('最多几件 · How many may be there'),
  places: z.array(zone).default([]).describe('允许位置(多边形) · Where it may stand, fractions of the picture'),
  minScore: z.number().min(0.1).max(0.95).optional().describe('置信度下限 · Least score to count as seen'),
});
const item = z.union([
  z
    .string()
    .min(1)
    .transform((name) => itemFields.parse({ item: name })),
  itemFields,
]);

/** `standard.yaml`: a desk standard as a hall writes it. Every key has a default; an empty file is a standard too. */
export const standardSchema = z.strictObject({
  version: z.union([z.string(), z.number()]).default('1').transform(String).describe('版本 · Version'),
  name: z.string().default('').describe('名称 · Name'),
  required: z.array(item).default([]).describe('必备物品 · Must be there'),
  forbidden: z.array(item).default([]).describe('禁放物品 · Must not be there'),
  allowed: z.array(item).default([]).describe('可放物品 · May be there, with max and places'),
  defaults: z
    .boolean()
    .default(true)
    .describe('未写明的物品按默认 · Whether food, bags and a second cup are judged though not listed'),
  clutter: z
    .strictObject({
      enabled: z.boolean().default(true),
      limit: z.number().min(0.2).max(10).default(1).describe('杂乱上限 · 1 is the measured limit; higher allows more'),
    })
    .prefault({})
    .describe('杂乱程度 · Many loose things'),
  difference: z
    .strictObject({
      enabled: z.boolean().default(true),
      minArea: z.number().min(0.2).max(100).default(1.5).describe('差异面积下限(%) · Least area, percent of the desk'),
      limit: z.number().min(0.1).max(1).default(0.5).describe('差异程度 · How unlike a cell must be'),
    })
    .prefault({})
    .describe('与参考图的差异 · Difference from the reference pictures'),
});

/** What is asked of one kind of thing. */
export interface ItemRule {
  /** COCO classes; a thing of any of them counts. */
  classes: readonly string[];
  /** What people read. */
  name: string;
  rule: 'required' | 'forbidden' | 'allowed';
  /** Only with `allowed`: how many may be there; any number where absent. */
  max?: number;
  /** Where it may stand; anywhere where empty. */
  places: readonly Polygon[];
  /** 0-1. */
  minScore: number;
}

/** A standard ready to judge by. */
export interface DeskStandard {
  version: string;
  name: string;
  items: readonly ItemRule[];
  clutter: { enabled: boolean; limit: number };
  difference: { enabled: boolean; minArea: number; limit: number };
}

/** A name in a standard that no class answers to. `path` is its place in the file. */
export interface UnknownItem {
  path: (string | number)[];
  name: string;
}

type Written = z.output<typeof standardSchema>;

/** Builds the standard from what was written. What the hall says of a kind of thing wins over the defaults for it. */
export function buildStandard(written: Written): { standard: DeskStandard; unknown: UnknownItem[] } {
  const unknown: UnknownItem[] = [];
  const items = (['required', 'forbidden', 'allowed'] as const).flatMap((rule) =>
    written[rule].flatMap(({ item: kind, name, max, places, minScore = MIN_SCORE }, i): ItemRule[] => {
      const classes = classesOf(kind, COCO_LABELS);
      if (classes) {
        return [{ classes, name: name ?? kind, rule, places, minScore, ...(max === undefined ? {} : { max }) }];
      }
      unknown.push({ path: [rule, i], name: kind });
      return [];
    }),
  );
  const said = new Set(items.flatMap(({ classes }) => classes));
  const defaults = written.defaults ? defaultItems(said) : [];
  const { version, name, clutter, difference } = written;
  return { standard: { version, name, items: [...items, ...defaults], clutter, difference }, unknown };
}

function defaultItems(said: ReadonlySet<string>): ItemRule[] {
  const base = { places: [], minScore: MIN_SCORE };
  const forbidden = FORBIDDEN_BY_DEFAULT.filter((name) => !said.has(name)).map(
    (name): ItemRule => ({ ...base, classes: [name], name, rule: 'forbidden' }),
  );
  const limited = Object.entries(MOST_BY_DEFAULT)
    .filter(([name]) => !said.has(name))
    .map(([name, max]): ItemRule => ({ ...base, classes: [name], name, rule: 'allowed', max }));
  return [...forbidden, ...limited];
}

/** The standard of a hall that has written none. */
export const defaultStandard = (): DeskStandard => buildStandard(standardSchema.parse({})).standard;
