import { AppError } from '../../core/errors.js';
import { buildDocument } from '../../reports/document/buildDocument.js';
import type { IncidentFigures } from '../../reports/figures/incidentFigures.js';
import type { MonthReport } from '../../reports/month/monthReport.js';
import { REPORT_MIME } from '../../reports/render/renderReport.js';
import type { ReportService } from '../../reports/reportService.js';
import { actionsOf } from '../access/authorize.js';
import type { Principal } from '../access/objects.js';
import type { reportRoutes } from '../api/contract/reports.js';
import type { Hall } from '../hall/hall.js';
import { ApiError } from '../http/apiError.js';
import type { HandlersOf } from '../http/call.js';

export interface ReportAreaDeps {
  hall: () => Hall;
  /** Undefined where the board runs without reports. */
  reports: ReportService | undefined;
  clock: { now(): number };
}

/** The month: figures for those who answer for a hall, files, the freeze, and everybody's own figures. */
export function reportArea({ hall, reports, clock }: ReportAreaDeps): HandlersOf<typeof reportRoutes> {
  const service = (): ReportService => {
    if (!reports) throw new ApiError('unavailable');
    return reports;
  };
  return {
    listMonths: { handle: () => ({ items: service().months() }) },
    getMonth: {
      async handle({ params, principal, language }) {
        const report = forReader(await service().month(params.month), principal);
        const config = { ...hall().config, language };
        const { summary } = buildDocument(report, config, clock.now() as never);
        return { ...report, summary };
      },
    },
    getMonthFile: {
      async handle({ params, query, response }) {
        const bytes = await service().file(params.month, query.format);
        response.setHeader('Cache-Control', 'private, no-store');
        // Always a download: as a page of this server the policy would forbid its style.
        response.setHeader('Content-Disposition', `attachment; filename="hallwatch-${params.month}.${query.format}"`);
        response.type(REPORT_MIME[query.format]).send(Buffer.from(bytes));
      },
    },
    freezeMonth: {
      async handle({ params, principal }) {
        if (principal.kind !== 'user') throw new ApiError('forbidden');
        try {
          return { hash: await service().freeze(params.month, principal.id) };
        } catch (error) {
          if (error instanceof AppError && error.code === 'usage')
            throw new ApiError('not-allowed-now', { cause: error });
          throw error;
        }
      },
    },
    getMyMonth: {
      async handle({ params, principal }) {
        const { figures, frozen } = await service().month(params.month);
        const id = principal.kind === 'user' ? principal.id : '';
        return {
          month: figures.month,
          complete: figures.complete,
          frozen: frozen !== null,
          mine: figures.persons.find(({ key }) => key === id) ?? null,
          hall: { presence: figures.hall.time.presence, clean: figures.hall.clean },
        };
      },
    },
  };
}

/** Sensitive words and their hits are for bid supervisors alone: to others not even their number is told by rule. */
function forReader(report: MonthReport, principal: Principal): MonthReport {
  const mayHear = principal.kind === 'user' && actionsOf(principal.role).includes('speech.read');
  if (mayHear) return report;
  const without = (incidents: IncidentFigures): IncidentFigures => ({
    ...incidents,
    byRule: incidents.byRule.filter(({ rule }) => rule !== 'speech'),
  });
  const { figures, corrections } = report;
  return {
    ...report,
    figures: {
      ...figures,
      rooms: { ...figures.rooms, incidents: without(figures.rooms.incidents) },
      evaluations: figures.evaluations.map((one) => ({ ...one, incidents: without(one.incidents) })),
      incidents: figures.incidents.filter(({ rule }) => rule !== 'speech'),
    },
    corrections: { ...corrections, list: corrections.list.filter(({ rule }) => rule !== 'speech') },
  };
}
