import { statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { Clock } from '../../core/clock.js';
import type { systemRoutes } from '../api/contract/system.js';
import type { AnswerOf } from '../api/contract.js';
import type { ConfigFile } from '../configEdit/configFile.js';
import type { HandlersOf } from '../http/call.js';
import type { EventStream } from '../http/eventStream.js';
import type { BoardLedger } from '../ledgerPort.js';
import type { SystemPort } from '../ports.js';

export interface SystemAreaDeps {
  ledger: Pick<BoardLedger, 'lastSeq' | 'incidents' | 'outbox' | 'diskFull'>;
  system: SystemPort;
  events: EventStream;
  configFile: ConfigFile;
  clock: Clock;
  version: string;
  startedAt: number;
  dataFolder: string;
  /** The ledger's file, for its size; undefined where it is in memory. */
  ledgerFile: string | undefined;
}

type Status = AnswerOf<'getStatus'>;
/** A queue whose oldest row has waited this long is behind. */
const BEHIND_MS = 60_000;

/** How the service itself is doing. */
export function systemArea(deps: SystemAreaDeps): HandlersOf<Pick<typeof systemRoutes, 'getStatus' | 'listModels'>> {
  const { ledger, system, events, configFile, clock } = deps;
  return {
    getStatus: {
      async handle() {
        return {
          version: deps.version,
          startedAt: deps.startedAt,
          now: clock.now(),
          configRestartNeeded: configFile.restartNeeded,
          sinks: system.sinks.map((name) => sinkStatus(name, deps)),
          disk: await diskOf(deps.dataFolder),
          ledger: {
            seq: ledger.lastSeq(),
            incidents: ledger.incidents.count({}),
            bytes: sizeOf(deps.ledgerFile),
            diskFull: ledger.diskFull,
          },
          events: events.stats(),
        };
      },
    },
    listModels: {
      handle: () =>
        system.models ? { state: 'ready', data: system.models() } : { state: 'unavailable', reason: 'no-models' },
    },
  };
}

function sinkStatus(name: string, { ledger, system, clock }: SystemAreaDeps): Status['sinks'][number] {
  const { depth, oldestAt } = ledger.outbox.depth(name);
  const behind = oldestAt !== undefined && clock.now() - oldestAt > BEHIND_MS;
  return {
    name,
    depth,
    oldestAt: oldestAt ?? null,
    quarantined: ledger.outbox.quarantined(name).length,
    state: system.sinkState?.(name) ?? (behind ? 'behind' : 'ok'),
  };
}

async function diskOf(path: string): Promise<Status['disk']> {
  try {
    const { bavail, blocks, bsize } = await statfs(path);
    return { state: 'ready', data: { path, freeBytes: bavail * bsize, totalBytes: blocks * bsize } };
  } catch {
    // The page then says that nobody knows, which is the truth.
    return { state: 'unavailable', reason: 'disk-unreadable' };
  }
}

function sizeOf(file: string | undefined): number {
  if (file === undefined) return 0;
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
