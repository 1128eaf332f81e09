import type { z } from 'zod';
import type { IncidentRecord } from '../../alerts/ledger/incidents.js';
import { deadlineOf } from '../../alerts/workflow/deadlines.js';
import type { Clock } from '../../core/clock.js';
import { incidentSentence } from '../../core/i18n/sentence.js';
import type { Language } from '../../core/i18n/translate.js';
import { coverageOf } from '../../core/incident.js';
import type { LiveHub } from '../../core/live.js';
import type { IncidentObject } from '../access/objects.js';
import type { incidentSummary } from '../api/contract/incidentFacts.js';
import type { Posts } from '../duty/posts.js';
import type { Hall } from '../hall/hall.js';
import type { IncidentIndex } from './incidentIndex.js';
import type { People } from './people.js';
import type { Suppressions } from './suppressions.js';

export type IncidentSummary = z.output<typeof incidentSummary>;

export interface IncidentView {
  summary(record: IncidentRecord, language: Language): IncidentSummary;
  /** The facts the policy asks about. */
  object(record: IncidentRecord): IncidentObject;
  /** Newest event time, or the incident's own where nothing was seen yet. */
  endMs(record: IncidentRecord): number;
  overdue(record: IncidentRecord): boolean;
}

export interface IncidentViewDeps {
  index: IncidentIndex;
  hall: () => Hall;
  posts: Posts;
  people: People;
  live: Pick<LiveHub, 'snapshot'>;
  suppressions: Pick<Suppressions, 'covers'>;
  clock: Clock;
}

/** Turns a record of the ledger into what people and the policy see of it. */
export function incidentView({
  index,
  hall,
  posts,
  people,
  live,
  suppressions,
  clock,
}: IncidentViewDeps): IncidentView {
  const endMs = (record: IncidentRecord): number => record.end ?? Math.max(record.start, live.snapshot().at);
  const overdue = (record: IncidentRecord): boolean => {
    const deadline = deadlineOf(index.loopOf(record.id));
    return deadline !== undefined && clock.now() > deadline;
  };

  const workflow = (record: IncidentRecord, language: Language): IncidentSummary['workflow'] => {
    const loop = index.loopOf(record.id);
    return {
      state: loop.state,
      steps: loop.steps,
      verdict: loop.verdict?.verdict ?? null,
      assignee: loop.assignee === null ? null : people(loop.assignee, language),
      deadline: deadlineOf(loop) ?? null,
      overdue: overdue(record),
      escalation: Math.max(loop.escalation, loop.appealEscalation),
      appeal: loop.appeal?.state ?? null,
    };
  };

  return {
    endMs,
    overdue,
    object(record) {
      const loop = index.loopOf(record.id);
      return {
        kind: 'incident',
        id: record.id,
        rule: record.rule,
        subjectKind: hall().subject(record.subject).kind,
        about: posts.usersAt(record.subject, record.start, endMs(record) + 1),
        assignee: loop.assignee ?? undefined,
        judges: loop.judges,
      };
    },
    summary(record, language) {
      const subject = hall().subject(record.subject);
      const coverage = coverageOf(record.seen);
      const durationMs = endMs(record) - record.start;
      return {
        id: record.id,
        rule: record.rule,
        ruleVersion: record.ruleVersion,
        subject: record.subject,
        subjectKind: subject.kind,
        subjectName: subject.name,
        department: subject.department,
        area: subject.area,
        camera: record.camera ?? null,
        state: record.state,
        start: record.start,
        end: record.end ?? null,
        endReason: record.endReason ?? null,
        durationMs,
        priority: record.priority,
        tier: record.tier,
        coverage,
        partlyObserved: record.seen.unknownMs > 0,
        detail: record.detail ?? {},
        seq: record.lastSeq,
        suppressed: suppressions.covers(record),
        sentence: incidentSentence({ rule: record.rule, durationMs, coverage, detail: record.detail }, language),
        workflow: workflow(record, language),
      };
    },
  };
}
