import { RETENTION_CLASSES, type RetentionClass } from '../../../core/recording.js';

/** What is kept or deleted as one: a day of a camera's recordings, the evidence of an incident. */
export interface RetentionUnit {
  /** Path below the data folder. */
  id: string;
  class: RetentionClass;
  /** Event time of its beginning and its end, UTC ms. */
  from: number;
  to: number;
  bytes: number;
  /** Under a hold: nothing deletes it. */
  held: boolean;
}

export interface RetentionPolicy {
  /** How long each class is kept after its end, ms. */
  keepMs: Record<RetentionClass, number>;
  /** Classes that a full disk may take before their time, whatever the order given: the lowest goes first. */
  shed: readonly RetentionClass[];
  /** Shares of the disk: below the first, deleting begins; it goes on until the second is free. */
  shedBelow: number;
  shedUntil: number;
}

export interface DiskFacts {
  freeBytes: number;
  totalBytes: number;
}

export interface RetentionPlan {
  /** In the order they are to go. `expired`: its time is over. `disk`: the disk is full. */
  deletions: Array<{ unit: RetentionUnit; why: 'expired' | 'disk' }>;
  /** Free bytes that are still missing when all of it is gone; 0 where there is room enough. */
  missingBytes: number;
}

/**
 * What is to be deleted now: first what is past its time, then, below the watermark, the lowest class that may be shed, the
 * oldest first. Nothing under a hold, ever. Pure.
 */
export function planRetention(
  units: readonly RetentionUnit[],
  { now, policy, disk }: { now: number; policy: RetentionPolicy; disk: DiskFacts },
): RetentionPlan {
  const free = units.filter((unit) => !unit.held);
  const expired = free.filter((unit) => now - unit.to >= policy.keepMs[unit.class]);
  const deletions: RetentionPlan['deletions'] = oldestFirst(expired).map((unit) => ({ unit, why: 'expired' }));
  let freeBytes = disk.freeBytes + sumOf(expired);
  if (freeBytes >= policy.shedBelow * disk.totalBytes) return { deletions, missingBytes: 0 };
  const gone = new Set(expired);
  const target = policy.shedUntil * disk.totalBytes;
  for (const unit of shedOrder(
    free.filter((one) => !gone.has(one)),
    policy,
  )) {
    if (freeBytes >= target) break;
    deletions.push({ unit, why: 'disk' });
    freeBytes += unit.bytes;
  }
  return { deletions, missingBytes: Math.max(0, Math.round(target - freeBytes)) };
}

/** What a full disk may take, in the order it goes: the lowest class first, the oldest of it first, nothing that is locked. */
export const shedOrder = (units: readonly RetentionUnit[], { shed }: Pick<RetentionPolicy, 'shed'>): RetentionUnit[] =>
  RETENTION_CLASSES.filter((kind) => shed.includes(kind)).flatMap((kind) =>
    oldestFirst(units.filter((unit) => unit.class === kind && !unit.held)),
  );

const oldestFirst = (units: readonly RetentionUnit[]): RetentionUnit[] =>
  [...units].sort((a, b) => a.to - b.to || (a.id < b.id ? -1 : 1));
const sumOf = (units: readonly RetentionUnit[]): number => units.reduce((sum, unit) => sum + unit.bytes, 0);

/** What was free at an instant of the machine's clock, ms. */
export interface DiskSample extends DiskFacts {
  at: number;
}

/**
 * Hours until the watermark is reached, from how fast the disk filled over the samples (oldest first); undefined where it
 * does not fill, or where less than ten minutes are known. Pure.
 */
export function hoursLeft(samples: readonly DiskSample[], shedBelow: number): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || last.at - first.at < 600_000) return undefined;
  const perHour = ((first.freeBytes - last.freeBytes) * 3_600_000) / (last.at - first.at);
  if (perHour <= 0) return undefined;
  return Math.max(0, last.freeBytes - shedBelow * last.totalBytes) / perHour;
}
