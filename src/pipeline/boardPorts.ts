import type { EvidenceStore } from '../alerts/evidence/evidenceStore.js';
import { encodeJpeg } from '../alerts/evidence/snapshot.js';
import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { OutboxRun } from '../alerts/outbox/runOutbox.js';
import type { CameraPort, EvidencePort, ModelRow, ProbeRequest, ProbeResult, SystemPort } from '../board/ports.js';
import type { Clock } from '../core/clock.js';
import { parseConfig } from '../core/config/load.js';
import type { Config } from '../core/config/schema.js';
import { AppError } from '../core/errors.js';
import type { Frame } from '../core/frame.js';
import type { Logger } from '../core/log.js';
import { rememberSecret } from '../core/secrets.js';
import { readManifest } from '../detectors/inference/manifest.js';
import { listModels, verifyModels } from '../detectors/inference/modelFiles.js';
import { type FinderPool, stillFinder } from '../detectors/persons/finders.js';
import { assignToZones } from '../detectors/persons/zones.js';
import type { LiveViews } from '../ingest/liveView/liveViews.js';
import { discoverCameras } from '../ingest/onvif/discoverCameras.js';
import { probeCamera } from '../ingest/probeCamera.js';
import type { SimulatorStatus } from '../ingest/simulator/pacer.js';

const DISCOVER_FOR_MS = 4000;
const HISTORY_SHOWN = 200;

export interface CameraPortOptions {
  clock: Clock;
  log: Logger;
  ingest: Config['ingest'];
  minScore: number;
  live: LiveViews;
  acceptView(camera: string): boolean;
  /** Where discovery asks. Default: the multicast group, from every network card. */
  discoverAt?: { address: string; port: number } | undefined;
}

/** What the board may ask of the cameras: the newest picture, what the detector sees in it, who answers on the network. */
export function cameraPort(
  pictures: ReadonlyMap<string, Frame>,
  pool: FinderPool,
  options: CameraPortOptions,
): CameraPort {
  const still = stillFinder(pool);
  return {
    async picture(camera) {
      const frame = pictures.get(camera);
      return frame && { at: frame.at, jpeg: await encodeJpeg(frame) };
    },
    async look(camera, zones, signal) {
      const frame = pictures.get(camera);
      if (!frame) throw new AppError('not-found', `camera ${camera}: no picture yet`);
      const persons = await still(frame, { minScore: options.minScore, labels: ['person'] }, signal);
      const assigned = assignToZones(
        persons,
        zones.map(({ name, polygon }) => ({ id: name, polygon, side: 'staff' as const })),
      );
      return {
        at: frame.at,
        boxes: persons.map(({ box, label, score }) => ({ box, label, score })),
        zones: zones.map(({ name }) => {
          const inside = assigned.get(name) ?? [];
          return { name, count: inside.length, boxes: inside.map((person) => person.box) };
        }),
      };
    },
    async discover(signal) {
      const found = await discoverCameras({
        timeoutMs: DISCOVER_FOR_MS,
        signal,
        clock: options.clock,
        log: options.log,
        ...(options.discoverAt ? { target: options.discoverAt } : {}),
      });
      return found.map(({ host, source, name, hardware }) => ({ address: source ?? host, name, model: hardware }));
    },
    probe: (request, signal) => probe(request, signal, options),
    acceptView: options.acceptView,
    video: (camera, signal) => options.live.watch(camera, signal),
  };
}

/** Looks once at a camera that somebody is about to add. The password comes from the board and goes to ffmpeg alone. */
async function probe(
  request: ProbeRequest,
  signal: AbortSignal,
  { clock, log, ingest }: CameraPortOptions,
): Promise<ProbeResult> {
  const { source, user, password } = request;
  const entry = { site: { id: 'probe', name: 'probe' }, cameras: [{ id: 'camera', source }] };
  const camera = parseConfig(JSON.stringify(entry), source).cameras[0]!;
  if (password !== undefined) rememberSecret(password);
  const credentials = user !== undefined && password !== undefined ? { credentials: { user, password } } : {};
  const found = await probeCamera(camera, { clock, log, ingest, signal, ...credentials });
  const { onvif, video, picture, keyframeIntervalS } = found;
  return {
    ...{ codec: video.codec, width: video.width, height: video.height, keyframeIntervalS },
    profiles: (onvif?.profiles ?? []).map(({ name, width, height, codec }) => ({
      name,
      width: width ?? 0,
      height: height ?? 0,
      codec: codec ?? '',
    })),
    clockOffsetS: onvif?.deviceClockOffsetMs === undefined ? undefined : onvif.deviceClockOffsetMs / 1000,
    jpeg: await encodeJpeg(picture),
  };
}

export const evidencePort = (evidence: EvidenceStore): EvidencePort => ({
  read: async (path, sha256) => evidence.read(path, sha256),
});

/** Facts of the installation for the system page. The files of the networks are checked once. */
export function systemPort(
  sinks: readonly string[],
  outbox: () => OutboxRun | undefined,
  {
    ledger,
    simulated,
    speechModels,
  }: {
    ledger: Pick<Ledger, 'cameraHealth'>;
    simulated: () => SimulatorStatus | undefined;
    speechModels: () => ModelRow[];
  },
): SystemPort {
  const broken = new Set(
    verifyModels()
      .filter((verdict) => verdict.state !== 'ok')
      .map((verdict) => verdict.name),
  );
  const hashes = new Map(readManifest().networks.map((entry) => [entry.name, entry.weights.sha256]));
  const models = listModels().map(({ name, purpose, source, licence }) => ({
    ...{ name, purpose, source, licence, sha256: hashes.get(name) ?? '' },
    verified: !broken.has(name),
  }));
  return {
    sinks,
    models: () => [...models, ...speechModels()],
    simulated,
    healthHistory: (camera) => ledger.cameraHealth.of(camera, HISTORY_SHOWN),
    sinkState(name) {
      const stats = outbox()
        ?.stats()
        .find((candidate) => candidate.sink === name);
      if (stats?.failingSince !== undefined) return 'down';
      return (stats?.depth ?? 0) > 100 ? 'behind' : 'ok';
    },
  };
}
