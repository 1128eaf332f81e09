import { type Language, translate } from '../../core/i18n/translate.js';
import type { MonthReport } from '../month/monthReport.js';
import type { ReportSection } from './document.js';
import { corrected, correctedFigures } from './tables/corrections.js';
import { evaluations } from './tables/evaluations.js';
import { handling, rules } from './tables/incidents.js';
import { overall } from './tables/overall.js';
import { places } from './tables/ranking.js';
import type { Say } from './tables/tableParts.js';
import { areas, persons, time } from './tables/time.js';
import { trend } from './tables/trend.js';

/** Builds the tables of a report. Pure. */
export function sectionsOf(report: MonthReport, language: Language): ReportSection[] {
  const say: Say = (key) => translate(language, key);
  const { figures, corrections } = report;
  const optional = (list: readonly unknown[], section: () => ReportSection): ReportSection[] =>
    list.length > 0 ? [section()] : [];
  return [
    overall(report, say),
    ...optional(figures.departments, () =>
      places('departments', figures.ranking.departments, figures.departments, say),
    ),
    places('windows', figures.ranking.windows, figures.windows, say),
    time(report, say),
    ...optional(figures.areas, () => areas(report, say)),
    rules(report, say),
    handling(report, say),
    ...optional(figures.persons, () => persons(report, say)),
    ...optional(figures.evaluations, () => evaluations(report, say)),
    trend(report, say),
    ...optional(corrections.list, () => corrected(report, say)),
    ...optional(corrections.figures, () => correctedFigures(report, say)),
  ];
}
