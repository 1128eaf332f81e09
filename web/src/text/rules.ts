import { t } from '../i18n.js';
import type { TextKey } from '../locales/all.js';

const names: Record<string, TextKey> = {
  absence: 'alerts.ruleAbsence',
  desk: 'alerts.ruleDesk',
  sealedRoom: 'alerts.ruleSealedRoom',
  speech: 'alerts.ruleSpeech',
  phoneUse: 'desk.rulePhoneUse',
  sleeping: 'desk.ruleSleeping',
};

/** The name people use for a rule; a plug-in's own name where the board has no word for it. */
export const ruleName = (rule: string): string => {
  const key = names[rule];
  return key ? t(key) : rule;
};

/** Rules a filter offers. */
export const RULES = Object.keys(names);
