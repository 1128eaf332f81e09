import { incidentSentence, ruleTitle, spokenDuration } from '../../core/i18n/sentence.js';
import { isMessageKey, type Language, translate } from '../../core/i18n/translate.js';
import { parseInstant } from '../../core/time.js';
import type { DeadlineMessage } from '../outbox/deadlineMessage.js';
import type { AlertMessage, CameraMessage } from '../outbox/messages.js';
import type { Payload } from './payload.js';

export interface ChatTextOptions {
  language: Language;
  timeZone: string;
  /** Address of the board for people, without the last slash. */
  boardUrl?: string;
}

/** What a chat tells of: the hall and its cameras, no series of figures. */
export type ChatPayload = Exclude<Payload, { kind: 'measurement' }>;

/**
 * One alert in some lines. Made from the rule's name, the place and the time alone: `detail`, where a rule may keep a
 * word that was said or a person's name, is never read.
 */
export function alertText(message: AlertMessage, options: ChatTextOptions): string {
  const { language, boardUrl } = options;
  const place = [message.subjectName, message.department].filter(Boolean).join(' · ');
  const title = message.priority === 'high' ? 'channel.titleHigh' : 'channel.title';
  const lines = [
    translate(language, title, { rule: ruleTitle(message.rule, language), place }),
    message.rule === 'speech'
      ? translate(language, 'channel.speech')
      : translate(language, `channel.step.${message.step}`, { sentence: sentenceOf(message, language) }),
    translate(language, 'channel.since', { time: timeOf(message.start, options) }),
    translate(language, 'channel.number', { id: message.id }),
    ...(boardUrl ? [translate(language, 'channel.link', { url: `${boardUrl}/alerts/${message.id}` })] : []),
  ];
  return lines.join('\n');
}

const sentenceOf = ({ rule, durationS, coverage, detail }: AlertMessage, language: Language): string =>
  incidentSentence({ rule, durationMs: durationS * 1000, coverage, detail }, language);

/** A deadline that has passed: what waits, since when it is late, and how often that was said. */
export function deadlineText(message: DeadlineMessage, options: ChatTextOptions): string {
  const { language, boardUrl } = options;
  const { id, rule, subjectName, department, priority, track, state, level, dueAt, at } = message;
  const place = [subjectName, department].filter(Boolean).join(' · ');
  const late = parseInstant(at, 'message') - parseInstant(dueAt, 'message');
  const what = track === 'appeal' ? 'channel.deadline.appeal' : 'channel.deadline.state';
  const lines = [
    translate(language, priority === 'high' ? 'channel.deadlineTitleHigh' : 'channel.deadlineTitle', {
      ...{ rule: ruleTitle(rule, language), place },
    }),
    translate(language, what, { state: translate(language, `workflow.state.${state}`) }),
    translate(language, 'channel.deadlineSince', {
      time: timeOf(dueAt, options),
      late: spokenDuration(late, language),
    }),
    ...(level > 1 ? [translate(language, 'channel.deadlineLevel', { level })] : []),
    translate(language, 'channel.number', { id }),
    ...(boardUrl ? [translate(language, 'channel.link', { url: `${boardUrl}/alerts/${id}` })] : []),
  ];
  return lines.join('\n');
}

/** A change of a camera in one line. */
export function cameraText({ camera, findings }: CameraMessage, { language }: ChatTextOptions): string {
  if (findings.length === 0) return translate(language, 'channel.cameraFine', { camera });
  const names = findings.map((finding) => {
    const key = `health.${finding}`;
    return isMessageKey(key) ? translate(language, key) : finding;
  });
  return translate(language, 'channel.camera', { camera, findings: names.join('、') });
}

/** Places named in a digest's line before the rest is only counted. */
const PLACES = 6;

/** Many messages in one: how many of which rule, and where. The newest step of an incident stands for it. */
export function digestText(payloads: readonly ChatPayload[], options: ChatTextOptions): string {
  const { language, boardUrl } = options;
  const newest = new Map<string, AlertMessage>();
  const cameras = new Set<string>();
  const times: string[] = [];
  const notices: string[] = [];
  const late = new Map<string, DeadlineMessage>();
  for (const payload of payloads) {
    times.push(payload.message.at);
    if (payload.kind === 'alert') newest.set(payload.message.id, payload.message);
    else if (payload.kind === 'camera') cameras.add(payload.message.camera);
    else if (payload.kind === 'deadline') late.set(payload.message.id, payload.message);
    else notices.push(payload.message.text);
  }
  times.sort();
  const alerts = [...newest.values()];
  const lines = [...byRule(alerts)].map(([rule, own]) => {
    const places = placesText([...new Set(own.map((alert) => alert.subjectName))], language);
    return translate(language, 'channel.digestLine', { rule: ruleTitle(rule, language), count: own.length, places });
  });
  const count = alerts.length + cameras.size + late.size;
  const head = translate(language, 'channel.digest', {
    ...{ count, high: alerts.filter((alert) => alert.priority === 'high').length },
    ...{ from: timeOf(times[0]!, options), to: timeOf(times.at(-1)!, options) },
  });
  const devices = { count: cameras.size, places: placesText([...cameras], language) };
  const overdue = placesText([...new Set([...late.values()].map((one) => one.subjectName))], language);
  return [
    head,
    ...notices,
    ...lines,
    ...(late.size > 0 ? [translate(language, 'channel.digestDeadlines', { count: late.size, places: overdue })] : []),
    ...(cameras.size > 0 ? [translate(language, 'channel.digestCameras', devices)] : []),
    ...(boardUrl ? [translate(language, 'channel.link', { url: `${boardUrl}/alerts` })] : []),
  ].join('\n');
}

function byRule(alerts: readonly AlertMessage[]): Map<string, AlertMessage[]> {
  const groups = new Map<string, AlertMessage[]>();
  for (const alert of alerts) groups.set(alert.rule, [...(groups.get(alert.rule) ?? []), alert]);
  return groups;
}

function placesText(places: string[], language: Language): string {
  const named = places.slice(0, PLACES).join('、');
  return places.length > PLACES ? translate(language, 'channel.more', { places: named, count: places.length }) : named;
}

/** `10-08 09:12` on the hall's clock. */
function timeOf(iso: string, { timeZone }: ChatTextOptions): string {
  const format = new Intl.DateTimeFormat('zh-CN', {
    ...{ timeZone, hourCycle: 'h23', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  });
  const part: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(parseInstant(iso, 'message'))) part[type] = value;
  return `${part.month}-${part.day} ${part.hour}:${part.minute}`;
}
