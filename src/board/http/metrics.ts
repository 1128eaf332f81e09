import type { RequestListener } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { memoryUsage } from 'node:process';
import type { AlertsLedger } from '../ledgerPort.js';
import type { SystemPort } from '../ports.js';
import type { EventStream } from './eventStream.js';

/** Counts answers by their status class. */
export interface RequestCounter {
  count(status: number): void;
  lines(): string[];
}

/** Makes the counter. */
export function requestCounter(): RequestCounter {
  const counts = new Map<string, number>();
  return {
    count(status) {
      const family = `${Math.floor(status / 100)}xx`;
      counts.set(family, (counts.get(family) ?? 0) + 1);
    },
    lines: () =>
      metric('hallwatch_board_requests_total', 'counter', 'Answers of the board by status class', [
        ...[...counts].map(([family, n]) => [`{status="${family}"}`, n] as const),
      ]),
  };
}

/** One metric in the Prometheus text format, version 0.0.4. Labels come with their braces. */
export function metric(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  values: ReadonlyArray<readonly [labels: string, value: number]>,
): string[] {
  if (values.length === 0) return [];
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...values.map(([labels, n]) => `${name}${labels} ${n}`)];
}

export interface MetricsDeps {
  ledger: Pick<AlertsLedger, 'lastSeq' | 'openIncidents' | 'outbox'>;
  system: SystemPort;
  events: EventStream;
  requests: RequestCounter;
}

/** The metrics page. It names no person and is served on loopback only. Returns also how to stop measuring. */
export function metricsPage(deps: MetricsDeps): { handler: RequestListener; close(): void } {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const page = (): string => `${[...linesOf(deps, delay.percentile(99) / 1e9)].join('\n')}\n`;
  return {
    handler(request, response) {
      if (request.url !== '/metrics') return void response.writeHead(404).end();
      response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }).end(page());
    },
    close: () => void delay.disable(),
  };
}

function linesOf({ ledger, system, events, requests }: MetricsDeps, loopDelayS: number): string[] {
  const { clients, dropped } = events.stats();
  const depths = system.sinks.map((name) => [`{sink="${name}"}`, ledger.outbox.depth(name).depth] as const);
  return [
    ...metric('hallwatch_ledger_seq', 'counter', 'Alert steps in the ledger', [['', ledger.lastSeq()]]),
    ...metric('hallwatch_incidents_open', 'gauge', 'Incidents that have not ended', [
      ['', ledger.openIncidents().length],
    ]),
    ...metric('hallwatch_outbox_depth', 'gauge', 'Messages waiting for a sink', depths),
    ...metric('hallwatch_event_clients', 'gauge', 'Browsers on the live stream', [['', clients]]),
    ...metric('hallwatch_event_clients_dropped_total', 'counter', 'Browsers dropped for reading too slowly', [
      ['', dropped],
    ]),
    ...requests.lines(),
    ...metric('process_resident_memory_bytes', 'gauge', 'Resident memory', [['', memoryUsage().rss]]),
    ...metric('nodejs_eventloop_lag_p99_seconds', 'gauge', 'Event loop delay, p99 since the start', [['', loopDelayS]]),
    ...(system.metrics?.() ?? []),
  ];
}
