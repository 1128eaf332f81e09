import type { Config } from '../core/config/schema.js';
import { incidentSentence } from '../core/i18n/sentence.js';
import { isMessageKey, type Language, translate } from '../core/i18n/translate.js';
import { coverageOf } from '../core/incident.js';
import { isoOf } from '../core/time.js';
import type { Finding } from '../pipeline/analyze.js';

/** A finding as the stable JSON line of `analyze --json`. Instants are ISO 8601 in UTC. */
export function findingJson(finding: Finding): Record<string, unknown> {
  switch (finding.type) {
    case 'alert': {
      const { step } = finding;
      return {
        type: 'alert',
        id: step.id,
        rule: step.rule,
        subject: step.subject,
        step: step.step,
        at: isoOf(step.at),
        start: isoOf(step.start),
        priority: step.priority,
        tier: step.tier,
        ...(step.end === undefined ? {} : { end: isoOf(step.end), endReason: step.endReason }),
        coverage: rounded(coverageOf(step.seen)),
        camera: step.camera,
        ruleVersion: step.ruleVersion,
        ...(step.detail === undefined ? {} : { detail: step.detail }),
      };
    }
    case 'entry': {
      const { at, person, evaluation, ...entry } = finding.entry;
      return { type: 'entry', at: isoOf(at), person: person ?? null, ...entry, evaluation: evaluation ?? null };
    }
    case 'health': {
      const { camera, finding: what, state, at, detail } = finding.event;
      return {
        type: 'health',
        camera,
        finding: what,
        state,
        at: isoOf(at),
        ...(detail === undefined ? {} : { detail }),
      };
    }
    case 'summary':
      return {
        type: 'summary',
        start: isoOf(finding.start),
        end: isoOf(finding.end),
        cameras: finding.recordings.map(({ camera, looks, durationS, truncated }) => ({
          camera,
          looks,
          duration_s: durationS,
          truncated,
        })),
        subjects: finding.subjects.map(({ subject, rule, seconds }) => ({
          subject,
          rule,
          ...seconds,
          coverage: seconds.coverage === null ? null : rounded(seconds.coverage),
        })),
      };
  }
}

const rounded = (share: number): number => Math.round(share * 10_000) / 10_000;
const percent = (share: number): string => (share * 100).toFixed(1).replace(/\.0$/, '');

/** The same for people, in the hall's language. */
export function findingText(finding: Finding, config: Config): string[] {
  const { language } = config;
  switch (finding.type) {
    case 'alert': {
      const { step } = finding;
      const name = nameOf(step.subject, config);
      const spanMs = (step.end ?? step.at) - step.start;
      const { rule, detail } = step;
      const sentence = incidentSentence(
        { rule, durationMs: spanMs, coverage: coverageOf(step.seen), detail },
        language,
      );
      return [
        `${isoOf(step.at)}  ${text(language, `rule.${step.rule}`)}  ${text(language, `step.${step.step}`)}  ${name}  ${sentence}`,
      ];
    }
    case 'entry': {
      const { at, room, kind, name, outcome, place } = finding.entry;
      const who = name === '' ? text(language, `faces.outcome.${outcome}`) : name;
      return [`${isoOf(at)}  ${nameOf(room, config)}  ${text(language, `entry.${kind}`)}  ${who}  ${place}`.trimEnd()];
    }
    case 'health': {
      const { camera, finding: what, state, at, detail } = finding.event;
      const sign = state === 'raised' ? '!' : '-';
      return [`${isoOf(at)}  ${sign} ${camera}  ${text(language, `health.${what}`)}${detail ? `  ${detail}` : ''}`];
    }
    case 'summary':
      return finding.subjects.map(({ subject, rule, seconds }) => {
        const coverage = seconds.coverage === null ? '-' : `${percent(seconds.coverage)} %`;
        const { present_s, absent_s, unknown_s, exempt_s } = seconds;
        const parts = { present_s, absent_s, unknown_s, exempt_s };
        const sums = Object.entries(parts).map(([key, value]) => `${key.replace('_s', '')} ${value} s`);
        return `${nameOf(subject, config)}  ${text(language, `rule.${rule}`)}  coverage ${coverage}  ${sums.join('  ')}`;
      });
  }
}

const text = (language: Language, key: string): string => (isMessageKey(key) ? translate(language, key) : key);

function nameOf(subject: string, config: Config): string {
  const found = [...config.windows, ...config.rooms].find((candidate) => candidate.id === subject);
  return found?.name ?? subject;
}
