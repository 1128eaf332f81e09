import { t } from '../i18n.js';
import type { TextKey } from '../locales/all.js';

const DAYS: readonly TextKey[] = [
  'duty.monday',
  'duty.tuesday',
  'duty.wednesday',
  'duty.thursday',
  'duty.friday',
  'duty.saturday',
  'duty.sunday',
];

/** The days of a schedule in words. */
export function daysText(days: string | readonly number[]): string {
  if (days === 'workdays') return t('duty.workdays');
  if (days === 'every-day') return t('duty.everyDay');
  if (typeof days === 'string') return days;
  return days.map((day) => t(DAYS[day - 1] ?? 'common.unknown')).join('、');
}
