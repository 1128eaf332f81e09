import type { AnswerOf } from '../../../src/board/api/contract.js';
import { t } from '../i18n.js';
import type { TextKey } from '../locales/all.js';
import { spanText } from '../text/span.js';

export type Evaluation = AnswerOf<'getEvaluation'>;
export type EvaluationRow = AnswerOf<'listEvaluations'>['items'][number];
export type Arrival = Evaluation['arrivals'][number];

export const stateText: Record<EvaluationRow['state'], TextKey> = {
  planned: 'evaluations.planned',
  open: 'evaluations.open',
  closed: 'evaluations.closed',
};

export const wayText: Record<Arrival['way'], TextKey> = {
  camera: 'evaluations.byCamera',
  photo: 'evaluations.byPhoto',
  manual: 'evaluations.manual',
};

const actions: Record<string, TextKey> = {
  create: 'evaluations.actionCreate',
  edit: 'evaluations.actionEdit',
  roster: 'evaluations.actionRoster',
  open: 'evaluations.actionOpen',
  close: 'evaluations.actionClose',
};
export const actionText = (action: string): string => (actions[action] ? t(actions[action]) : action);

/** What an arrival was, in a short word. `offMs` outside the window is told where it says something. */
export function verdictText({ verdict, offMs }: Pick<Arrival, 'verdict' | 'offMs'>): string {
  switch (verdict) {
    case 'on-time':
      return t('evaluations.onTime');
    case 'early':
      return t('evaluations.early', { span: spanText(offMs) });
    case 'late':
      return t('evaluations.late', { span: spanText(offMs) });
    case 'wrong-batch':
      return t('evaluations.wrongBatch');
    case 'not-scheduled':
      return t('evaluations.notScheduled');
    default:
      return verdict;
  }
}

const columns: Record<string, TextKey> = {
  project: 'evaluations.project',
  projectName: 'evaluations.projectName',
  rooms: 'evaluations.rooms',
  personRooms: 'evaluations.rooms',
  start: 'evaluations.plannedTime',
  end: 'evaluations.plannedTime',
  bidders: 'evaluations.bidders',
  name: 'evaluations.name',
  role: 'evaluations.role',
  category: 'evaluations.category',
  batch: 'evaluations.batch',
  escort: 'evaluations.escort',
  reason: 'evaluations.reason',
};
/** The heading of a CSV column, as people read it. */
export const columnText = (column: string): string => (columns[column] ? t(columns[column]) : column);
