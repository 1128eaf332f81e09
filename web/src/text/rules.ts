import { t } from '../i18n.js';
import type { TextKey } from '../locales/all.js';

const names: Record<string, TextKey> = {
  absence: 'alerts.ruleAbsence',
  desk: 'alerts.ruleDesk',
  sealedRoom: 'alerts.ruleSealedRoom',
  'sealedRoom.stranger': 'alerts.ruleSealedStranger',
  'sealedRoom.known': 'alerts.ruleSealedKnown',
  'sealedRoom.wrongRoom': 'alerts.ruleSealedWrongRoom',
  'sealedRoom.headCount': 'alerts.ruleSealedHeadCount',
  'sealedRoom.presence': 'alerts.ruleSealedPresence',
  'sealedRoom.roster': 'alerts.ruleSealedRoster',
  'sealedRoom.unidentified': 'alerts.ruleSealedUnidentified',
  'sealedRoom.reentry': 'alerts.ruleSealedReentry',
  'sealedRoom.late': 'alerts.ruleSealedLate',
  'sealedRoom.seating': 'alerts.ruleSealedSeating',
  'sealedRoom.phone': 'alerts.ruleSealedPhone',
  'sealedRoom.empty': 'alerts.ruleSealedEmpty',
  'sealedRoom.stay': 'alerts.ruleSealedStay',
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
