import type { z } from 'zod';
import type { Action } from '../../access/actions.js';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** A text in both languages of the product. */
export interface Summary {
  zh: string;
  en: string;
}

/** Bytes or a stream instead of a JSON answer. */
export interface RawResponse {
  raw: 'image/jpeg' | 'video/mp4' | 'text/event-stream' | 'text/csv' | 'application/octet-stream';
}

/**
 * One route as data. The server, the OpenAPI description, the policy test and the front end all read this table, so
 * that none of them can drift from the others.
 */
export interface RouteSpec {
  method: Method;
  /** Express path; parameters as `:name`. */
  path: `/api/${string}`;
  /** What `authorize` is asked before the handler runs. */
  action: Action;
  summary: Summary;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  response: z.ZodType | RawResponse;
}

/** True for a route that answers with bytes. */
export const isRaw = (response: RouteSpec['response']): response is RawResponse => 'raw' in response;
