import type { AbsenceParameters, WindowConfig } from '../core/config/schema.js';
import { type CameraId, cameraId, windowId } from '../core/ids.js';
import type { AlertStep } from '../core/incident.js';
import type { WindowLive } from '../core/live.js';
import type { LabelledBox, Observation } from '../core/observation.js';
import { type EventMs, eventMs } from '../core/time.js';
import { absenceRule, endAbsence } from '../detectors/rules/absence.js';
import type { AbsenceState } from '../detectors/rules/absenceState.js';
import { type CoverageState, coverageSeconds, initialCoverage, stepCoverage } from '../detectors/rules/coverage.js';
import { windowStateOf } from '../detectors/rules/windowState.js';
import { type AttachedRule, liveParts, raisedBy } from './attachedRule.js';
import { type Minute, minuteBook } from './minutes.js';
import { type RuleRunner, ruleRunner } from './ruleRunner.js';
import type { Expectation, SubjectTrack } from './subjectTrack.js';

export interface WindowTrackOptions {
  site: string;
  window: WindowConfig;
  parameters: AbsenceParameters;
  expectedAt(at: EventMs): Expectation;
  /** Local midnight at or before an instant, for "coverage today". */
  midnightOf(at: EventMs): EventMs;
  /** Rules beside absence. */
  attached?: readonly AttachedRule<WindowLive>[];
}

/** A window's track also lets the ledger rebuild its absence rule after a restart. */
export interface WindowTrack extends SubjectTrack {
  readonly absence: RuleRunner<AbsenceState>;
  /** Goes on under other parameters and another roster, from the next observation on. Time already counted stays counted. */
  change(to: Pick<WindowTrackOptions, 'parameters' | 'expectedAt'>): void;
  /**
   * Goes on by zones drawn otherwise, from the next look on: what was seen by the old ones stays seen. `desk` is the rule of
   * a desk that was drawn first; a desk that was rubbed out ends its rule, and the steps of that are returned.
   */
  redraw(window: WindowConfig, at: EventMs, desk: AttachedRule<WindowLive> | undefined): AlertStep[];
}

/** Parameters of a window: the hall's, with what is written at the window itself. */
export const absenceParametersOf = (hall: AbsenceParameters, window: WindowConfig): AbsenceParameters => ({
  ...hall,
  ...window.rules.absence,
});

const ruleOf = (parameters: AbsenceParameters) => ({
  ...absenceRule(parameters, { expectedAtStart: 'unknown' }),
  end: endAbsence,
});

const coverageOptionsOf = ({ minStaff, staleAfter }: AbsenceParameters) => ({
  minStaff,
  staleAfterMs: staleAfter,
  expectedAtStart: 'unknown' as const,
});

interface Today {
  midnight: EventMs;
  observedMs: number;
  unknownMs: number;
}

/** Makes the track of one window. */
export function windowTrack(options: WindowTrackOptions): WindowTrack {
  const { site } = options;
  let { window, attached = [] } = options;
  const subject = windowId(window.id);
  const camera: CameraId = cameraId(window.camera);
  let { expectedAt } = options;
  const rule = ruleOf(options.parameters);
  const absence = ruleRunner(rule, { site, rule: rule.name, ruleVersion: rule.version, subject, camera });
  let coverageOptions = coverageOptionsOf(options.parameters);
  let coverage: CoverageState = initialCoverage(coverageOptions);
  const book = minuteBook();
  let today: Today = { midnight: eventMs(0), observedMs: 0, unknownMs: 0 };
  let counts: Pick<WindowLive, 'staff' | 'citizens'> = { staff: 'unknown', citizens: 'unknown' };
  let reason: string | undefined;
  let incident: AlertStep | undefined;
  let boxes: LabelledBox[] = [];

  const account = (observation: Observation): void => {
    const [next, spans] = stepCoverage(coverage, observation, coverageOptions);
    coverage = next;
    book.add(spans);
    const midnight = options.midnightOf(observation.at);
    if (midnight !== today.midnight) today = { midnight, observedMs: 0, unknownMs: 0 };
    for (const { class: kind, from, to } of spans) {
      const ms = Math.max(0, to - Math.max(from, midnight));
      if (kind === 'present' || kind === 'absent') today.observedMs += ms;
      else if (kind === 'unknown') today.unknownMs += ms;
    }
  };

  const note = ({ kind, value, boxes: seen, reason: why }: Observation): void => {
    if (kind === 'staff' || kind === 'citizens') {
      counts = { ...counts, [kind]: value === 'unknown' ? 'unknown' : Number(value) };
    }
    if (kind === 'staff') boxes = seen ?? [];
    else if (kind === 'citizens') boxes = [...boxes, ...(seen ?? [])];
    if (kind === 'staff' || kind === 'expected') reason = why;
  };

  return {
    subject,
    cameras: [camera],
    get kinds() {
      const own = window.citizenZone.length > 0 ? ['staff', 'citizens'] : ['staff'];
      return [...own, ...attached.flatMap((rule) => rule.kinds)];
    },
    get attached() {
      return attached;
    },
    absence,
    expectedAt: (at) => expectedAt(at),
    change(to) {
      ({ expectedAt } = to);
      coverageOptions = coverageOptionsOf(to.parameters);
      absence.change(ruleOf(to.parameters));
    },
    redraw(next, at, desk) {
      window = next;
      if (next.citizenZone.length === 0) counts = { ...counts, citizens: 'unknown' };
      const isDesk = (rule: AttachedRule<WindowLive>): boolean => rule.kinds.includes('desk');
      const over = desk === undefined ? attached.filter(isDesk) : [];
      const known = attached.some(isDesk);
      attached = [...attached.filter((rule) => !over.includes(rule)), ...(desk && !known ? [desk] : [])];
      return over.flatMap((rule) => rule.end(at));
    },
    foresee: absence.foresee,
    dueBy: (at) => raisedBy(at, subject, [absence, ...attached]),
    derive: (observation) => attached.flatMap((rule) => rule.derive?.(observation) ?? []),
    feed(observation) {
      account(observation);
      note(observation);
      const steps = absence.feed(observation);
      incident = steps.at(-1) ?? incident;
      return [...steps, ...attached.flatMap((rule) => rule.feed(observation))];
    },
    end: (at) => [...absence.end(at), ...attached.flatMap((rule) => rule.end(at))],
    coverage: () => [
      { rule: 'absence', seconds: coverageSeconds(coverage) },
      ...attached.flatMap((rule) => rule.coverage?.() ?? []),
    ],
    minutes: (at): Minute[] => book.take(at),
    boxes: () => [...boxes, ...attached.flatMap((rule) => rule.boxes?.() ?? [])],
    live() {
      const shown = windowStateOf(absence.state()) ?? { state: 'unknown' as const, since: eventMs(0) };
      const expectedMs = today.observedMs + today.unknownMs;
      return {
        type: 'window',
        window: {
          id: windowId(window.id),
          ...shown,
          ...counts,
          ...(reason === undefined ? {} : { reason }),
          ...(expectedMs > 0 ? { coverageToday: today.observedMs / expectedMs } : {}),
          ...(incident && incident.step !== 'ended' ? { incident: incident.id } : {}),
          ...liveParts(attached),
        },
      };
    },
  };
}
