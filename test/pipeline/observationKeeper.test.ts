import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/core/config/load.js';
import { subjectId } from '../../src/core/ids.js';
import { silentLogger } from '../../src/core/log.js';
import { eventMs } from '../../src/core/time.js';
import { observationKeeper } from '../../src/pipeline/observationKeeper.js';
import { HALL_YAML } from '../board/support/hall.js';
import { fakeClock } from '../support/fakeClock.js';
import { alertStep, endStep, testLedger } from '../support/ledger.js';

const DAY_MS = 86_400_000;
const SUBJECT = subjectId('W01');
const config = parseConfig(`${HALL_YAML}storage: { keepObservations: 62d }\n`, 'hall.yaml');

/** Looks each hour of September and October; an incident on 8 October from 10:00 to 10:20; November begins. */
function hall() {
  const clock = fakeClock(Date.UTC(2026, 10, 1));
  const ledger = testLedger(':memory:', { clock });
  for (let at = Date.UTC(2026, 8, 1); at < Date.UTC(2026, 10, 1); at += 3_600_000) {
    ledger.observations.append({ subject: SUBJECT, kind: 'staff', at: eventMs(at), value: 1 });
    ledger.observations.append({ subject: SUBJECT, kind: 'citizens', at: eventMs(at + 60_000), value: 0 });
  }
  ledger.observations.flush();
  ledger.commitStep(alertStep(1), []);
  ledger.commitStep(endStep(1), []);
  const freeze = (month: string) => ledger.months.freeze({ month, by: 'u1', figures: '{}' });
  const left = () =>
    ledger.observations
      .runsOf(SUBJECT, ['staff', 'citizens'], eventMs(0), eventMs(Date.UTC(2027, 5, 1)))
      .map(({ firstAt }) => new Date(firstAt).toISOString().slice(0, 13));
  const open = () =>
    observationKeeper({ config, ledger, eventNow: () => eventMs(clock.now()), clock, log: silentLogger });
  return { clock, ledger, freeze, left, open };
}

describe('observations that are too old', () => {
  it('go a month at a time, once the month is frozen and wholly past the time kept', async () => {
    const { clock, freeze, left, open } = hall();
    const keeper = open();
    const all = left().length;
    expect(all).toBe(61 * 24 * 2);
    // Two months after its end, but not frozen: its figures are still made from them.
    await clock.advance(40 * DAY_MS);
    expect(left()).toHaveLength(all);
    freeze('2026-09');
    await clock.advance(6 * 3_600_000 + 60_000);
    // September on the hall's clock ends at 16:00 UTC; October is frozen too, but not past the 62 days.
    freeze('2026-10');
    expect(left()[0]).toBe('2026-09-30T16');
    await keeper.stop();
  });

  it('never go where they explain an incident', async () => {
    const { clock, freeze, left, open } = hall();
    for (const month of ['2026-09', '2026-10']) freeze(month);
    const keeper = open();
    await clock.advance(70 * DAY_MS);
    expect(left().filter((hour) => hour < '2026-10-31T16')).toEqual(['2026-10-08T02', '2026-10-08T02']);
    await keeper.stop();
  });
});
