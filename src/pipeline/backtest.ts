import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { BacktestRequest, BacktestResult, BacktestSpan } from '../board/ports.js';
import type { DutySpan } from '../core/calendar/openingHours.js';
import type { AbsenceParameters, Config } from '../core/config/schema.js';
import { AppError } from '../core/errors.js';
import type { SubjectId, WindowId } from '../core/ids.js';
import type { Observation } from '../core/observation.js';
import { absenceRule, endAbsence } from '../detectors/rules/absence.js';
import { coverageSeconds, initialCoverage, stepCoverage } from '../detectors/rules/coverage.js';
import { observationsOfRuns, rebuildRule } from '../detectors/rules/rebuild.js';
import { hallTracks } from './hallTracks.js';
import { withRoster } from './restoreTracks.js';
import { absenceParametersOf, type WindowTrack } from './windowTrack.js';

export interface BacktestOptions extends BacktestRequest {
  config: Config;
  ledger: Pick<Ledger, 'observations' | 'leaves'>;
}

/**
 * What the absence rule would have said over stored observations with other parameters, beside what it says with those
 * in force. Pure over the ledger: nothing is written, nobody is told.
 * @throws AppError `unsupported` for another rule, `not-found` for a window that does not exist
 */
export function backtestAbsence(options: BacktestOptions): BacktestResult {
  const { config, ledger, from, to } = options;
  if (options.rule !== 'absence')
    throw new AppError('unsupported', `back-test of ${options.rule}: no stored observations to test it on`);
  const registered = (window: WindowId): DutySpan[] => ledger.leaves.of(window, from, to);
  const windows = hallTracks(config, registered).windows.filter(
    (window) => options.window === undefined || window.subject === options.window,
  );
  if (windows.length === 0) throw new AppError('not-found', `back-test: window ${options.window}: not configured`);

  const before: BacktestSpan[] = [];
  const after: BacktestSpan[] = [];
  let observedS = 0;
  let unknownS = 0;
  for (const track of windows) {
    const window = config.windows.find((candidate) => candidate.id === track.subject)!;
    const now = absenceParametersOf(config.rules.absence, window);
    const then: AbsenceParameters = { ...now, ...(options.parameters as Partial<AbsenceParameters>) };
    const runs = ledger.observations.runsOf(track.subject, ['staff', 'citizens'], from, to);
    const looks = observationsOfRuns(track.subject, runs, now.staleAfter).filter((o) => o.at >= from && o.at <= to);
    const observations = withRoster(track, looks, from);
    before.push(...spansOf(track, observations, { parameters: now, to }));
    after.push(...spansOf(track, observations, { parameters: then, to }));
    const seen = coverageIn(observations, now);
    observedS += seen.observed_s;
    unknownS += seen.unknown_s;
  }
  const same = (a: BacktestSpan) => (b: BacktestSpan) => a.subject === b.subject && a.start === b.start;
  return {
    before: before.length,
    after: after.length,
    added: after.filter((span) => !before.some(same(span))),
    removed: before.filter((span) => !after.some(same(span))),
    coverage: observedS + unknownS > 0 ? observedS / (observedS + unknownS) : 0,
  };
}

function coverageIn(observations: readonly Observation[], { minStaff, staleAfter }: AbsenceParameters) {
  const coverage = { minStaff, staleAfterMs: staleAfter, expectedAtStart: 'unknown' as const };
  let state = initialCoverage(coverage);
  for (const observation of observations) [state] = stepCoverage(state, observation, coverage);
  return coverageSeconds(state);
}

function spansOf(
  track: WindowTrack,
  observations: readonly Observation[],
  { parameters, to }: { parameters: AbsenceParameters; to: BacktestRequest['to'] },
): BacktestSpan[] {
  const rule = absenceRule(parameters, { expectedAtStart: 'unknown' });
  const [state, told] = rebuildRule(rule, observations);
  const events = [...told, ...endAbsence(state, to)[1]];
  const ends = new Map(events.filter((event) => event.type === 'end').map((event) => [event.start, event.end]));
  return events
    .filter((event) => event.type === 'raise')
    .map(({ start }) => ({ subject: track.subject as SubjectId, start, end: ends.get(start) ?? null }));
}
