import { t } from '../i18n.js';
import type { TextKey } from '../locales/all.js';

/** `98.8%`, or a dash where nothing is printed. */
export const percent = (share: number | null): string => (share === null ? '–' : `${(share * 100).toFixed(1)}%`);

interface Withholdable {
  value: number | null;
  withheld: 'coverage' | 'nothing' | null;
}

/** A rate, or why it is not printed. */
export const rateText = ({ value, withheld }: Withholdable): string =>
  withheld === 'coverage' ? t('reports.lowCoverage') : percent(value);

/** Seconds as hours with one digit. */
export const hoursText = (seconds: number): string => (seconds / 3600).toFixed(1);

const UNRANKED: Record<'coverage' | 'few' | 'exposure', TextKey> = {
  coverage: 'reports.unrankedCoverage',
  few: 'reports.unrankedFew',
  exposure: 'reports.unrankedExposure',
};

/** A place, or why there is none. */
export const placeText = (place: number | null, unranked: 'coverage' | 'few' | 'exposure' | null): string =>
  place !== null ? String(place) : unranked ? t(UNRANKED[unranked]) : '–';
