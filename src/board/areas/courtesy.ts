import type { CourtesyOutcome } from '../../core/courtesy.js';
import { windowId } from '../../core/ids.js';
import { eventMs } from '../../core/time.js';
import type { Truth } from '../../core/truth.js';
import type { courtesyRoutes } from '../api/contract/courtesy.js';
import type { AnswerOf } from '../api/contract.js';
import type { Hall } from '../hall/hall.js';
import type { HandlersOf } from '../http/call.js';
import type { AlertsLedger } from '../ledgerPort.js';

type Row = Extract<AnswerOf<'getCourtesy'>, { state: 'ready' }>['data'][number];

/** Fewer sessions say nothing of a window. */
const ENOUGH = 20;

/** Polite phrases in sums: no route tells of one session, and no list of windows is ranked by them. */
export function courtesyArea({
  ledger,
  hall,
}: {
  ledger: Pick<AlertsLedger, 'courtesy'>;
  hall: () => Hall;
}): HandlersOf<typeof courtesyRoutes> {
  return {
    getCourtesy: {
      handle({ query }) {
        const { config } = hall();
        if (!config.rules.courtesy.enabled) return { state: 'unavailable', reason: 'switched-off' };
        const windows = config.windows.filter(({ audio }) => audio !== undefined);
        const data = windows.map(({ id }) =>
          rowOf(id, ledger.courtesy.list(windowId(id), eventMs(query.from), eventMs(query.to))),
        );
        return { state: 'ready', data };
      },
    },
  };
}

const rowOf = (window: string, outcomes: readonly CourtesyOutcome[]): Row => ({
  ...{ window, sessions: outcomes.length },
  greeting: shareOf(outcomes.map(({ greeting }) => greeting)),
  farewell: shareOf(outcomes.map(({ farewell }) => farewell)),
  wait: shareOf(outcomes.flatMap(({ wait }) => (wait === 'not-due' ? [] : [wait]))),
});

function shareOf(truths: readonly Truth[]): Row['greeting'] {
  const said = truths.filter((truth) => truth === true).length;
  const unknown = truths.filter((truth) => truth === 'unknown').length;
  const n = truths.length - unknown;
  return { n, said, unknown, share: n < ENOUGH ? null : said / n };
}
