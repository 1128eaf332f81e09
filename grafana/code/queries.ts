import type { Query, VariableName } from './model.js';

/** Days and hours are the hall's own. */
const ZONE = "tz('Asia/Shanghai')";

/** Tag behind each variable. */
const TAGS: Record<VariableName, string> = {
  hall: 'site',
  area: 'area',
  department: 'department',
  window: 'window',
  room: 'room',
};

/** The condition of chosen variables and the time span. */
export const where = (variables: readonly VariableName[], more = ''): string =>
  [...variables.map((name) => `"${TAGS[name]}" =~ /^$${name}$/`), ...(more === '' ? [] : [more]), '$timeFilter'].join(
    ' AND ',
  );

interface Series {
  select: string;
  from: string;
  where: string;
  /** `$__interval`, `1h`, `1d`; none gives one row a group. */
  every?: string;
  by?: readonly string[];
  columns: readonly string[];
  alias?: string;
  refId?: string;
  fill?: string;
}

/** One table of several queries with the same groups. */
export const MERGED = [{ id: 'merge', options: {} }] as const;

/** A query over time. */
export function series({
  select,
  from,
  where: condition,
  every,
  by = [],
  columns,
  alias,
  refId = 'A',
  fill = 'none',
}: Series): Query {
  const groups = [...(every ? [`time(${every})`] : []), ...by.map((tag) => `"${tag}"`)];
  const grouped = groups.length > 0 ? ` GROUP BY ${groups.join(', ')}` : '';
  const filled = every ? ` fill(${fill})` : '';
  const query = `SELECT ${select} FROM "${from}" WHERE ${condition}${grouped}${filled} ${ZONE}`;
  return { refId, query, format: 'time_series', columns, ...(alias === undefined ? {} : { alias }) };
}

/** The same as a table: a row a group. */
export const tableOf = (spec: Series): Query => ({ ...series(spec), format: 'table' });

/** The newest rows as they are. */
export function rows({
  select,
  from,
  where: condition,
  limit,
  columns,
}: {
  select: string;
  from: string;
  where: string;
  limit: number;
  columns: readonly string[];
}): Query {
  const query = `SELECT ${select} FROM "${from}" WHERE ${condition} ORDER BY time DESC LIMIT ${limit} ${ZONE}`;
  return { refId: 'A', query, format: 'table', columns };
}

const present = 'sum("present_s")';
const absent = 'sum("absent_s")';
const unknown = 'sum("unknown_s")';

/** Minutes in which somebody should have been there: InfluxDB divides by zero to 0, and a Sunday is not one without coverage. */
export const SCHEDULED = '("present_s" > 0 OR "absent_s" > 0 OR "unknown_s" > 0)';
/** Minutes in which something was seen: a camera that was out for a day is not one of absence. */
export const SEEN = '("present_s" > 0 OR "absent_s" > 0)';

/** Observed of scheduled time, 0-1; asked `where` `SCHEDULED`. */
export const COVERAGE = `(${present} + ${absent}) / (${present} + ${absent} + ${unknown}) AS "coverage"`;
/** Present of observed time, 0-1; asked `where` `SEEN`. */
export const PRESENCE = `${present} / (${present} + ${absent}) AS "presence"`;
