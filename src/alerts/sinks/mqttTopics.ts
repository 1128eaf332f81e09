import { type AlertMessage, type CameraMessage, withoutWords } from '../outbox/messages.js';
import type { Payload } from './payload.js';

/** One MQTT message, sent with QoS 1. */
export interface Publication {
  topic: string;
  payload: string;
  retain: boolean;
}

/** `+`, `#` and `/` mean something in a topic, control characters do not belong in one. Ids have none of them; rule plug-ins might. */
const level = (text: string): string => text.replace(/[+#/\p{Cc}]/gu, '_');

/** Everything of a site is below this. */
export const siteRoot = (site: string): string => `hallwatch/${level(site)}`;

/** Whether the service itself runs; the offline one is also the last will. `at` is wall time, ISO 8601. */
export function siteState(site: string, state: 'online' | 'offline', at?: string): Publication {
  const payload = JSON.stringify({ schema: 1, site, state, ...(at === undefined ? {} : { at }) });
  return { topic: `${siteRoot(site)}/state`, payload, retain: true };
}

/** The state of a camera, kept for late subscribers. */
export const cameraState = (site: string, message: CameraMessage): Publication => ({
  topic: `${siteRoot(site)}/camera/${level(message.camera)}/state`,
  payload: JSON.stringify(message),
  retain: true,
});

/** The alert as long as it lasts: kept for late subscribers, taken away (an empty message) when it has ended. */
export const activeAlert = (site: string, message: AlertMessage): Publication => ({
  topic: `${siteRoot(site)}/alert_active/${level(message.id)}`,
  payload: message.step === 'ended' ? '' : JSON.stringify(withoutWords(message)),
  retain: true,
});

/**
 * A listed word with what was said, apart: a broker gives `speech/#` to the bid supervisor's account alone, and the embedded
 * one to nobody. Never retained.
 */
function spokenWord(site: string, message: AlertMessage): Publication[] {
  if (message.rule !== 'speech') return [];
  const topic = `${siteRoot(site)}/speech/${level(message.subject)}`;
  return [{ topic, payload: JSON.stringify(message), retain: false }];
}

/** What is published for one row, in this order. */
export function publicationsOf(site: string, payload: Exclude<Payload, { kind: 'measurement' }>): Publication[] {
  if (payload.kind === 'camera') return [cameraState(site, payload.message)];
  if (payload.kind === 'deadline') {
    const { rule, subject } = payload.message;
    const late = `${siteRoot(site)}/deadline/${level(rule)}/${level(subject)}`;
    return [{ topic: late, payload: JSON.stringify(payload.message), retain: false }];
  }
  if (payload.kind === 'notice') {
    return [{ topic: `${siteRoot(site)}/notice`, payload: JSON.stringify(payload.message), retain: false }];
  }
  const { message } = payload;
  const topic = `${siteRoot(site)}/alert/${level(message.rule)}/${level(message.subject)}`;
  const open = { topic, payload: JSON.stringify(withoutWords(message)), retain: false };
  return [open, ...spokenWord(site, message), activeAlert(site, message)];
}
