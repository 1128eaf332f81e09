import { t } from '../i18n.js';
import type { TextKey } from '../locales/all.js';

const excuses: Record<string, TextKey> = {
  leave: 'alerts.excuseLeave',
  outing: 'alerts.excuseOuting',
  cover: 'alerts.excuseCover',
  'back-office': 'alerts.excuseBackOffice',
  suspended: 'alerts.excuseSuspended',
  standby: 'alerts.excuseStandby',
  other: 'alerts.excuseOther',
};

/** Reasons a supervisor may give with "excused". */
export const EXCUSES = ['leave', 'outing', 'cover', 'back-office', 'suspended', 'standby', 'other'] as const;

/** The word for a reason or a kind of leave; the code itself where there is none. */
export const excuseText = (code: string): string => {
  const key = excuses[code];
  return key ? t(key) : code;
};

/** Causes of a false alarm that are offered; another may be typed. The same cause at the same place becomes a proposal. */
export const FALSE_CAUSES: Record<string, TextKey> = {
  zone: 'alerts.causeZone',
  missed: 'alerts.causeMissed',
  occluded: 'alerts.causeOccluded',
  camera: 'alerts.causeCamera',
  roster: 'alerts.causeRoster',
  other: 'alerts.causeOther',
};

/** The word for the reason of a verdict: an excuse, a cause, or what somebody typed. */
export const reasonText = (code: string): string => {
  const key = code === 'appeal' ? 'alerts.causeAppeal' : FALSE_CAUSES[code];
  return key && code !== 'other' ? t(key) : excuseText(code);
};
