import { AppError } from '../../core/errors.js';
import type { CameraId, SubjectId } from '../../core/ids.js';
import type { IncidentState } from '../../core/incident.js';
import type { Priority, RuleName } from '../../core/rule.js';
import type { EventMs } from '../../core/time.js';
import type { SqlValue } from './tables.js';

/** Which incidents; all that is given must hold. */
export interface IncidentFilter {
  rule?: RuleName;
  /** Any of these; an empty list matches none. */
  subjects?: readonly SubjectId[];
  camera?: CameraId;
  /** `active`: open or escalated. */
  state?: IncidentState | 'active';
  priority?: Priority;
  /** Any of these states of handling. */
  workflow?: readonly string[];
  /** `from <= start < to`. */
  from?: EventMs;
  to?: EventMs;
}

export interface IncidentPage {
  /** 1 to 1000. */
  limit: number;
  /** `next` of the page before. */
  cursor?: string;
}

export interface PageQuery {
  /** Asks for one row more than `limit`, which tells whether there is a next page. */
  sql: string;
  parameters: SqlValue[];
  limit: number;
  countSql: string;
  countParameters: SqlValue[];
}

const MOST = 1000;
const CURSOR = /^(\d{1,16})_([A-Za-z0-9_.-]{1,200})$/;

/** The SQL of a filtered page. Values are always parameters. @throws AppError `bad-input` for a bad cursor or limit */
export function pageQuery(filter: IncidentFilter, page: IncidentPage): PageQuery {
  if (!Number.isInteger(page.limit) || page.limit < 1 || page.limit > MOST) {
    throw new AppError('bad-input', `incident list: limit ${page.limit}: must be 1 to ${MOST}`);
  }
  const conditions = conditionsOf(filter);
  const where = (list: ReadonlyArray<readonly [string, SqlValue[]]>): string =>
    list.length > 0 ? ` WHERE ${list.map(([sql]) => sql).join(' AND ')}` : '';
  const paged = [...conditions, ...cursorCondition(page.cursor)];
  return {
    sql: `SELECT * FROM incidents${where(paged)} ORDER BY start DESC, id DESC LIMIT ?`,
    parameters: [...paged.flatMap(([, values]) => values), page.limit + 1],
    limit: page.limit,
    countSql: `SELECT count(*) AS n FROM incidents${where(conditions)}`,
    countParameters: conditions.flatMap(([, values]) => values),
  };
}

function conditionsOf(filter: IncidentFilter): Array<[string, SqlValue[]]> {
  const conditions: Array<[string, SqlValue[]]> = [];
  const equal = (column: string, value: SqlValue | undefined): void => {
    if (value !== undefined) conditions.push([`${column} = ?`, [value]]);
  };
  const anyOf = (column: string, values: readonly string[] | undefined): void => {
    if (values) conditions.push([`${column} IN (${values.map(() => '?').join(', ')})`, [...values]]);
  };
  equal('rule', filter.rule);
  anyOf('subject', filter.subjects);
  equal('camera', filter.camera);
  if (filter.state === 'active') conditions.push([`state <> 'ended'`, []]);
  else equal('state', filter.state);
  equal('priority', filter.priority);
  anyOf('workflow', filter.workflow);
  if (filter.from !== undefined) conditions.push(['start >= ?', [filter.from]]);
  if (filter.to !== undefined) conditions.push(['start < ?', [filter.to]]);
  return conditions;
}

function cursorCondition(cursor: string | undefined): Array<[string, SqlValue[]]> {
  if (cursor === undefined) return [];
  const match = CURSOR.exec(cursor);
  if (!match) throw new AppError('bad-input', `incident list: cursor ${JSON.stringify(cursor)}: not one of ours`);
  return [['(start, id) < (?, ?)', [Number(match[1]), match[2]!]]];
}
