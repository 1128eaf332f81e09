import { type Language, type MessageKey, type MessageParameters, translate } from '../../core/i18n/translate.js';
import type { MonthReport } from '../month/monthReport.js';
import { percentText, type SummarySentence } from './document.js';

type Path = [path: string, value: number | string | null];

/**
 * The month in plain sentences, from templates; each names the figures it comes from. A sentence that nothing supports is
 * left out.
 */
export function summaryOf(report: MonthReport, language: Language): SummarySentence[] {
  const say = (key: MessageKey, parameters: MessageParameters, ...figures: Path[]): SummarySentence => ({
    text: translate(language, key, parameters),
    figures: figures.map(([path, value]) => ({ path, value })),
  });
  return [
    scope(report, say),
    presence(report, say, language),
    ...clean(report, say),
    ...incidents(report, say),
    ...ranking(report, say, language),
    ...handling(report, say, language),
    ...rooms(report, say),
  ];
}

type Say = (key: MessageKey, parameters: MessageParameters, ...figures: Path[]) => SummarySentence;

const hoursText = (seconds: number): string => (seconds / 3600).toFixed(1);
const shareText = (share: number | null): string => (share === null ? '—' : percentText(share));

function scope({ figures }: MonthReport, say: Say): SummarySentence {
  const { hall, days, workingDays, month } = figures;
  const { scheduledS, observedS, coverage } = hall.time;
  return say(
    'report.sum.scope',
    {
      ...{ month: Number(month.slice(5)), days, workingDays, windows: hall.windows },
      ...{ scheduled: hoursText(scheduledS), observed: hoursText(observedS), coverage: shareText(coverage) },
    },
    ['days', days],
    ['workingDays', workingDays],
    ['hall.windows', hall.windows],
    ['hall.time.scheduledS', scheduledS],
    ['hall.time.observedS', observedS],
    ['hall.time.coverage', coverage],
  );
}

function presence({ figures, previous }: MonthReport, say: Say, language: Language): SummarySentence {
  const { presence: share, coverage } = figures.hall.time;
  if (share.value === null) {
    return say('report.sum.withheld', { coverage: shareText(coverage) }, ['hall.time.coverage', coverage]);
  }
  const before = previous?.hall.presence.value ?? null;
  const points = before === null ? 0 : (share.value - before) * 100;
  const change =
    before === null
      ? ''
      : translate(language, 'report.sum.change', {
          direction: translate(language, points < 0 ? 'report.sum.down' : 'report.sum.up'),
          points: Math.abs(points).toFixed(1),
        });
  return say(
    'report.sum.presence',
    { presence: percentText(share.value), change },
    ['hall.time.presence.value', share.value],
    ...(before === null ? [] : [['previous.hall.presence.value', before] as Path]),
  );
}

function clean({ figures }: MonthReport, say: Say): SummarySentence[] {
  const { value, low, high, part, whole } = figures.hall.clean;
  if (value === null || low === null || high === null) return [];
  const rate = { rate: percentText(value), low: percentText(low), high: percentText(high) };
  return [
    say(
      'report.sum.clean',
      { part, whole, ...rate },
      ['hall.clean.part', part],
      ['hall.clean.whole', whole],
      ['hall.clean.value', value],
      ['hall.clean.low', low],
      ['hall.clean.high', high],
    ),
  ];
}

function incidents({ figures }: MonthReport, say: Say): SummarySentence[] {
  const { counts } = figures.hall.incidents;
  const { confirmed, ...others } = counts;
  const { unexcusedS } = figures.hall.time;
  const first = say(
    'report.sum.confirmed',
    { confirmed, unexcused: hoursText(unexcusedS) },
    ['hall.incidents.counts.confirmed', confirmed],
    ['hall.time.unexcusedS', unexcusedS],
  );
  const paths = Object.entries(others).map(([key, value]): Path => [`hall.incidents.counts.${key}`, value]);
  return [first, say('report.sum.not-counted', others, ...paths)];
}

function ranking({ figures }: MonthReport, say: Say, language: Language): SummarySentence[] {
  const places = figures.ranking.windows;
  const ranked = places.filter(({ place }) => place !== null);
  const best = ranked.filter(({ place }) => place === 1).length;
  const most = Math.max(0, ...figures.windows.map(({ incidents: own }) => own.counts.confirmed));
  const names = figures.windows.filter(({ incidents: own }) => own.counts.confirmed === most).map(({ name }) => name);
  const unranked = { coverage: 0, few: 0, exposure: 0 };
  for (const place of places) if (place.unranked) unranked[place.unranked] += 1;
  const n = places.length - ranked.length;
  const shown = language === 'en' ? names.slice(0, 5).join(', ') : names.slice(0, 5).join('、');
  return [
    ...(ranked.length > 1
      ? [
          say(
            'report.sum.best',
            { n: ranked.length, k: best },
            ['ranking.windows.length', ranked.length],
            ['ranking.windows.place=1', best],
          ),
        ]
      : []),
    // Beyond a handful nobody stands out.
    ...(most > 0 && names.length <= 5
      ? [say('report.sum.attention', { names: shown, count: most }, ['windows.incidents.counts.confirmed', most])]
      : []),
    ...(n > 0
      ? [
          say(
            'report.sum.unranked',
            { n, ...unranked },
            ...Object.entries(unranked).map(([why, value]): Path => [`ranking.windows.unranked=${why}`, value]),
          ),
        ]
      : []),
  ];
}

/** Seconds as people say them. */
function spanText(seconds: number, language: Language): string {
  if (seconds < 3600) return `${Math.round(seconds / 60)}${language === 'en' ? ' min' : '分钟'}`;
  return `${(seconds / 3600).toFixed(1)}${language === 'en' ? ' h' : '小时'}`;
}

function handling({ figures }: MonthReport, say: Say, language: Language): SummarySentence[] {
  const { handling: times, appeals } = figures.hall.incidents;
  const decided = appeals.upheld + appeals.overturned + appeals.corrected;
  const changed = appeals.overturned + appeals.corrected;
  return [
    ...(times.medianS !== null && times.p90S !== null
      ? [
          say(
            'report.sum.handling',
            {
              finished: times.finished,
              median: spanText(times.medianS, language),
              p90: spanText(times.p90S, language),
            },
            ['hall.incidents.handling.finished', times.finished],
            ['hall.incidents.handling.medianS', times.medianS],
            ['hall.incidents.handling.p90S', times.p90S],
          ),
        ]
      : []),
    ...(appeals.filed > 0
      ? [
          say(
            'report.sum.appeals',
            { filed: appeals.filed, decided, changed },
            ['hall.incidents.appeals.filed', appeals.filed],
            ['hall.incidents.overturnRate.whole', decided],
            ['hall.incidents.overturnRate.part', changed],
          ),
        ]
      : []),
  ];
}

function rooms({ figures, corrections }: MonthReport, say: Say): SummarySentence[] {
  const { sessions, incidents: own } = figures.rooms;
  const { confirmed } = own.counts;
  const n = corrections.list.length;
  return [
    ...(sessions > 0
      ? [
          say(
            'report.sum.evaluations',
            { sessions, confirmed },
            ['rooms.sessions', sessions],
            ['rooms.incidents.counts.confirmed', confirmed],
          ),
        ]
      : []),
    ...(n > 0 ? [say('report.sum.corrections', { n }, ['corrections.list.length', n])] : []),
  ];
}
