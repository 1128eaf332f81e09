import express, { type Request, type Response } from 'express';
import type { z } from 'zod';
import { ApiError } from './apiError.js';

/** Largest body in bytes. */
export const LARGEST_BODY = 1024 * 1024;

const readJson = express.json({ limit: LARGEST_BODY, strict: true, type: 'application/json' });

/**
 * Reads a JSON body of at most 1 MiB. It is called only after the caller was let in, so that strangers cannot make the
 * server parse.
 * @throws ApiError too-large, bad-input
 */
export async function readBody(request: Request, response: Response): Promise<unknown> {
  if (!request.is('application/json')) {
    throw new ApiError('bad-input', { fields: [{ path: 'Content-Type', message: 'application/json' }] });
  }
  await new Promise<void>((resolve, reject) => {
    readJson(request, response, (error?: unknown) => (error ? reject(error) : resolve()));
  });
  return request.body;
}

/** Parses foreign input, or says what is wrong where. @throws ApiError bad-input */
export function parseWith(schema: z.ZodType | undefined, input: unknown): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.slice(0, 20).map((issue) => ({
    path: issue.path.join('.'),
    message: issue.message,
  }));
  throw new ApiError('bad-input', { fields });
}
