import { z } from 'zod';

/** Instants are UTC milliseconds everywhere in the API, durations are milliseconds, coverage is 0-1. */
export const instant = z.int();

export const idText = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/, 'not an id');
export const idParams = z.strictObject({ id: idText });

/** A note a person writes. Kept and returned as plain text, whatever it contains. */
export const noteText = z.string().trim().max(2000);
export const shortText = z.string().trim().min(1).max(200);

/** A polygon in fractions of the picture, clockwise, not closed; empty means "not drawn". */
export const polygon = z.array(z.tuple([z.number().min(0).max(1), z.number().min(0).max(1)])).max(64);

/** `[x1, y1, x2, y2]` in fractions of the picture. */
export const box = z.tuple([z.number(), z.number(), z.number(), z.number()]);
export const labelledBox = z.object({ box, label: z.string(), score: z.number() });

/** A list that is read in pages. */
export const paging = {
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(50),
};
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), total: z.int().describe('Matches before paging') });

/** A part of a page that another component supplies, or says honestly that it does not. */
export const sectionOf = <T extends z.ZodType>(data: T) =>
  z.discriminatedUnion('state', [
    z.object({ state: z.literal('ready'), data }),
    z.object({ state: z.literal('unavailable'), reason: z.string().describe('A stable code') }),
  ]);

export const done = z.object({ ok: z.literal(true) });

/** What became of an edit of the configuration. */
export const configEffect = z
  .enum(['reloaded', 'restart-needed'])
  .describe('已生效 or 重启后生效 · In force already, or after the next restart');

export const person = z.object({ id: z.string(), name: z.string() });

/** Every error answer. `code` is stable, `message` and `hint` are in the reader's language. */
export const errorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    fields: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('With code bad-input: what is wrong where'),
  }),
});
export type ErrorBody = z.output<typeof errorBody>;
