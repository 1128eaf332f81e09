import type { Request, Response } from 'express';
import type { Language } from '../../core/i18n/translate.js';
import type { AccessObject, Principal } from '../access/objects.js';
import type { OpenSession } from '../accounts/sessions.js';
import type { RawResponse } from '../api/contract/route.js';
import type { AnswerOf, BodyOf, ParamsOf, QueryOf, RouteName, Routes } from '../api/contract.js';

/** Who calls, before it is known what is asked. */
export interface Caller {
  principal: Principal;
  /** Only with a cookie. */
  session: OpenSession | undefined;
  language: Language;
  /** Network address, for the audit log. */
  address: string;
}

/** One parsed and authorized call. */
export interface Call<R extends RouteName> extends Caller {
  params: ParamsOf<R>;
  query: QueryOf<R>;
  body: BodyOf<R>;
  object: AccessObject;
  /** The policy wants a line in the viewing register first. */
  needsReason: boolean;
  /** Fires when the client goes away. */
  signal: AbortSignal;
  request: Request;
  /** For headers only, in JSON routes. */
  response: Response;
}

type JsonHandler<R extends RouteName> = (call: Call<R>) => AnswerOf<R> | Promise<AnswerOf<R>>;
/** Writes the answer itself. */
type RawHandler<R extends RouteName> = (call: Call<R>) => void | Promise<void>;

/** How a route is answered. */
export interface Handler<R extends RouteName> {
  /** What the call is about; default: nothing in particular. @throws ApiError not-found */
  object?: (params: ParamsOf<R>) => AccessObject;
  handle: Routes[R]['response'] extends RawResponse ? RawHandler<R> : JsonHandler<R>;
}

export type Handlers = { [R in RouteName]: Handler<R> };
/** The handlers of one area of the contract. */
export type HandlersOf<T> = { [R in keyof T & RouteName]: Handler<R> };
