import { join } from 'node:path';
import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { AlertSink } from '../alerts/outbox/alertSink.js';
import type { NoticeMessage } from '../alerts/outbox/messages.js';
import { noticeRows } from '../alerts/outbox/routing.js';
import type { Clock } from '../core/clock.js';
import type { Config } from '../core/config/schema.js';
import { sha256 } from '../core/hash.js';
import { translate } from '../core/i18n/translate.js';
import type { Logger } from '../core/log.js';
import { isoOf } from '../core/time.js';
import { percentText } from '../reports/document/document.js';
import { runMonthly } from '../reports/monthly.js';
import type { ReportService } from '../reports/reportService.js';

export interface HallMonthlyOptions {
  reports: ReportService;
  config: () => Config;
  ledger: Pick<Ledger, 'outbox'>;
  sinks: readonly AlertSink[];
  /** Data folder; files go to `reports/YYYY-MM` below it. */
  data: string;
  clock: Clock;
  log: Logger;
}

/** The report of the month before, on the first working day: kept in the data folder and told through every channel. */
export function hallMonthly({ ledger, sinks, data, ...options }: HallMonthlyOptions): { stop(): Promise<void> } {
  const { config, clock } = options;
  return runMonthly({
    ...options,
    folder: join(data, 'reports'),
    announce({ figures, hash }) {
      const { site, language } = config();
      const { month, hall } = figures;
      const coverage = hall.time.coverage === null ? '—' : percentText(hall.time.coverage);
      const confirmed = hall.incidents.counts.confirmed;
      const message: NoticeMessage = {
        ...{ schema: 1, site: site.id, notice: 'monthly-report', month, hash },
        id: `report-${month}-${sha256(site.id).slice(0, 8)}`,
        at: isoOf(clock.now()),
        text: translate(language, 'report.notice', { month, coverage, confirmed }),
      };
      ledger.outbox.enqueue(noticeRows(sinks, message));
    },
  });
}
