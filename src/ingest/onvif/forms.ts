import { z } from 'zod';

/** The first of a list of XML nodes, which must be of this form. Further ones are passed over. */
export const one = <T extends z.ZodType>(form: T) =>
  z
    .array(z.unknown())
    .min(1)
    .transform((nodes) => nodes[0])
    .pipe(form);
