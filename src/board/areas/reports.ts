import type { Clock } from '../../core/clock.js';
import { AppError } from '../../core/errors.js';
import { buildDocument } from '../../reports/document/buildDocument.js';
import { type IncidentFigures, incidentFigures } from '../../reports/figures/incidentFigures.js';
import type { MonthReport } from '../../reports/month/monthReport.js';
import { REPORT_MIME, renderReport } from '../../reports/render/renderReport.js';
import type { ReportService } from '../../reports/reportService.js';
import { authorize } from '../access/authorize.js';
import { type IncidentObject, NO_OBJECT, type Principal } from '../access/objects.js';
import type { reportRoutes } from '../api/contract/reports.js';
import type { Hall } from '../hall/hall.js';
import { ApiError } from '../http/apiError.js';
import type { HandlersOf } from '../http/call.js';

export interface ReportAreaDeps {
  hall: () => Hall;
  /** Undefined where the board runs without reports. */
  reports: ReportService | undefined;
  clock: Pick<Clock, 'now'>;
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
        const { summary } = buildDocument(report, config, clock.now());
        return { ...report, summary };
      },
    },
    getMonthFile: {
      async handle({ params, query, principal, response }) {
        const report = forReader(await service().month(params.month), principal);
        const bytes = await renderReport(report, query.format, { config: hall().config, now: clock.now() });
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

/** Stands for any incident of an evaluation room, for the question whether somebody may know of them. */
const IN_A_ROOM: IncidentObject = {
  ...{ kind: 'incident', id: '', rule: 'sealedRoom', subjectKind: 'room' },
  ...{ about: [], assignee: undefined, judges: [] },
};

/**
 * What of a month somebody may read, by the same policy as the incidents themselves: evaluation rooms are no affair of those who
 * may not read their incidents, and of sensitive words not even the number is told to anybody but bid supervisors.
 */
function forReader(report: MonthReport, principal: Principal): MonthReport {
  const mayHear = authorize(principal, 'speech.read', NO_OBJECT).allowed;
  const maySeeRooms = authorize(principal, 'incident.read', IN_A_ROOM).allowed;
  const { figures, corrections } = report;
  const known = (one: { rule: string; subject: string }): boolean =>
    (mayHear || one.rule !== 'speech') && (maySeeRooms || figures.windows.some(({ key }) => key === one.subject));
  const without = (incidents: IncidentFigures): IncidentFigures =>
    mayHear ? incidents : { ...incidents, byRule: incidents.byRule.filter(({ rule }) => rule !== 'speech') };
  return {
    ...report,
    figures: {
      ...figures,
      rooms: maySeeRooms
        ? { ...figures.rooms, incidents: without(figures.rooms.incidents) }
        : { incidents: incidentFigures([], null), sessions: 0 },
      evaluations: maySeeRooms ? figures.evaluations.map((one) => ({ ...one, incidents: without(one.incidents) })) : [],
      incidents: figures.incidents.filter(known),
    },
    corrections: {
      list: corrections.list.filter(known),
      figures: corrections.figures.filter(({ key }) => maySeeRooms || key !== 'rooms'),
    },
  };
}
