import { messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import type { InfluxClient } from './influxClient.js';

/** How long the server keeps what. InfluxQL durations such as `400d`; `INF` for ever. */
export interface InfluxRetention {
  /** Every point, in the database's own policy `autogen`. Undefined leaves it as the administrator set it. */
  raw: string | undefined;
  hourly: string;
}

/** Roll-ups by hour: the measurement, and its fields with how they are summed. Months never come from these. */
const ROLL_UPS: ReadonlyArray<readonly [measurement: string, fields: string]> = [
  [
    'observation',
    'sum("present_s") AS "present_s", sum("absent_s") AS "absent_s", sum("unknown_s") AS "unknown_s", sum("exempt_s") AS "exempt_s"',
  ],
  ['alert', 'sum("count") AS "count", max("duration_s") AS "duration_s"'],
  ['camera_health', 'min("up") AS "up", max("findings") AS "findings"'],
];

const HOURLY = 'hourly';

/** Statements that make the retention policies and the roll-ups; each may be run again. `database` is quoted. Pure. */
export function schemaStatements(database: string, { raw, hourly }: InfluxRetention): string[] {
  const db = quoted(database);
  return [
    ...(raw === undefined ? [] : [`ALTER RETENTION POLICY "autogen" ON ${db} DURATION ${raw}`]),
    `CREATE RETENTION POLICY "${HOURLY}" ON ${db} DURATION ${hourly} REPLICATION 1`,
    ...ROLL_UPS.map(
      ([measurement, fields]) =>
        // Two hours back at each run: points that were late are in the next one.
        `CREATE CONTINUOUS QUERY "cq_${measurement}_1h" ON ${db} RESAMPLE EVERY 1h FOR 3h BEGIN SELECT ${fields} INTO ${db}."${HOURLY}"."${measurement}_1h" FROM ${db}."autogen"."${measurement}" GROUP BY time(1h), * END`,
    ),
  ];
}

const quoted = (name: string): string => `"${name.replace(/["\\]/g, (sign) => `\\${sign}`)}"`;

/**
 * Makes policies and roll-ups where the server lets us. A server that does not (InfluxDB 2 and 3 have none of these in their
 * 1.x interface, a user may lack the right) loses nothing but the roll-ups: said once, never a reason to hold points back.
 */
export async function prepareSchema(
  client: Pick<InfluxClient, 'run'>,
  options: { database: string; retention: InfluxRetention; log: Logger },
): Promise<'ready' | 'skipped'> {
  for (const statement of schemaStatements(options.database, options.retention)) {
    try {
      await client.run(statement);
    } catch (error) {
      // A policy that stands with another duration was set by the administrator.
      if (/already exists/i.test(messageOf(error))) continue;
      options.log.warn({ error: messageOf(error) }, 'influx: retention policies and hourly roll-ups left out');
      return 'skipped';
    }
  }
  return 'ready';
}
