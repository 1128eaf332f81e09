import { join } from 'node:path';
import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { LiveHub } from '../core/live.js';
import type { Logger } from '../core/log.js';
import type { EventMs } from '../core/time.js';
import type { ReportService } from '../reports/reportService.js';
import { PASSWORD_COST, type ScryptCost } from './accounts/password.js';
import { firstAdministrator } from './accounts/users.js';
import { boardParts } from './boardParts.js';
import type { DesksPort } from './deskPort.js';
import type { ProofPort } from './evidencePort.js';
import { boardApp } from './http/app.js';
import { listen } from './http/listen.js';
import { metricsPage } from './http/metrics.js';
import type { TellLate } from './incidents/escalations.js';
import type { BoardLedger } from './ledgerPort.js';
import type {
  BacktestRequest,
  BacktestResult,
  CameraPort,
  ConfigPort,
  DutyChanged,
  EvidencePort,
  HearQueue,
  PatrolPort,
  SystemPort,
} from './ports.js';
import type { ArrivalPhotoPort, FacesPort, RoomsPort, WordsPort } from './roomPorts.js';

export interface BoardDeps {
  ledger: BoardLedger;
  live: LiveHub;
  config: ConfigPort;
  clock: Clock;
  log: Logger;
  version: string;
  listen: { host: string; port: number };
  /** Loopback port of `/metrics`; 0 takes a free one, undefined serves none. */
  metricsPort?: number;
  /** Built front end; undefined serves the API alone. */
  webFolder?: string;
  /** Holds the board's key and the camera passwords entered on the board. */
  dataFolder: string;
  ledgerFile?: string;
  /** Address people use, where a proxy ends TLS in front: `https://hall.example`. Decides cookies and the Origin check. */
  publicUrl?: string;
  cameras: CameraPort;
  evidence?: EvidencePort;
  /** Recording, packages, disk; undefined where nothing is recorded. */
  proof?: ProofPort;
  rooms?: RoomsPort;
  words?: WordsPort;
  desks?: DesksPort;
  /** Undefined where nothing listens to a queue system. */
  hearQueue?: HearQueue;
  /** Undefined where no network runs. */
  faces?: FacesPort;
  arrivalPhotos?: ArrivalPhotoPort;
  patrol?: PatrolPort;
  system?: SystemPort;
  backtest?: (request: BacktestRequest, signal: AbortSignal) => Promise<BacktestResult>;
  /** Whether the month of an instant is closed. Default: none is. */
  monthFrozen?: (start: EventMs) => boolean;
  /** Monthly reports; without them the pages say that they are unavailable. */
  reports?: ReportService;
  dutyChanged?: DutyChanged;
  /** What wins over the configuration file, as it did at the start. */
  env?: NodeJS.ProcessEnv;
  /** Messages of deadlines that have passed. Default: the board alone shows them. */
  tellLate?: TellLate;
  /** Cost of password hashes; tests take a low one. */
  passwordCost?: ScryptCost;
  /** Checks every answer against the contract; for tests. */
  checkAnswers?: boolean;
}

export interface Board {
  url: string;
  metricsUrl: string | undefined;
  /** Only while nobody has taken over: what to print on the console. */
  firstPassword: { name: string; password: string } | undefined;
  close(): Promise<void>;
}

/** Starts the board: API, live stream, front end, deadlines. @throws AppError `conflict` where the port is taken */
export async function createBoard(deps: BoardDeps): Promise<Board> {
  if (deps.publicUrl !== undefined && !/^https?:\/\/[^/]+\/?$/.test(deps.publicUrl)) {
    throw new AppError('config', `public address ${deps.publicUrl}: not of the form https://HOST`);
  }
  const cost = deps.passwordCost ?? PASSWORD_COST;
  const first = await firstAdministrator(deps.ledger, cost);
  const parts = boardParts({ ...deps, passwordCost: cost, secretsFolder: join(deps.dataFolder, 'secrets') });
  const server = await listen(boardApp(parts, deps), deps.listen);
  const metrics = metricsPage({ ...parts, system: parts.system });
  const metricsServer =
    deps.metricsPort === undefined
      ? undefined
      : await listen(metrics.handler, { host: '127.0.0.1', port: deps.metricsPort });
  return {
    url: addressOf(deps.listen.host, server.port),
    metricsUrl: metricsServer && `http://127.0.0.1:${metricsServer.port}/metrics`,
    firstPassword: first && { name: first.user.name, password: first.oneTimePassword },
    async close() {
      parts.close();
      metrics.close();
      await Promise.all([server.close(), metricsServer?.close()]);
    },
  };
}

/** What to type into a browser on the same machine where the board listens on every address. */
function addressOf(host: string, port: number): string {
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${shown}:${port}`;
}
