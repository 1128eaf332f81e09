import { ref } from 'vue';
import { t } from '../i18n.js';
import { ruleName } from '../text/rules.js';
import { chime } from './sound.js';
import { type Arrival, onArrivals } from './store.js';

/** What the screen reader is told: urgent at once, the rest when it has time. */
export const spoken = ref({ assertive: '', polite: '' });

/** Incidents that came in the last seconds, for a highlight. */
export const recent = ref<ReadonlySet<string>>(new Set());

const HIGHLIGHT_MS = 12_000;
const SPOKEN_ONE_BY_ONE = 3;

const sentence = ({ kind, incident }: Arrival): string => {
  const words = { subject: incident.subjectName, rule: ruleName(incident.rule) };
  if (kind === 'ended') return t('board.alertEnded', words);
  return incident.priority === 'high' ? t('board.newAlertHigh', words) : t('board.newAlert', words);
};

/** A suppressed alert is listed and rings no bell. One sound and one announcement a burst, however many alerts it holds: after a cut nobody wants forty chimes. */
function tell(arrivals: readonly Arrival[]): void {
  const raised = arrivals.filter(
    ({ kind, incident }) => kind !== 'ended' && incident.state !== 'ended' && !incident.suppressed,
  );
  const high = raised.some((arrival) => arrival.incident.priority === 'high');
  if (raised.length > 0) chime(high ? 'high' : 'normal');
  const text =
    arrivals.length > SPOKEN_ONE_BY_ONE
      ? t('shell.openAlerts', { count: raised.length })
      : arrivals
          .filter(({ incident }) => !incident.suppressed)
          .map(sentence)
          .join('。');
  spoken.value = high ? { assertive: text, polite: '' } : { assertive: '', polite: text };
  highlight(raised.map((arrival) => arrival.incident.id));
}

function highlight(ids: readonly string[]): void {
  recent.value = new Set([...recent.value, ...ids]);
  window.setTimeout(() => {
    recent.value = new Set([...recent.value].filter((id) => !ids.includes(id)));
  }, HIGHLIGHT_MS);
}

onArrivals(tell);
