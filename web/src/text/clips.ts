import { t } from '../i18n.js';
import type { TextKey } from '../locales/all.js';
import { findingName } from './findings.js';

const lacks: Record<string, TextKey> = {
  'begins-late': 'evidence.lackLate',
  'ends-early': 'evidence.lackEarly',
  'has-gaps': 'evidence.lackGaps',
  'not-recorded': 'evidence.lackAll',
  'service-down': 'evidence.causeDown',
  'disk-full': 'evidence.causeDisk',
  'stream-gap': 'evidence.causeStream',
};

/** What a clip lacks, or why nothing is recorded, in words; a code the board does not know is shown as it is. */
export const clipNote = (note: string): string =>
  note
    .split(', ')
    .map((code) => (lacks[code] ? t(lacks[code]) : findingName(code)))
    .join(' · ');
