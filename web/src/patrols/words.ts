import type { AnswerOf } from '../../../src/board/api/contract.js';
import { t } from '../i18n.js';
import type { TextKey } from '../locales/all.js';

export type Plan = AnswerOf<'listPatrols'>['plans'][number];
export type Visit = AnswerOf<'listPatrolVisits'>['items'][number];

const reasons: Record<string, TextKey> = {
  'not-running': 'patrols.reasonNotRunning',
  timeout: 'patrols.reasonTimeout',
  unreachable: 'patrols.reasonUnreachable',
  'auth-failed': 'patrols.reasonAuth',
  'not-found': 'patrols.reasonPreset',
  unsupported: 'patrols.reasonUnsupported',
};
/** Why a point was missed. */
export const missText = (code: string): string =>
  reasons[code] ? t(reasons[code]) : t('patrols.reasonOther', { code });

/** What one look found, for people. */
export const countsText = ({ counts }: Pick<Visit, 'counts'>): string =>
  counts.length === 0
    ? t('patrols.nothing')
    : counts
        .map(({ label, count }) =>
          label === 'person' ? t('patrols.person', { count }) : t('patrols.people', { label, count }),
        )
        .join('、');
