import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildPackage } from '../alerts/evidence/package/buildPackage.js';
import { incidentContent } from '../alerts/evidence/package/incidentContent.js';
import type { PackageDeps } from '../alerts/evidence/package/packageDeps.js';
import { sessionContent } from '../alerts/evidence/package/sessionContent.js';
import { zipFolder } from '../alerts/evidence/package/zipFolder.js';
import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { PackageJob, ProofPort } from '../board/evidencePort.js';
import type { Clock } from '../core/clock.js';
import type { Config } from '../core/config/schema.js';
import { messageOf } from '../core/errors.js';
import { evaluationId } from '../core/evaluation.js';
import type { IncidentId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import type { EventMs } from '../core/time.js';
import type { HallEvidence } from './hallEvidence.js';
import { recordingMode } from './hallRecording.js';

export interface ProofPortOptions {
  config: Config;
  ledger: Pick<Ledger, 'clips'>;
  proof: HallEvidence;
  deps: PackageDeps;
  clock: Clock;
  log: Logger;
  eventNow(): EventMs;
}

/** A package that nobody fetched goes: it can be made again. */
const KEEP_MS = 6 * 3_600_000;
const MOST_JOBS = 50;

/** What the board asks of recording and evidence. Packages are made one after the other, of links into the data folder. */
export function proofPort(options: ProofPortOptions): ProofPort {
  const { config, proof, deps, ledger } = options;
  const { keep, blurExports } = config.evidence;
  const { algorithm, fingerprint } = proof.manifests.signer;
  return {
    status() {
      return {
        recorders: proof.recording
          .states()
          .map((state) => ({ ...state, mode: recordingMode(config, state.camera) ?? 'ring' })),
        notRecorded: config.cameras.flatMap(({ id }) => (recordingMode(config, id) === undefined ? [id] : [])),
        disk: proof.upkeep.status(),
        keepMs: { ring: config.recording.ringFor, ...keep },
        key: { algorithm, fingerprint },
        blurExports,
        clipsWaiting: ledger.clips.waiting().length,
      };
    },
    packages: packageDesk(options, deps),
  };
}

function packageDesk({ clock, log, eventNow }: ProofPortOptions, deps: PackageDeps): ProofPort['packages'] {
  const root = join(deps.data, 'packages');
  // What an earlier run made is known to nobody any more.
  rmSync(root, { recursive: true, force: true });
  const jobs: PackageJob[] = [];
  let last: Promise<void> = Promise.resolve();

  const drop = (job: PackageJob): void => {
    rmSync(join(root, job.id), { recursive: true, force: true });
    if (jobs.includes(job)) jobs.splice(jobs.indexOf(job), 1);
  };

  const make = async (job: PackageJob, reason: string): Promise<void> => {
    job.state = 'making';
    try {
      const content =
        job.kind === 'incident'
          ? await incidentContent(job.target as IncidentId, deps)
          : await sessionContent(evaluationId(job.target), deps, eventNow());
      const made = { out: join(root, job.id), madeAt: clock.now(), by: job.by, reason, link: true };
      const { files, bytes, remarks } = await buildPackage(content, deps, made);
      Object.assign(job, { state: 'ready', files, bytes, remarks, until: clock.now() + KEEP_MS });
      clock.after(KEEP_MS, () => drop(job));
    } catch (error) {
      log.warn({ kind: job.kind, target: job.target, error: messageOf(error) }, 'package could not be made');
      rmSync(join(root, job.id), { recursive: true, force: true });
      Object.assign(job, { state: 'failed', problem: messageOf(error) });
    }
  };

  const own = (id: string, by: string): PackageJob | undefined => jobs.find((job) => job.id === id && job.by === by);

  return {
    ask({ kind, target, by, reason }) {
      const askedAt = clock.now();
      const id = `${target.replaceAll(/[^A-Za-z0-9_.-]/g, '_')}-${askedAt}`;
      const job: PackageJob = {
        ...{
          id,
          kind,
          target,
          by,
          askedAt,
          state: 'waiting',
          until: null,
          files: 0,
          bytes: 0,
          remarks: [],
          problem: '',
        },
      };
      jobs.unshift(job);
      for (const old of jobs.filter(({ state }) => state === 'ready' || state === 'failed').slice(MOST_JOBS)) drop(old);
      last = last.then(() => make(job, reason));
      return { ...job };
    },
    list: (by) => jobs.filter((job) => job.by === by).map((job) => ({ ...job })),
    open(id, by) {
      const job = own(id, by);
      return job?.state === 'ready' ? { name: `${id}.zip`, bytes: zipFolder(join(root, id), id) } : undefined;
    },
    remove(id, by) {
      const job = own(id, by);
      if (!job || job.state === 'waiting' || job.state === 'making') return false;
      drop(job);
      return true;
    },
  };
}
