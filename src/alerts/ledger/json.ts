/** What JSON can say. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
export interface JsonObject {
  [key: string]: JsonValue;
}

/** Text of an optional value for a nullable column. */
export const toColumn = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

/** The value behind a nullable JSON column. Written by `toColumn` only, so its shape is the writer's. */
export const fromColumn = <T>(text: string | null): T | undefined =>
  text === null ? undefined : (JSON.parse(text) as T);

/** `undefined` for SQL's NULL. */
export const orUndefined = <T>(value: T | null): T | undefined => (value === null ? undefined : value);
