import { addDays, dayOf } from '../../core/calendar/localDay.js';
import type { Config } from '../../core/config/schema.js';
import { type MessageKey, type MessageParameters, translate } from '../../core/i18n/translate.js';
import { type EventMs, eventMs, parseInstant, type WallMs } from '../../core/time.js';
import type { MonthReport } from '../month/monthReport.js';
import type { ReportDocument } from './document.js';
import { dayText, localTimeOf } from './localTime.js';
import { sectionsOf } from './sections.js';
import { summaryOf } from './summary.js';

/** Makes the document of a report, in the hall's language. `now` dates the signature. Pure. */
export function buildDocument(report: MonthReport, config: Config, now: EventMs | WallMs): ReportDocument {
  const { figures, frozen, hash } = report;
  const { language } = config;
  const { timeZone } = figures.site;
  const say = (key: MessageKey, parameters?: MessageParameters): string => translate(language, key, parameters);
  const [year, month] = figures.month.split('-') as [string, string];
  const lastDay = addDays(dayOf(parseInstant(figures.to, 'end of month'), timeZone), -1);
  const partial = figures.complete ? '' : say('report.partial', { until: localTimeOf(figures.until, timeZone) });
  const { office, number, signatory } = config.reports;
  return {
    language,
    title: say('report.title', { site: figures.site.name, year, month: language === 'en' ? month : Number(month) }),
    number: number.replaceAll('{year}', year).replaceAll('{month}', String(Number(month))),
    period: `${say('report.period', { from: dayText(`${figures.month}-01`, language), to: dayText(lastDay, language) })}${partial}`,
    office: office === '' ? figures.site.name : office,
    signatory,
    madeOn: dayText(dayOf(eventMs(now), timeZone), language),
    status: [
      frozen ? say('report.frozen', { at: localTimeOf(frozen.at, timeZone), by: frozen.by }) : say('report.draft'),
      say('report.hash', { hash }),
    ],
    summaryTitle: say('report.section.summary'),
    summary: summaryOf(report, language),
    sections: sectionsOf(report, language),
  };
}
