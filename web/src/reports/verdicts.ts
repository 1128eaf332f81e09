import { t } from '../i18n.js';
import type { TextKey } from '../locales/all.js';

const NAMES: Record<'confirmed' | 'excused' | 'false-alarm' | 'cannot-tell', TextKey> = {
  confirmed: 'reports.confirmed',
  excused: 'reports.excused',
  'false-alarm': 'reports.falseAlarm',
  'cannot-tell': 'reports.cannotTell',
};

/** What a person said of an alert; "not judged" for null. */
export const verdictText = (verdict: keyof typeof NAMES | null): string =>
  t(verdict === null ? 'reports.pending' : NAMES[verdict]);
