import { join } from 'node:path';
import type { EvidenceStore } from '../alerts/evidence/evidenceStore.js';
import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { SiteFacts } from '../alerts/outbox/messages.js';
import type { OutboxRun } from '../alerts/outbox/runOutbox.js';
import { type Board, createBoard } from '../board/createBoard.js';
import type { ConfigPort, HearQueue } from '../board/ports.js';
import type { Config } from '../core/config/schema.js';
import type { Frame } from '../core/frame.js';
import type { LiveHub } from '../core/live.js';
import type { EventMs } from '../core/time.js';
import type { InferencePool } from '../detectors/inference/pool.js';
import type { LiveViews } from '../ingest/liveView/liveViews.js';
import type { ReportService } from '../reports/reportService.js';
import { backtestAbsence } from './backtest.js';
import { cameraPort, evidencePort, systemPort } from './boardPorts.js';
import type { DeskKeeper } from './deskKeeper.js';
import { proofMetrics } from './evidenceAlarm.js';
import { packageDeps } from './evidenceFacts.js';
import { proofPort } from './evidencePort.js';
import type { HallEvidence } from './hallEvidence.js';
import type { HallPatrol } from './hallPatrol.js';
import type { HallPeople } from './hallPeople.js';
import type { Judge } from './judge.js';
import { lateNotice } from './lateNotice.js';
import type { OpenLooks } from './looks/openLooks.js';
import type { HallSources } from './openHallCameras.js';
import type { OpenedSinks } from './openSinks.js';
import type { ServiceOptions } from './service.js';
import { speechModelRows } from './speechModels.js';
import { wordsPort } from './speechPort.js';

/** The parts of a hall that its board asks. */
export interface HallBoardParts {
  service: Pick<ServiceOptions, 'clock' | 'log' | 'version' | 'webFolder' | 'discoverAt' | 'env'>;
  config: Config;
  /** Data folder. */
  data: string;
  ledger: Ledger;
  hub: LiveHub;
  pictures: ReadonlyMap<string, Frame>;
  pool: InferencePool;
  evidence: EvidenceStore;
  proof: HallEvidence;
  people: HallPeople;
  keeper: DeskKeeper;
  sources: HallSources;
  looking: OpenLooks;
  opened: OpenedSinks;
  outbox: OutboxRun;
  judge: Judge;
  reports: ReportService;
  patrol: HallPatrol;
  live: LiveViews;
  hearQueue: HearQueue;
  settings: ConfigPort;
  facts: SiteFacts;
  eventNow: () => EventMs;
}

/** Opens the board over a hall. Wiring, without behaviour. */
export function openHallBoard(parts: HallBoardParts): Promise<Board> {
  const { service, config, data, ledger, proof, people, sources, opened, settings, eventNow } = parts;
  const { clock, log, version, webFolder, env } = service;
  const { publicUrl, metricsPort, host, port } = config.board;
  return createBoard({
    ...people.ports,
    ...{ ledger, live: parts.hub, clock, log, version, webFolder, env, config: settings, hearQueue: parts.hearQueue },
    ...{ reports: parts.reports, patrol: parts.patrol.port, desks: parts.keeper.port },
    listen: { host, port },
    dataFolder: data,
    ledgerFile: join(data, 'ledger.sqlite'),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(metricsPort === undefined ? {} : { metricsPort }),
    cameras: cameraPort(parts.pictures, parts.pool, {
      ...{ clock, log, live: parts.live, acceptView: sources.acceptView },
      ...{ ingest: config.ingest, minScore: config.inference.minScore, discoverAt: service.discoverAt },
    }),
    evidence: evidencePort(parts.evidence),
    proof: proofPort({
      ...{ config, ledger, proof, clock, log, eventNow },
      deps: packageDeps({
        ...{ config, data, ledger, manifests: proof.manifests, version, hasRoom: proof.upkeep.hasRoom },
      }),
    }),
    words: wordsPort(config.rules.speech.fuzzy),
    system: {
      ...systemPort(
        opened.sinks.map((sink) => sink.name),
        () => parts.outbox,
        { ledger, simulated: sources.simulated, speechModels: speechModelRows(data, log) },
      ),
      metrics: () => [...parts.looking.metrics(), ...proofMetrics(proof)],
    },
    backtest: async (request) => backtestAbsence({ config: settings.current(), ledger, ...request }),
    dutyChanged: parts.judge.rosterChanged,
    tellLate: lateNotice({ ledger, sinks: opened.sinks, facts: parts.facts }),
  });
}
