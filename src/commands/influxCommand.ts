import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { openLedger } from '../alerts/ledger/openLedger.js';
import type { AlertSink } from '../alerts/outbox/alertSink.js';
import { influxSink } from '../alerts/sinks/influxSink.js';
import { systemClock } from '../core/clock.js';
import { loadConfig } from '../core/config/load.js';
import { AppError } from '../core/errors.js';
import { makeLogger } from '../core/log.js';
import type { OutboxRow } from '../core/sink.js';
import { type EventMs, eventMs, parseInstant } from '../core/time.js';
import { credentialsOf } from '../pipeline/openSinks.js';
import { siteFacts } from '../pipeline/siteFacts.js';
import { replayRows } from '../reports/influxReplay.js';
import { monthSource } from '../reports/month/source.js';
import { configPathOrSimulated } from './configPath.js';
import { printJson, printLine, printNote } from './output.js';

interface ReplayFlags {
  config?: string;
  from: string;
  to: string;
  json?: boolean;
}

/** `influx replay`: fills InfluxDB again from the ledger. */
export function addInfluxCommand(program: Command): void {
  program
    .command('influx')
    .description('时序库 · the time series database')
    .command('replay')
    .requiredOption('--from <instant>', 'e.g. 2026-10-01T00:00:00+08:00')
    .requiredOption('--to <instant>', 'not included')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print one JSON line')
    .description('由账本重建一段数据,可重复执行 · rebuild a span from the ledger; running it twice changes nothing')
    .action(replay);
}

async function replay(flags: ReplayFlags): Promise<void> {
  const config = loadConfig(configPathOrSimulated(flags.config).path, process.env);
  if (!config.influx) {
    throw new AppError('usage', 'influx replay: no database is configured', {
      hint: 'write its address under `influx`',
    });
  }
  const [from, to] = [parseInstant(flags.from, '--from'), parseInstant(flags.to, '--to')];
  if (to <= from) throw new AppError('usage', 'influx replay: --to is not after --from');
  const log = makeLogger({ level: 'warn' });
  const credentials = credentialsOf(config, config.influx.credentials, process.env);
  const sink = influxSink({
    ...config.influx,
    clock: systemClock,
    ...(credentials ? { credentials } : { credentials: undefined }),
  });
  const ledger = openLedger(join(resolve(config.storage.data), 'ledger.sqlite'), {
    clock: systemClock,
    log,
    backupEveryMs: 0,
    reserveBytes: 0,
  });
  try {
    const asOf: EventMs = eventMs(systemClock.now());
    const source = monthSource({ ledger, config, asOf });
    const until = eventMs(Math.min(to, asOf));
    const counts = await sendAll(replayRows({ source, ledger, facts: siteFacts(config), from, to: until }), sink);
    if (flags.json) printJson({ type: 'replay', ...counts });
    else printLine(`${counts.written} points written, ${counts.refused} refused`);
    if (counts.refused > 0) process.exitCode = 1;
  } finally {
    await ledger.close();
    await sink.close();
  }
}

async function sendAll(rows: Iterable<OutboxRow>, sink: AlertSink): Promise<{ written: number; refused: number }> {
  const counts = { written: 0, refused: 0 };
  let batch: OutboxRow[] = [];
  const send = async (): Promise<void> => {
    for (let left = batch; left.length > 0; ) {
      const { accepted, rejected, retry } = await sink.deliver(left, new AbortController().signal);
      counts.written += accepted.length;
      counts.refused += rejected.length;
      for (const { reason } of rejected.slice(0, 3)) printNote(`hallwatch: refused: ${reason}`);
      const again = new Set(retry);
      if (again.size === left.length) throw new AppError('unreachable', 'influx replay: nothing could be written');
      left = left.filter(({ id }) => again.has(id));
    }
    batch = [];
  };
  for (const row of rows) {
    batch.push(row);
    if (batch.length >= sink.batchSize) await send();
  }
  await send();
  return counts;
}
