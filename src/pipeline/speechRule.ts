import { initialMachine, restoreMachines } from '../alerts/machine/machineState.js';
import { stepMachine } from '../alerts/machine/stepMachine.js';
import type { Config, RoomConfig } from '../core/config/schema.js';
import { cameraId, roomId } from '../core/ids.js';
import type { AlertStep } from '../core/incident.js';
import type { RoomLive } from '../core/live.js';
import type { Observation } from '../core/observation.js';
import { spokenPart } from '../core/spokenPart.js';
import { type EventMs, eventMs, plusMs } from '../core/time.js';
import { type CoverageState, coverageSeconds, initialCoverage, stepCoverage } from '../detectors/rules/coverage.js';
import { AFTER_MS, type SpeechWordState, speechWordRule } from '../detectors/rules/speechWord.js';
import type { AttachedRule, RestoreContext } from './attachedRule.js';
import { type RuleRunner, ruleRunner } from './ruleRunner.js';

/** Sound that nobody reported for this long is not listened to any more. */
const STALE_AFTER_MS = 15_000;
/** How long what was said is remembered: the longest incident with what stands around it. */
const REMEMBERED_MS = 120_000;
/** Longest transcript on one side of a hit, characters. */
const LONGEST_CONTEXT = 200;

interface Said {
  start: EventMs;
  end: EventMs;
  text: string;
}

/** The spoken words of one room as a rule of its track: nothing where the hall does not listen. */
export function speechRules(config: Config, room: RoomConfig): AttachedRule<RoomLive>[] {
  return config.rules.speech.enabled ? [speechRoom(config, room)] : [];
}

/**
 * Hears `speech` (a hit), `transcript` (what was said, for the hits around it) and `listening` (whether anybody listens)
 * observations. Each word has a machine of its own, so that two words in one sentence are two incidents.
 */
function speechRoom(config: Config, room: RoomConfig): AttachedRule<RoomLive> {
  const rule = speechWordRule({ mergeWithin: config.rules.speech.mergeWithin, fuzzy: config.rules.speech.fuzzy });
  const context = {
    ...{ site: config.site.id, rule: rule.name, ruleVersion: rule.version, subject: roomId(room.id) },
    camera: cameraId(room.cameras[0]!),
  };
  const words = new Map<string, RuleRunner<SpeechWordState>>();
  const starts = new Map<number, string>();
  const coverageOptions = { minStaff: 1, staleAfterMs: STALE_AFTER_MS };
  let coverage: CoverageState = initialCoverage(coverageOptions);
  let said: Said[] = [];
  let listening: { speech: RoomLive['speech']; reason: string | undefined; at: EventMs } = {
    ...{ speech: 'off', reason: room.audio === undefined && !room.microphone ? 'no-microphone' : 'starting' },
    at: eventMs(0),
  };

  const around = (from: number, to: number): string =>
    said
      .filter(({ start, end }) => start < to && end > from)
      .map((one) => spokenPart(one, { from, to }))
      .join(' ')
      .trim();

  /** The last step of an incident tells how often the word was said, and what stood around it. */
  const completed = (step: AlertStep, { open }: SpeechWordState): AlertStep => {
    if (step.step !== 'ended' || !open) return step;
    const before = around(open.start - AFTER_MS, open.start).slice(-LONGEST_CONTEXT);
    const after = around(open.lastEnd, open.lastEnd + AFTER_MS).slice(0, LONGEST_CONTEXT);
    return { ...step, detail: { ...open.detail, count: open.count, before, after } };
  };

  const feedWord = (runner: RuleRunner<SpeechWordState>, observation: Observation): AlertStep[] => {
    const state = runner.state();
    return runner.feed(observation).map((step) => completed(step, state));
  };

  /** Two words that begin at the same instant must not become one incident. */
  const withOwnStart = (hit: Observation): Observation => {
    const word = String(hit.facts?.word);
    let start = Number(hit.facts?.start ?? hit.at);
    while (starts.has(start) && starts.get(start) !== word) start += 1;
    starts.set(start, word);
    for (const [known] of starts) if (known < start - REMEMBERED_MS) starts.delete(known);
    return { ...hit, facts: { ...hit.facts, start } };
  };

  const hearHit = (observation: Observation): AlertStep[] => {
    const word = String(observation.facts?.word);
    const runner = words.get(word) ?? ruleRunner(rule, context);
    words.set(word, runner);
    return feedWord(runner, withOwnStart(observation));
  };

  const note = (observation: Observation): void => {
    const { kind, at, value, reason, facts } = observation;
    if (kind === 'transcript') {
      said = said.filter(({ end }) => end > at - REMEMBERED_MS);
      said.push({ start: eventMs(Number(facts?.start)), end: at, text: String(facts?.text ?? '') });
    } else if (kind === 'listening') {
      const speech = value === true ? (reason === 'demo-model' ? 'demo' : 'listening') : 'off';
      listening = { speech, reason, at };
    } else if (kind === 'tick' && listening.speech !== 'off' && at > plusMs(listening.at, STALE_AFTER_MS)) {
      listening = { speech: 'off', reason: 'no-sound', at };
    }
  };

  return {
    rules: [rule],
    // What sound gives turns unknown by its own observations, not with the camera.
    kinds: [],
    feed(observation) {
      const heard = observation.kind === 'listening' ? { ...observation, kind: 'staff' } : observation;
      if (observation.kind === 'tick' || observation.kind === 'listening' || observation.kind === 'expected') {
        coverage = stepCoverage(coverage, heardCount(heard), coverageOptions)[0];
      }
      note(observation);
      if (observation.kind === 'speech') return hearHit(observation);
      if (observation.kind !== 'tick') return [];
      return [...words.values()].flatMap((runner) => feedWord(runner, observation));
    },
    end: (at) =>
      [...words.values()].flatMap((runner) => {
        const state = runner.state();
        return runner.end(at).map((step) => completed(step, state));
      }),
    restore: (restored) => endInterrupted(restored, context),
    coverage: () => [{ rule: 'speech', seconds: coverageSeconds(coverage) }],
    live: () => ({
      speech: listening.speech,
      ...(listening.reason === undefined ? {} : { speechReason: listening.reason }),
    }),
  };
}

/** Listened to counts as seen, everything else as unknown: a room is never "absent" from its own sound. */
const heardCount = (observation: Observation): Observation =>
  observation.kind === 'staff' ? { ...observation, value: observation.value === true ? 1 : 'unknown' } : observation;

/** A restart ends the words that were being counted: what was said after is no longer known. */
function endInterrupted({ ledger, newest }: RestoreContext, context: Parameters<typeof stepMachine>[2]): AlertStep[] {
  const mine = ledger
    .openIncidents()
    .filter(({ subject, rule }) => subject === context.subject && rule === context.rule);
  return mine.flatMap(({ id }) => {
    const last = ledger.stepsOf(id).at(-1)?.step;
    if (!last) return [];
    const [machine = initialMachine] = restoreMachines([last]).values();
    const end = eventMs(Number(last.detail?.hit_end ?? last.start));
    const event = {
      type: 'end' as const,
      at: newest,
      start: last.start,
      end,
      reason: 'returned' as const,
      seen: last.seen,
    };
    const [, decision] = stepMachine(machine, event, context);
    return decision.type === 'steps' ? decision.steps : [];
  });
}
