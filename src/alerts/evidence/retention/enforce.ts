import { rmdirSync, statfsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errnoOf, messageOf } from '../../../core/errors.js';
import type { Logger } from '../../../core/log.js';
import { eventMs, isoOf } from '../../../core/time.js';
import type { Manifests } from '../chain/manifests.js';
import { type DiskFacts, planRetention, type RetentionPolicy, type RetentionUnit, shedOrder } from './planRetention.js';
import { bytesIn, type HeldSpans, retentionUnits } from './units.js';

export interface EnforceOptions {
  /** The data folder. */
  data: string;
  manifests: Manifests;
  policy: RetentionPolicy;
  held: HeldSpans;
  /** Event time. */
  now: number;
  log: Logger;
  /** Default: what the disk says. */
  disk?: DiskFacts;
}

export interface Enforced {
  deleted: Array<{ id: string; class: string; bytes: number; why: 'expired' | 'disk' }>;
  missingBytes: number;
}

/** Free and total bytes of the disk that holds `folder`. */
export function diskFacts(folder: string): DiskFacts {
  const { bavail, blocks, bsize } = statfsSync(folder);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

/** Units measured at a time while room is made: to measure a whole disk would take minutes. */
const MEASURED_AT_ONCE = 20;

/**
 * Deletes what the plan says: first what is past its time, then, while the disk is below its watermark, what may be shed. The
 * signed tombstone is written first: a crash in between leaves a tombstone whose files are deleted by fsck, never a deletion
 * that nobody signed. Where not even a tombstone can be written, because the disk is full, the ring alone goes: it is in no
 * manifest.
 */
export async function enforceRetention(options: EnforceOptions): Promise<Enforced> {
  const { data, policy, held, now } = options;
  const done: Enforced = { deleted: [], missingBytes: 0 };
  const units = retentionUnits(data, held);
  const roomy = { freeBytes: 1, totalBytes: 1 };
  const tried = new Set<RetentionUnit>();
  for (const { unit } of planRetention(units, { now, policy, disk: roomy }).deletions) {
    tried.add(unit);
    await remove(unit, 'expired', { options, done });
  }
  for (;;) {
    const disk = options.disk ?? diskFacts(data);
    if (disk.freeBytes >= policy.shedBelow * disk.totalBytes) return done;
    const measured = await Promise.all(
      shedOrder(
        units.filter((unit) => !tried.has(unit)),
        policy,
      )
        .slice(0, MEASURED_AT_ONCE)
        .map(async (unit) => ({ ...unit, bytes: await bytesIn(join(data, unit.id)) })),
    );
    const plan = planRetention(measured, { now, policy, disk });
    done.missingBytes = plan.missingBytes;
    if (plan.deletions.length === 0) return done;
    for (const { unit } of plan.deletions) await remove(unit, 'disk', { options, done });
    for (const unit of units) if (plan.deletions.some((one) => one.unit.id === unit.id)) tried.add(unit);
    // Facts that were given do not change by deleting.
    if (options.disk) return done;
  }
}

async function remove(
  unit: RetentionUnit,
  why: 'expired' | 'disk',
  { options: { data, manifests, log }, done }: { options: EnforceOptions; done: Enforced },
): Promise<void> {
  try {
    const bytes = unit.bytes || (await bytesIn(join(data, unit.id)));
    if (unit.class !== 'ring') await manifests.append(chainOf(unit), tombstone({ ...unit, bytes }, why));
    await rm(join(data, unit.id), { recursive: true, force: true });
    removeWhereEmpty(dirname(join(data, unit.id)));
    done.deleted.push({ id: unit.id, class: unit.class, bytes, why });
    log.info({ unit: unit.id, bytes, why }, 'retention deleted');
  } catch (error) {
    log.error({ unit: unit.id, error: messageOf(error) }, 'retention could not delete');
  }
}

/** The camera's own chain for a day of recordings; the chain of all evidence for an incident. */
function chainOf({ id, class: kind }: RetentionUnit): string {
  const parts = id.split('/');
  return kind === 'evidence' ? `evidence/${parts[1]}` : `${parts[2]}/${parts[3]}`;
}

const tombstone = (unit: RetentionUnit, why: 'expired' | 'disk') => ({
  type: 'deleted' as const,
  path: unit.id,
  class: unit.class,
  bytes: unit.bytes,
  from: isoOf(eventMs(unit.from)),
  to: isoOf(eventMs(unit.to)),
  why,
});

function removeWhereEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (errnoOf(error) !== 'ENOTEMPTY' && errnoOf(error) !== 'ENOENT') throw error;
  }
}
