import type { CameraFinding } from '../../../src/core/health.js';
import { blinds } from '../../../src/core/health.js';
import { t } from '../i18n.js';
import type { TextKey } from '../locales/all.js';

/** The word for each health finding of a camera. */
export const findingText: Record<CameraFinding, TextKey> = {
  offline: 'cameras.findOffline',
  flapping: 'cameras.findFlapping',
  'auth-failed': 'cameras.findAuth',
  frozen: 'cameras.findFrozen',
  covered: 'cameras.findCovered',
  dark: 'cameras.findDark',
  moved: 'cameras.findMoved',
  'out-of-focus': 'cameras.findFocus',
  clock: 'cameras.findClock',
  'low-rate': 'cameras.findRate',
  'long-gop': 'cameras.findGop',
  garbage: 'cameras.findGarbage',
  'detector-behind': 'cameras.findBehind',
  'small-faces': 'cameras.findSmallFaces',
  'no-sound': 'cameras.findNoSound',
  mute: 'cameras.findMute',
  'too-quiet': 'cameras.findQuiet',
  clipping: 'cameras.findClipping',
};

const isFinding = (code: string): code is CameraFinding => Object.hasOwn(findingText, code);

/** The word for a finding; the code itself where the board is older than the server. */
export const findingName = (code: string): string => (isFinding(code) ? t(findingText[code]) : code);

/** Whether the picture tells nothing while this lasts. A finding the board does not know is taken to be one that blinds. */
export const blinding = (code: string): boolean => !isFinding(code) || blinds(code);
