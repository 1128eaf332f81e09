import { t } from '../i18n.js';
import type { TextKey } from '../locales/all.js';
import { findingText } from './findings.js';

const reasons: Record<string, TextKey> = {
  ...findingText,
  stale: 'board.reasonStale',
  starting: 'board.reasonStarting',
  'closed-day': 'board.reasonClosed',
  holiday: 'board.reasonHoliday',
  weekend: 'board.reasonWeekend',
  'off-day': 'board.reasonOffDay',
  'off-shift': 'board.reasonHours',
  lunch: 'board.reasonLunch',
  standby: 'board.reasonStandby',
  always: 'board.reasonAlways',
  shift: 'board.reasonShift',
  'workday-unverified': 'board.reasonUnverified',
  'no-microphone': 'board.reasonNoMicrophone',
  'no-sound': 'board.reasonNoSound',
  'no-sound-track': 'board.reasonNoSoundTrack',
  'no-words': 'board.reasonNoWordsYet',
  'switched-off': 'board.reasonSwitchedOff',
  'model-damaged': 'board.reasonModelDamaged',
  'engine-starting': 'board.reasonEngineStarting',
  'engine-crashed': 'board.reasonEngineCrashed',
  'engine-silent': 'board.reasonEngineSilent',
  'engine-failed': 'board.reasonEngineFailed',
  'no-recognition': 'board.reasonNoRecognition',
  'no-model': 'board.reasonNoModel',
  'demo-model': 'board.reasonDemoModel',
  overload: 'board.reasonOverload',
  'no-audio': 'board.reasonNoAudio',
  'no-room-sessions': 'board.reasonNoSessions',
  'no-roster': 'board.reasonNoRoster',
  'no-entries': 'board.reasonNoEntries',
  'no-transcript': 'board.reasonNoTranscript',
  'no-engine': 'board.reasonNoEngine',
  'no-word-list': 'board.reasonNoWords',
  'no-backtest': 'board.reasonNoBacktest',
  'no-models': 'board.reasonNoModels',
  'disk-unreadable': 'board.reasonDisk',
  'disk-full': 'board.reasonDiskFull',
  storage: 'board.reasonStorage',
  'service-down': 'board.reasonServiceDown',
  'unknown-token': 'board.reasonUnknownToken',
};

/** A short word for a reason code; the code itself where the board has no word, so that nothing is hidden. */
export const reasonOf = (code: string): string => {
  const key = reasons[code];
  return key ? t(key) : code;
};
