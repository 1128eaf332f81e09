import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { AlertSink } from '../alerts/outbox/alertSink.js';
import { noticeRows } from '../alerts/outbox/routing.js';
import type { Clock } from '../core/clock.js';
import type { Config } from '../core/config/schema.js';
import { translate } from '../core/i18n/translate.js';
import { isoOf } from '../core/time.js';
import type { DiskStatus } from './evidenceUpkeep.js';
import type { HallEvidence } from './hallEvidence.js';

export interface DiskNoticeOptions {
  config: Config;
  ledger: Pick<Ledger, 'outbox'>;
  sinks: readonly AlertSink[];
  clock: Clock;
}

/** Tells through every channel how many hours the disk lasts, once for each time it comes to be too few. */
export function diskNotice({ config, ledger, sinks, clock }: DiskNoticeOptions) {
  return ({ state, hoursLeft }: DiskStatus): void => {
    const at = isoOf(clock.now());
    const hours = hoursLeft === undefined ? '?' : hoursLeft.toFixed(0);
    const text =
      state === 'short'
        ? translate(config.language, 'evidence.disk-short')
        : translate(config.language, 'evidence.disk-low', { hours });
    const facts = { schema: 1 as const, site: config.site.id, id: `disk-${state}-${at.slice(0, 13)}`, at, text };
    ledger.outbox.enqueue(noticeRows(sinks, { ...facts, notice: 'disk', hoursLeft: hoursLeft ?? null }));
  };
}

/** Prometheus lines of recording and disk. */
export function proofMetrics({ recording, upkeep }: Pick<HallEvidence, 'recording' | 'upkeep'>): string[] {
  const states = recording.states();
  const { freeBytes, hoursLeft } = upkeep.status();
  return [
    '# TYPE hallwatch_recorders gauge',
    `hallwatch_recorders{state="recording"} ${states.filter((state) => state.recording).length}`,
    `hallwatch_recorders{state="silent"} ${states.filter((state) => !state.recording).length}`,
    '# TYPE hallwatch_disk_free_bytes gauge',
    `hallwatch_disk_free_bytes ${freeBytes}`,
    ...(hoursLeft === undefined
      ? []
      : ['# TYPE hallwatch_disk_hours_left gauge', `hallwatch_disk_hours_left ${hoursLeft.toFixed(1)}`]),
  ];
}
